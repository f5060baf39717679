/// What AddPermission and RemovePermission make of a queue's Policy.
///
/// Recorded: AWS keeps one statement a label, and no Policy without a statement. What a user wrote into the policy
/// otherwise stays to the letter.
public enum QueuePolicy {
    /// Statements of a policy (Quotas).
    private static let statementsMax = 20

    private typealias Member = (name: String, value: Substring.UTF8View)

    /// The policy with one more statement.
    ///
    /// - Parameters:
    ///   - label: the statement's Sid; letters that need no escape in JSON.
    ///   - awsAccountIds: whom it lets in, one at least; twelve digits each.
    ///   - actions: what they may do, one at least, without a prefix.
    ///   - queueArn: the queue, for the statement's Resource and a new policy's Id.
    ///   - policy: the policy so far, or nothing.
    /// - Returns: the new policy.
    /// - Throws: InvalidParameterValue if the label is there already, OverLimit if the policy gets too large,
    ///   InvalidAttributeValue if the policy so far is of a form that is not accepted any more.
    public static func adding(
        label: String,
        awsAccountIds: [String],
        actions: [String],
        queueArn: QueueARN,
        to policy: String?
    ) throws(SQSError) -> String {
        let arn = queueArn.text
        let partition = QueueARN.partition(ofRegion: queueArn.region)
        let accounts = list(awsAccountIds.map { "arn:\(partition):iam::\($0):root" })
        let statement =
            #"{"Sid":"\#(label)","Effect":"Allow","Principal":{"AWS":\#(accounts)},"#
            + #""Action":\#(list(actions.map { "SQS:\($0)" })),"Resource":"\#(arn)"}"#
        guard let policy else {
            return #"{"Version":"2008-10-17","Id":"\#(arn)/SQSDefaultPolicy","Statement":[\#(statement)]}"#
        }
        let members = try members(of: policy)
        var statements = try statements(among: members)
        guard !statements.contains(where: { isSid($0.sid, label) }) else {
            throw .invalidParameterValue(label, for: "Label", reason: "Already exists.")
        }
        statements.append((label, statement))
        let result = replacingStatements(among: members, by: statements.map(\.text))
        guard statements.count <= statementsMax, result.utf8.count <= Limits.policySizeBytesMax else {
            throw .tooManyPermissions
        }
        return result
    }

    /// The policy without a label's statement; nothing if no statement is left.
    ///
    /// - Throws: InvalidParameterValue if there is no such label, InvalidAttributeValue if the policy is of a form that
    ///   is not accepted any more.
    public static func removing(label: String, from policy: String?) throws(SQSError) -> String? {
        let members = try policy.map(members(of:)) ?? []
        let statements = try statements(among: members)
        let rest = statements.filter { !isSid($0.sid, label) }
        guard rest.count < statements.count else {
            throw .invalidParameterValue(label, for: "Label", reason: "can't find label.")
        }
        return rest.isEmpty ? nil : replacingStatements(among: members, by: rest.map(\.text))
    }

    /// Whether a statement is called so, byte by byte: a `String` equals whatever Unicode calls the same.
    private static func isSid(_ sid: String?, _ label: String) -> Bool {
        sid?.utf8.elementsEqual(label.utf8) == true
    }

    private static func list(_ texts: [String]) -> String {
        let quoted = texts.map { "\"\($0)\"" }
        return quoted.count == 1 ? quoted[0] : "[\(quoted.joined(separator: ","))]"
    }

    /// The policy's members as they are written.
    ///
    /// The text may have been stored when more was accepted: what the strict form does not allow is refused here.
    private static func members(of policy: String) throws(SQSError) -> [Member] {
        // A single statement has got a list around it, one level more than a caller may give.
        guard JSONForm.isStrict(policy, depthMax: JSONForm.depthMax + 1),
            let members = JSONText.members(of: policy[...].utf8)
        else { throw .invalidAttributeValue(for: QueueAttributeName.policy.rawValue) }
        return members
    }

    /// The statements as they are written, with what they are called; a single one may stand without a list.
    private static func statements(among members: [Member]) throws(SQSError) -> [(sid: String?, text: String)] {
        guard let statement = members.last(where: { isStatement($0.name) })?.value else { return [] }
        let isList = statement.first == UInt8(ascii: "[")
        guard let texts = isList ? JSONText.elements(of: statement) : [statement] else {
            throw .invalidAttributeValue(for: QueueAttributeName.policy.rawValue)
        }
        return texts.map { text in
            let text = String(Substring(text))
            return (QueuePolicyForm.object(text)?["Sid"] as? String, text)
        }
    }

    private static func replacingStatements(among members: [Member], by statements: [String]) -> String {
        let list = "[\(statements.joined(separator: ","))]"
        let members = members.map { name, value in
            "\(name):\(isStatement(name) ? list : String(Substring(value)))"
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// Whether a member's name, as it is written, says `Statement`; escapes are allowed there, too.
    private static func isStatement(_ name: String) -> Bool {
        name == #""Statement""# || QueuePolicyForm.object("{\(name):0}")?["Statement"] != nil
    }
}
