internal import Foundation

/// The form of the attributes that hold JSON.
///
/// Their meaning is for those who act on them.
enum QueuePolicyForm {
    /// The members of a JSON object; nothing if the text is none in the strict form.
    static func object(_ json: String) -> [String: Any]? {
        guard JSONForm.isStrict(json) else { return nil }
        return (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
    }

    /// A Policy if its form is right, nothing for an empty one.
    static func checkedPolicy(_ json: String) throws(SQSError) -> String? {
        guard !json.isEmpty else { return nil }
        guard isPolicy(json) else { throw .invalidAttributeValue(for: QueueAttributeName.policy.rawValue) }
        return json
    }

    /// Whether it is a policy by IAM's grammar, as far as that concerns the policy of a queue.
    ///
    /// Source: IAM User Guide, "Grammar of the IAM JSON policy language". Members that the grammar does not know are
    /// passed over.
    private static func isPolicy(_ json: String) -> Bool {
        guard let policy = object(json) else { return false }
        let statements: [Any]
        switch policy["Statement"] {
        case let one as [String: Any]: statements = [one]
        case let list as [Any]: statements = list
        default: return false
        }
        guard isOneOf(["2008-10-17", "2012-10-17"], policy["Version"] ?? "2008-10-17"),
            policy["Id"].map({ $0 is String }) ?? true
        else { return false }
        let sids = statements.compactMap { ($0 as? [String: Any])?["Sid"] as? String }.filter { !$0.isEmpty }
            .map { Array($0.utf8) }
        return Set(sids).count == sids.count && statements.allSatisfy { isStatement($0) }
    }

    private static func isStatement(_ statement: Any) -> Bool {
        guard let members = statement as? [String: Any], isOneOf(["Allow", "Deny"], members["Effect"]),
            members["Sid"].map({ $0 is String }) ?? true,
            let principal = either("Principal", "NotPrincipal", of: members),
            let action = either("Action", "NotAction", of: members)
        else { return false }
        // The policy is one of a queue, which it need not name.
        let hasResource = members["Resource"] != nil || members["NotResource"] != nil
        guard let resource = hasResource ? either("Resource", "NotResource", of: members) : "*" else { return false }
        let isLimited = members["Condition"].map { isCondition($0) } ?? true
        return isPrincipal(principal) && isNames(action) && isNames(resource) && isLimited
    }

    /// Operators with the keys that each compares.
    private static func isCondition(_ value: Any) -> Bool {
        (value as? [String: Any])?.values.allSatisfy { $0 is [String: Any] } ?? false
    }

    private static func isPrincipal(_ value: Any) -> Bool {
        guard let kinds = value as? [String: Any] else { return isOneOf(["*"], value) }
        return !kinds.isEmpty && kinds.values.allSatisfy { isNames($0) }
    }

    /// A text or a list of some.
    private static func isNames(_ value: Any) -> Bool {
        value is String || (value as? [Any]).map { !$0.isEmpty && $0.allSatisfy { $0 is String } } ?? false
    }

    private static func either(_ name: String, _ other: String, of members: [String: Any]) -> Any? {
        guard let value = members[name] else { return members[other] }
        return members[other] == nil ? value : nil
    }

    private static func isOneOf(_ texts: [String], _ value: Any?) -> Bool {
        (value as? String).map(texts.contains) ?? false
    }
}
