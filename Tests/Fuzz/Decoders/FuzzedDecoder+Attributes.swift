import QueueModel

/// Attributes as the fuzzer writes them.
///
/// Each one has a byte of flags (which values it has), then name, type, text and bytes, each with its length in a byte
/// before it.
struct AttributesInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func next() -> MessageAttributeInput? {
        guard let flags = rest.popFirst() else { return nil }
        return MessageAttributeInput(
            name: text(),
            dataType: text(),
            stringValue: flags & 1 == 0 ? nil : text(),
            binaryValue: flags & 2 == 0 ? nil : Array(field()),
            hasListValues: flags & 4 != 0
        )
    }

    private mutating func text() -> String {
        String(decoding: field(), as: UTF8.self)
    }

    private mutating func field() -> ArraySlice<UInt8> {
        let count = Int(rest.popFirst() ?? 0)
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

extension FuzzedDecoder {
    /// What is accepted comes back out of the form in which it is stored.
    static func checkAttributes(_ bytes: [UInt8]) throws {
        var input = AttributesInput(bytes)
        var inputs: [MessageAttributeInput] = []
        while let attribute = input.next() { inputs.append(attribute) }
        let attributes: [MessageAttribute]
        do throws(SQSError) {
            attributes = try MessageAttribute.checked(inputs)
        } catch {
            try checkForm(of: .failure(error), inputSizeBytes: bytes.count)
            return
        }
        let encoded = EncodedMessageAttributes(attributes)
        try require(encoded.decoded() == attributes, "\(attributes) came back as \(encoded.decoded())")
        try require(encoded == EncodedMessageAttributes(attributes.reversed()), "the order of attributes counts")
        let sizeBytes = attributes.reduce(0) { $0 + $1.sizeBytes }
        try require(encoded.sizeBytes == sizeBytes, "\(attributes) have \(sizeBytes) bytes, not \(encoded.sizeBytes)")
    }
}
