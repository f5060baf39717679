import QueueModel
import Testing

@Suite struct EncodedMessageAttributesTests {
    private let attributes = [
        MessageAttribute(name: "a", dataType: "String", value: .string("")),
        MessageAttribute(name: "a.b", dataType: "Binary.x", value: .binary([])),
        MessageAttribute(name: "b", dataType: "Number", value: .string("日本\0")),
        MessageAttribute(name: "é", dataType: "Binary", value: .binary(Array(repeating: 255, count: 70_000))),
    ]

    @Test func `attributes come back as they were, sorted by the bytes of their names`() {
        #expect(EncodedMessageAttributes(attributes).decoded() == attributes)
        #expect(EncodedMessageAttributes(attributes.reversed()).decoded() == attributes)
        #expect(EncodedMessageAttributes(bytes: EncodedMessageAttributes(attributes).bytes).decoded() == attributes)
    }

    @Test func `the size counts names, types and values and nothing else`() {
        #expect(EncodedMessageAttributes(attributes).sizeBytes == attributes.reduce(0) { $0 + $1.sizeBytes })
        #expect(attributes.map(\.sizeBytes) == [7, 11, 14, 70_008])
    }

    @Test func `no attributes take no bytes`() {
        #expect(EncodedMessageAttributes([]) == .none)
        #expect(EncodedMessageAttributes.none.bytes.isEmpty)
        #expect(EncodedMessageAttributes.none.decoded().isEmpty)
        #expect(EncodedMessageAttributes.none.sizeBytes == 0)
    }

    @Test func `a content whose body or attributes changed is not verified`() {
        let content = MessageContent(
            body: Array("hello".utf8),
            attributes: EncodedMessageAttributes(attributes),
            senderId: "0"
        )
        #expect(content.verifiedMD5OfBody() == MD5Digest(of: Array("hello".utf8)))
        #expect(content.sizeBytes == 5 + 70_040)
        var changed = content
        changed.body[0] ^= 1
        #expect(changed.verifiedMD5OfBody() == nil)
        changed = content
        changed.attributes = .none
        #expect(changed.verifiedMD5OfBody() == nil)
    }
}
