/// One user attribute of a message.
public struct MessageAttribute: Sendable, Hashable {
    /// What the attribute holds.
    public enum Value: Sendable, Hashable {
        /// StringValue: text, for the types String and Number.
        case string(String)

        /// BinaryValue: bytes, for the type Binary.
        case binary([UInt8])
    }

    /// The attribute's name; letter case counts.
    public let name: String

    /// The type with its label, such as `String`, `Number.float`.
    public let dataType: String

    /// The value.
    public let value: Value

    /// Makes an attribute.
    public init(name: String, dataType: String, value: Value) {
        self.name = name
        self.dataType = dataType
        self.value = value
    }

    /// What the attribute adds to the message's size, in bytes: name, type and value (Developer Guide, "message
    /// metadata").
    public var sizeBytes: Int {
        let valueSize =
            switch value {
            case .string(let text): text.utf8.count
            case .binary(let bytes): bytes.count
            }
        return name.utf8.count + dataType.utf8.count + valueSize
    }
}
