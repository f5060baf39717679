/// The tags of a queue: a value for each key.
///
/// Keys and values are what their bytes are. Two spellings of an accented letter, which a `String` takes for equal, are
/// two keys, as they are to every SDK.
public struct QueueTags: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var values: [ExactKey: String] = [:]

    /// No tags.
    public init() {}

    /// Tags as they stand in code; of equal keys the last one counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// Tags from pairs of key and value; of equal keys the last one counts.
    public init(_ pairs: some Sequence<(String, String)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The value of a key, if there is one.
    public subscript(key: String) -> String? {
        get { values[ExactKey(text: key)] }
        set { values[ExactKey(text: key)] = newValue }
    }

    /// How many there are.
    public var count: Int { values.count }

    /// Whether there are none.
    public var isEmpty: Bool { values.isEmpty }

    /// All tags in the order of their keys' bytes, so that the same tags are always told the same way.
    public var sorted: [(key: String, value: String)] {
        values.map { ($0.key.text, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    /// Whether keys and values are the same, byte by byte.
    public static func == (left: QueueTags, right: QueueTags) -> Bool {
        left.count == right.count
            && left.values.allSatisfy { key, value in right.values[key]?.utf8.elementsEqual(value.utf8) == true }
    }

    /// Checks the form of the tags.
    ///
    /// Source: Developer Guide, "cost allocation tags", and "Tag naming limits" of the AWS General Reference.
    ///
    /// - Throws: InvalidParameterValue for the first bad one in the order of the keys.
    public func check() throws(SQSError) {
        for (key, value) in sorted {
            try QueueTags.checkKey(key)
            guard !QueueTags.hasReservedPrefix(key) else {
                throw .invalidParameterValue(
                    "Tag keys can't begin with 'aws:', in any case. This prefix is reserved for internal use."
                )
            }
            guard value.unicodeScalars.count <= Limits.tagValueLengthMax else {
                throw .invalidParameterValue(
                    "Tag values must be between 0 and \(Limits.tagValueLengthMax) characters in length."
                )
            }
            guard (key.unicodeScalars + value.unicodeScalars).allSatisfy(QueueTags.isAllowed) else {
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

    /// The tags after some more were set; the new value of a key counts.
    ///
    /// - Throws: InvalidParameterValue if the queue would have more than fifty (Quotas).
    public func merging(_ new: QueueTags, of queue: QueueName) throws(SQSError) -> QueueTags {
        var merged = self
        merged.values.merge(new.values) { $1 }
        guard merged.count <= Limits.tagsMax else {
            throw .invalidParameterValue("Too many tags added for queue \(queue.text).")
        }
        return merged
    }

    private static func hasReservedPrefix(_ key: String) -> Bool {
        // By bytes: a Character may hold more than the letter it begins with.
        key.utf8.prefix(4).map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
            .elementsEqual("aws:".utf8)
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

    /// A key that equals those of the same bytes only.
    private struct ExactKey: Hashable, Sendable {
        let text: String

        static func == (left: ExactKey, right: ExactKey) -> Bool {
            left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
