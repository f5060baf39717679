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
        guard hasStatements(json) else { throw .invalidAttributeValue(for: QueueAttributeName.policy.rawValue) }
        return json
    }

    private static func hasStatements(_ json: String) -> Bool {
        switch object(json)?["Statement"] {
        case is [String: Any]: true
        case let list as [Any]: list.allSatisfy { $0 is [String: Any] }
        default: false
        }
    }
}
