/// The user attributes of a message in the form in which they are stored: sorted by name, each length before its bytes.
///
/// The store keeps them as they are; they are taken apart only if a receive asks for them.
public struct EncodedMessageAttributes: Sendable, Hashable {
    /// No attributes.
    public static let none = EncodedMessageAttributes(bytes: [])

    /// The stored form; empty for no attributes.
    public let bytes: [UInt8]

    /// Takes the stored form back.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Encodes attributes; each name must be there once.
    public init(_ attributes: [MessageAttribute]) {
        var bytes: [UInt8] = []
        let sorted = attributes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for attribute in sorted {
            append(Array(attribute.name.utf8), to: &bytes)
            append(Array(attribute.dataType.utf8), to: &bytes)
            switch attribute.value {
            case .string(let text):
                bytes.append(1)
                append(Array(text.utf8), to: &bytes)
            case .binary(let value):
                bytes.append(2)
                append(value, to: &bytes)
            }
        }
        self.bytes = bytes

        func append(_ field: [UInt8], to bytes: inout [UInt8]) {
            withUnsafeBytes(of: UInt32(field.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field)
        }
    }

    /// The attributes, sorted by name.
    ///
    /// Only bytes whose digest was checked may be taken apart.
    public func decoded() -> [MessageAttribute] {
        var attributes: [MessageAttribute] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let name = takeField(from: &rest)
            let dataType = takeField(from: &rest)
            let kind = rest.removeFirst()
            let value = takeField(from: &rest)
            attributes.append(
                MessageAttribute(
                    name: String(decoding: name, as: UTF8.self),
                    dataType: String(decoding: dataType, as: UTF8.self),
                    value: kind == 1 ? .string(String(decoding: value, as: UTF8.self)) : .binary(Array(value))
                )
            )
        }
        return attributes
    }

    /// What the attributes add to the message's size: names, types and values, in bytes.
    public var sizeBytes: Int {
        // Twelve bytes of lengths and one of kind for each attribute do not count.
        var size = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            size += takeField(from: &rest).count
            size += takeField(from: &rest).count
            rest.removeFirst()
            size += takeField(from: &rest).count
        }
        return size
    }

    private func takeField(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        precondition(rest.count >= 4, "stored message attributes are cut short")
        let start = rest.startIndex
        let length = (0..<4).reduce(0) { $0 | Int(rest[start + $1]) << (8 * $1) }
        precondition(rest.count >= 4 + length, "stored message attributes are cut short")
        let field = rest[(start + 4)..<(start + 4 + length)]
        rest = rest[(start + 4 + length)...]
        return field
    }
}
