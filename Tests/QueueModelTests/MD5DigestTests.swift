import QueueModel
import Testing

// The digests were computed in Python, written after the Developer Guide's page alone.
@Suite struct MD5DigestTests {
    @Test(arguments: [("", "d41d8cd98f00b204e9800998ecf8427e"), ("hello", "5d41402abc4b2a76b9719d911017c592")])
    func `a digest is shown as 32 lower-case hexadecimal digits`(text: String, digest: String) {
        #expect(MD5Digest(of: Array(text.utf8)).text == digest)
    }

    @Test func `a stored digest is the same digest`() {
        let digest = MD5Digest(of: [1, 2, 3])
        #expect(MD5Digest(high: digest.high, low: digest.low) == digest)
        #expect(MD5Digest(high: 0, low: 1).text == "00000000000000000000000000000001")
    }

    @Test(arguments: [
        (
            MessageAttribute(name: "kind", dataType: "String", value: .string("order.created")),
            "392dae0b57c649e3c807693438852f00"
        ),
        (
            MessageAttribute(name: "n", dataType: "Number.float", value: .string("1.50")),
            "0ed5bbb2b2b75c464da81b952dd87e90"
        ),
        (
            MessageAttribute(name: "b", dataType: "Binary", value: .binary([0, 1, 2, 255])),
            "7e480da8c0e874189215a7676537a024"
        ),
    ])
    func `one attribute has the digest of the Developer Guide's rule`(attribute: MessageAttribute, digest: String) {
        #expect(MD5Digest(ofAttributes: [attribute])?.text == digest)
    }

    @Test func `several attributes have one digest, in the order of their names' bytes`() {
        let attributes = EncodedMessageAttributes([
            MessageAttribute(name: "é", dataType: "String.größe", value: .string("日本 😀\r\n")),
            MessageAttribute(name: "a.b", dataType: "String", value: .string(String(repeating: "x", count: 300))),
            MessageAttribute(name: "a", dataType: "Binary.png", value: .binary(Array(0...255))),
            MessageAttribute(name: "Z", dataType: "Number", value: .string("-1")),
        ]).decoded()
        #expect(MD5Digest(ofAttributes: attributes)?.text == "c67f009748e19dfc69eb13bddb3761ac")
    }

    @Test func `no attributes have no digest`() {
        #expect(MD5Digest(ofAttributes: []) == nil)
    }
}
