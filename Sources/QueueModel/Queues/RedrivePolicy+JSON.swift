internal import Foundation

extension RedrivePolicy {
    /// Reads the attribute's JSON; `maxReceiveCount` may be a number or a string of digits.
    ///
    /// - Throws: InvalidParameterValue in AWS's words.
    public init(json: String) throws(SQSError) {
        func invalid(_ reason: String) -> SQSError {
            .invalidParameterValue(json, for: QueueAttributeName.redrivePolicy.rawValue, reason: reason)
        }
        guard let members = QueuePolicyForm.object(json) else {
            throw invalid("Redrive policy is not a valid JSON map.")
        }
        guard let target = members["deadLetterTargetArn"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        guard let count = members["maxReceiveCount"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let maxReceiveCount = RedrivePolicy.wholeNumber(count), Limits.maxReceiveCount.contains(maxReceiveCount)
        else {
            let range = Limits.maxReceiveCount
            throw invalid(
                "Invalid value for maxReceiveCount: \(RedrivePolicy.text(of: count)), "
                    + "valid values are from \(range.lowerBound) to \(range.upperBound) both inclusive."
            )
        }
        guard let text = target as? String, let arn = QueueARN(text) else {
            throw invalid("Invalid value for deadLetterTargetArn.")
        }
        self.init(deadLetterTarget: arn, maxReceiveCount: maxReceiveCount)
    }

    /// The attribute's JSON as GetQueueAttributes shows it.
    public var json: String {
        #"{"deadLetterTargetArn":"\#(deadLetterTarget.text)","maxReceiveCount":\#(maxReceiveCount)}"#
    }

    private static func wholeNumber(_ value: Any) -> Int? {
        switch value {
        // Digits only: Int would also take a sign.
        case let text as String: text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(text) : nil
        case let number as NSNumber where isBoolean(number): nil
        case let number as NSNumber where number.doubleValue == Double(number.intValue): number.intValue
        default: nil
        }
    }

    /// The value in JSON's words, for an error.
    private static func text(of value: Any) -> String {
        switch value {
        case let text as String: text
        case let number as NSNumber where isBoolean(number): number.boolValue ? "true" : "false"
        case let number as NSNumber: "\(number)"
        case is NSNull: "null"
        default: value is [Any] ? "a list" : "a map"
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool {
        // Foundation on Linux reads `true` as an NSNumber of this type.
        String(cString: number.objCType) == "c"
    }
}
