import QueueModel
import Testing

/// Which JSON the attributes take, and that none of it can do harm later.
struct QueuePolicyFormTests {
    private let queueArn: QueueARN
    private static let arn = "arn:aws:sqs:us-east-1:000000000000:orders"
    private static let refused = SQSError.invalidAttributeValue(for: "Policy")

    /// What every statement has.
    private static let members = #""Effect":"Allow","Principal":"*","Action":"sqs:*""#
    private static let one = "{\(members)}"

    /// What Foundation's decoder takes, or what only looks like JSON.
    private static let looseTexts = [
        #"{"Statement":[\#(one)],}"#, #"{"Statement":[\#(one),]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*",}]}"#,
        #"{"Statement":[,]}"#, #"{,"Statement":[]}"#, #"{"Statement":[],,"Id":"x"}"#,
        #"{"Statement":[],"Statement":{}}"#, #"{"Statement":[],"St\u0061tement":{}}"#,
        #"{"Statement":[{"Sid":"a","Sid":"b",\#(members)}]}"#, #"{"Statement":[{\#(members),"a":[{"c":1,"c":2}]}]}"#,
        #"{"Statement":[]} x"#, #"{"Statement":[]}{}"#, #"{"Statement":[]}/**/"#, #"{"Statement":[/**/]}"#,
        "{\"Statement\":[]\u{A0}}", "{\"Statement\":[]}\0", "{\"Statement\":[],\"Id\":\"\n\"}",
        #"{"Statement":[],"Id":"\x"}"#, #"{"Statement":[],"Id":"\ud800"}"#, #"{"Statement":[],"Id":"\ud800\u0041"}"#,
        #"{"Statement":[],"Id":"\udc00"}"#, #"{"Statement":[],"Id":"\u00g0"}"#, #"{"Statement":[],"Id":"\"#,
        #"{"Statement":[],"Id":01}"#, #"{"Statement":[],"Id":+1}"#, #"{"Statement":[],"Id":1.}"#,
        #"{"Statement":[],"Id":.5}"#, #"{"Statement":[],"Id":1e}"#, #"{"Statement":[],"Id":-}"#,
        #"{"Statement":[],"Id":nul}"#, #"{"Statement":[],"Id":}"#, #"{"Statement":[],"Id"}"#, #"{"Statement":[],Id:1}"#,
        #"{'Statement':[]}"#, #"{"Statement":[}]"#, #"{"Statement":["#, "{\"", "{", "\"", "\\", " ",
    ]

    init() throws {
        queueArn = try #require(QueueARN(Self.arn))
    }

    private func accepts(_ policy: String) -> Bool {
        (try? QueueAttributes().changed(by: [.policy: policy])) != nil
    }

    private func adding(to policy: String) throws -> String {
        try QueuePolicy.adding(
            label: "L",
            awsAccountIds: ["111122223333"],
            actions: ["*"],
            queueArn: queueArn,
            to: policy
        )
    }

    /// A policy with so many levels.
    private func policy(depth: Int) -> String {
        let levels = depth - 2
        return #"{"Statement":{\#(Self.members),"a":"# + String(repeating: "[", count: levels)
            + String(repeating: "]", count: levels)
            + "}}"
    }

    @Test(arguments: looseTexts)
    func `a Policy that is no strict JSON is refused`(text: String) {
        #expect(throws: Self.refused) { try QueueAttributes().changed(by: [.policy: text]) }
    }

    @Test(arguments: looseTexts)
    func `a Policy stored before is kept, and its permissions can't be changed`(text: String) throws {
        let attributes = try QueueAttributes(stored: [.policy: text, .redriveAllowPolicy: text], isFifo: false)
        #expect(attributes.policy == text)
        #expect(attributes.redriveAllowPolicy == text)
        #expect(attributes.stored == [.policy: text, .redriveAllowPolicy: text])
        #expect(throws: Self.refused) { try adding(to: text) }
        #expect(throws: Self.refused) { try QueuePolicy.removing(label: "a", from: text) }
    }

    @Test(arguments: [
        " {\t\"Statement\"\r\n:[ ] } \n", #"{"Statement":[],"a":[0,-0,1.5,-10.25e+3,1E-2,true,false,null,{},[]]}"#,
        #"{"Statement":[],"Id":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 é😀"}"#,
        #"{"Statement":[{\#(members),"a":1},\#(one)]}"#,
    ])
    func `a Policy in any strict form is taken to the letter`(text: String) throws {
        #expect(try QueueAttributes().changed(by: [.policy: text]).policy == text)
        #expect(accepts(try adding(to: text)))
    }

    @Test func `a Policy has 32 levels at most, and one of 32 takes and gives back permissions`() throws {
        #expect(!accepts(policy(depth: 33)))
        #expect(!accepts(policy(depth: 4_000)))
        #expect(accepts(policy(depth: 32)))
        let added = try adding(to: policy(depth: 32))
        #expect(try QueuePolicy.removing(label: "L", from: added)?.contains(#""a":"#) == true)
    }

    @Test(arguments: ["}", ",}", #","maxReceiveCount":2}"#, #","\u006daxReceiveCount":2}"#, "} x"])
    func `a RedrivePolicy has to be strict JSON`(end: String) {
        let text = #"{"deadLetterTargetArn":"\#(Self.arn)","maxReceiveCount":1"# + end
        let attributes = try? QueueAttributes().changed(by: [.redrivePolicy: text])
        #expect((attributes != nil) == (end == "}"))
    }

    @Test(arguments: ["}", ",}", #","redrivePermission":"denyAll"}"#, "} x"])
    func `a RedriveAllowPolicy has to be strict JSON`(end: String) {
        let attributes = try? QueueAttributes().changed(by: [
            .redriveAllowPolicy: #"{"redrivePermission":"allowAll""# + end
        ])
        #expect((attributes != nil) == (end == "}"))
    }

    @Test func `no text does harm, and what is accepted takes a permission and gives it back`() throws {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "1", "\\u0041", "\\ud83d", "é", "\0", "\u{FEFF}", ",]", ",}",
            #""Statement""#, #""Sid":"L""#, #"{"Sid":"L",\#(Self.members)}"#, "null",
        ].map { Array($0.utf8) }
        let seeds = [
            #"{ "Version": "2012-10-17", "Statement": { \#(Self.members), "a": [1.50, "},{\"]"] } , "Z" : 1 }"#,
            #"{"Sta\u0074ement":[{"Sid":"\u004C",\#(Self.members)},{\#(Self.members),"b":[true,null]}],"Id":"x"}"#,
            #"{"Statement":[{"Sid":"a",\#(Self.members)}],"Id":"\\"}"#,
        ].map { Array($0.utf8) }
        var generator = SeededGenerator(seed: 3)
        var acceptedCount = 0
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let start = Int.random(in: 0...bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 0...3, using: &generator))
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                bytes.replaceSubrange(start..<end, with: Bool.random(using: &generator) ? piece : [])
            }
            let text = String(decoding: bytes, as: UTF8.self)
            // Texts that are refused may be stored from before: they are taken apart, too.
            let added = Result { try adding(to: text) }
            let removed = Result { try QueuePolicy.removing(label: "L", from: text) }
            guard accepts(text) else { continue }
            acceptedCount += 1
            switch added {
            case .success(let policy):
                #expect(accepts(policy), "\(text)")
                #expect(throws: Never.self, "\(text)") { try QueuePolicy.removing(label: "L", from: policy) }
            case .failure:
                // The one reason there is: the label is there already.
                #expect(throws: Never.self, "\(text)") { try removed.get() }
            }
        }
        #expect(acceptedCount > 1_000)
    }
}
