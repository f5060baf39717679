/// What a queue's tags may be, and what they become.
public enum QueueTags {
    /// Checks the form of tags.
    ///
    /// Source: Developer Guide, "cost allocation tags", and "Tag naming limits" of the AWS General Reference.
    ///
    /// - Throws: InvalidParameterValue for the first bad one in the order of the keys.
    public static func check(_ tags: [String: String]) throws(SQSError) {
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            try checkKey(key)
            guard !hasReservedPrefix(key) else {
                throw .invalidParameterValue(
                    "Tag keys can't begin with 'aws:', in any case. This prefix is reserved for internal use."
                )
            }
            guard value.unicodeScalars.count <= Limits.tagValueLengthMax else {
                throw .invalidParameterValue(
                    "Tag values must be between 0 and \(Limits.tagValueLengthMax) characters in length."
                )
            }
            guard key.unicodeScalars.allSatisfy(isAllowed), value.unicodeScalars.allSatisfy(isAllowed) else {
                throw .invalidParameterValue(
                    "Tag keys and values can only include letters, digits, white space and the characters "
                        + "_ . : / = + - @."
                )
            }
        }
    }

    /// Checks the length of a tag's key.
    ///
    /// - Throws: InvalidParameterValue in AWS's words.
    public static func checkKey(_ key: String) throws(SQSError) {
        guard (1...Limits.tagKeyLengthMax).contains(key.unicodeScalars.count) else {
            throw .invalidParameterValue(
                "Tag keys must be between 1 and \(Limits.tagKeyLengthMax) characters in length."
            )
        }
    }

    /// The tags after some were set.
    ///
    /// - Throws: InvalidParameterValue if the queue would have more than fifty (Quotas).
    public static func merging(
        _ new: [String: String],
        into tags: [String: String],
        of queue: QueueName
    ) throws(SQSError) -> [String: String] {
        let merged = tags.merging(new) { $1 }
        guard merged.count <= Limits.tagsMax else {
            throw .invalidParameterValue("Too many tags added for queue \(queue.text).")
        }
        return merged
    }

    private static func hasReservedPrefix(_ key: String) -> Bool {
        key.prefix(4).lowercased() == "aws:"
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "_", ".", ":", "/", "=", "+", "-", "@":
            return true
        default:
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .decimalNumber, .letterNumber, .otherNumber, .spaceSeparator, .nonspacingMark, .spacingMark:
                return true
            default:
                return false
            }
        }
    }
}
