import QueueModel
import Testing

/// What AddPermission and RemovePermission make of a Policy.
struct QueuePolicyTests {
    private let queueArn: QueueARN
    private let own = #"{ "Version": "2012-10-17", "Statement": { "Sid":"mine", "a": [1.50, "},{\"]"] } , "Z" : 1 }"#

    init() throws {
        queueArn = try #require(QueueARN("arn:aws:sqs:us-east-1:000000000000:orders"))
    }

    private func adding(
        _ label: String,
        accounts: [String] = ["111122223333"],
        actions: [String] = ["ReceiveMessage"],
        to policy: String?
    ) throws -> String {
        try QueuePolicy.adding(
            label: label,
            awsAccountIds: accounts,
            actions: actions,
            queueArn: queueArn,
            to: policy
        )
    }

    @Test func `the first permission makes the policy that AWS writes`() throws {
        #expect(
            try adding("L", to: nil)
                == #"{"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:000000000000:orders/SQSDefaultPolicy","#
                + #""Statement":[{"Sid":"L","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"#
                + #""Action":"SQS:ReceiveMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:orders"}]}"#
        )
    }

    @Test func `several accounts and actions are lists`() throws {
        let policy = try adding("L", accounts: ["1", "2"], actions: ["SendMessage", "*"], to: nil)
        #expect(policy.contains(#""Principal":{"AWS":["arn:aws:iam::1:root","arn:aws:iam::2:root"]}"#))
        #expect(policy.contains(#""Action":["SQS:SendMessage","SQS:*"]"#))
    }

    @Test func `a label is there only once`() throws {
        let policy = try adding("L", to: nil)
        #expect(
            throws: SQSError.invalidParameterValue("Value L for parameter Label is invalid. Reason: Already exists.")
        ) {
            try adding("L", to: policy)
        }
    }

    @Test func `what is removed is what was added`() throws {
        let first = try adding("A", to: nil)
        let both = try adding("B", actions: ["*"], to: first)
        #expect(try QueuePolicy.removing(label: "B", from: both) == first)
        #expect(try QueuePolicy.removing(label: "A", from: first) == nil)
    }

    @Test(arguments: [nil, #"{"Statement":[]}"#, #"{"Statement":[{"Sid":"other"}]}"#])
    func `an unknown label can't be removed`(policy: String?) {
        #expect(
            throws: SQSError.invalidParameterValue("Value L for parameter Label is invalid. Reason: can't find label.")
        ) {
            try QueuePolicy.removing(label: "L", from: policy)
        }
    }

    @Test func `a user's own statements stay to the letter`() throws {
        let policy = try adding("L", to: own)
        #expect(policy.hasPrefix(#"{"Version":"2012-10-17","Statement":[{ "Sid":"mine", "a": [1.50, "},{\"]"] },{"#))
        #expect(policy.hasSuffix(#"}],"Z":1}"#))
        #expect(
            try QueuePolicy.removing(label: "L", from: policy)
                == #"{"Version":"2012-10-17","Statement":[{ "Sid":"mine", "a": [1.50, "},{\"]"] }],"Z":1}"#
        )
        #expect(try QueuePolicy.removing(label: "mine", from: own) == nil)
    }

    @Test func `statements are found under an escaped name and with an escaped label`() throws {
        let policy = #"{"Sta\u0074ement":[{"Sid":"\u004C"},{"Sid":"M"}]}"#
        #expect(try QueuePolicy.removing(label: "L", from: policy) == #"{"Sta\u0074ement":[{"Sid":"M"}]}"#)
    }

    @Test func `a full policy takes no further permission`() throws {
        var policy: String?
        for index in 0..<20 { policy = try adding("L\(index)", to: policy) }
        #expect(throws: SQSError.tooManyPermissions) { try adding("last", to: policy) }
        #expect(throws: SQSError.tooManyPermissions) {
            try adding("last", to: #"{"Statement":[],"Id":"\#(String(repeating: "x", count: 8_150))"}"#)
        }
    }

    @Test(arguments: [
        #"{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage"}"#,
        #"{"Sid":"a","Effect":"Deny","NotPrincipal":{"AWS":["1","2"],"Service":"s"},"NotAction":["a","b"]}"#,
        #"{"Sid":"","Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":["q"],"Condition":{"Bool":{}}}"#,
        #"{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"q","#
            + #""Condition":{"ArnLike":{"aws:SourceArn":["a"]},"Bool":{"aws:SecureTransport":false}}}"#,
    ])
    func `a policy has a version of AWS's or none, and statements by IAM's grammar`(statement: String) throws {
        let other = #"{"Sid":"other","Effect":"Allow","Principal":"*","Action":"*"}"#
        for text in [
            #"{"Statement":\#(statement)}"#, #"{"Version":"2008-10-17","Statement":[\#(statement)]}"#,
            #"{"Version":"2012-10-17","Id":"x","Statement":[\#(statement),\#(other)]}"#,
        ] {
            #expect(try QueueAttributes().changed(by: [.policy: text]).policy == text)
        }
    }

    @Test(arguments: [
        "[]", #"{"Id":"x"}"#, #"{"Statement":1}"#, #"{"Statement":[1]}"#, "\u{FEFF}{\"Statement\":[]}",
        #"{"Version":"1999-01-01","Statement":[]}"#, #"{"Version":1,"Statement":[]}"#,
        #"{"Statement":{"Principal":"*","Action":"*"}}"#, #"{"Statement":{"Effect":"Allow","Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*"}}"#,
        #"{"Statement":{"Effect":"Maybe","Principal":"*","Action":"*"}}"#,
        #"{"Statement":{"Effect":1,"Principal":"*","Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":5,"Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"me","Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":{},"Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":{"AWS":[1]},"Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","NotPrincipal":"*","Action":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":{}}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":[]}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","NotAction":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":7}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Condition":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"Bool":5}}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","NotResource":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","NotResource":5}}"#, #"{"Statement":[],"Id":5}"#,
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Sid":1}}"#,
        #"{"Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"*"},"#
            + #"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"*"}]}"#,
    ])
    func `text that is no policy is refused`(text: String) {
        #expect(throws: SQSError.invalidAttributeValue(for: "Policy")) {
            try QueueAttributes().changed(by: [.policy: text])
        }
    }
}
