internal import Foundation

/// The form of the attributes that hold JSON.
///
/// Their meaning is for those who act on them.
enum QueuePolicyForm {
    /// The members of a JSON object; nothing if the text is none.
    static func object(_ json: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
    }

    /// A Policy if its form is right, nothing for an empty one.
    static func checkedPolicy(_ json: String) throws(SQSError) -> String? {
        guard !json.isEmpty else { return nil }
        guard json.utf8.count <= Limits.policySizeBytesMax, let members = object(json), members["Statement"] != nil
        else { throw .invalidAttributeValue(for: QueueAttributeName.policy.rawValue) }
        return json
    }

    /// A RedriveAllowPolicy if its form is right, nothing for an empty one.
    ///
    /// Source: SetQueueAttributes in the API reference.
    static func checkedRedriveAllowPolicy(_ json: String) throws(SQSError) -> String? {
        guard !json.isEmpty else { return nil }
        let name = QueueAttributeName.redriveAllowPolicy.rawValue
        guard let members = object(json) else {
            throw .invalidParameterValue(json, for: name, reason: "Redrive allow policy is not a valid JSON map.")
        }
        let sources = members["sourceQueueArns"]
        switch members["redrivePermission"] as? String {
        case "allowAll", "denyAll":
            guard sources == nil else {
                throw .invalidParameterValue(
                    json,
                    for: name,
                    reason: "sourceQueueArns can only be specified when redrivePermission is byQueue."
                )
            }
        case "byQueue":
            guard let arns = sources as? [String], !arns.isEmpty, arns.count <= Limits.redriveAllowPolicySourcesMax,
                arns.allSatisfy({ QueueARN($0) != nil })
            else {
                throw .invalidParameterValue(
                    json,
                    for: name,
                    reason: "sourceQueueArns must have 1 to \(Limits.redriveAllowPolicySourcesMax) queue ARNs."
                )
            }
        default:
            throw .invalidParameterValue(json, for: name, reason: "Invalid value for redrivePermission.")
        }
        return json
    }
}
