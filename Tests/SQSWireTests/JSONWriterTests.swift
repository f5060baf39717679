import Foundation
import NIOCore
import QueueModel
import SQSWire
import Testing

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var buffer = ByteBuffer()
        var json = JSONWriter(taking: &buffer)
        write(&json)
        json.give(to: &buffer)
        return String(buffer: buffer)
    }

    @Test func `control characters, quotes and backslashes are escaped, short where JSON has a short form`() {
        #expect(written { $0.string("a\"b\\c/\n\r\t\u{8}\u{C}") } == #""a\"b\\c/\n\r\t\b\f""#)
        #expect(written { $0.string("\u{0}\u{1}\u{B}\u{1F}\u{7F}") } == "\"\\u0000\\u0001\\u000b\\u001f\u{7F}\"")
        #expect(written { $0.string("é€😀\u{2028}") } == "\"é€😀\u{2028}\"")
        #expect(written { $0.string([UInt8]()) } == "\"\"")
    }

    @Test func `commas stand between elements and members and nowhere else`() {
        let text = written { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.endArray()
            json.key(named: "b\n")
            json.beginArray()
            json.string("x")
            json.bool(true)
            json.beginObject()
            json.endObject()
            json.beginObject()
            json.key("c")
            json.bool(false)
            json.endObject()
            json.endArray()
            json.endObject()
        }
        #expect(text == #"{"a":[],"b\n":["x",true,{},{"c":false}]}"#)
    }

    @Test func `what the buffer held stays in front`() {
        var buffer = ByteBuffer(string: "HTTP/1.1 ")
        var json = JSONWriter(taking: &buffer)
        json.string("x")
        json.give(to: &buffer)
        #expect(String(buffer: buffer) == #"HTTP/1.1 "x""#)
    }

    @Test func `strings come back through Foundation as they were, as text and as bytes`() throws {
        for seed in 0..<2_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let text = generator.text(lengthMax: 60)
            let asText = written { $0.string(text) }
            let asBytes = written { $0.string(Array(text.utf8)) }
            #expect(asText == asBytes)
            let read = try JSONSerialization.jsonObject(with: Data(asText.utf8), options: .fragmentsAllowed)
            #expect((read as? String)?.utf8.elementsEqual(text.utf8) == true, "seed \(seed)")
        }
    }

    @Test func `an escape is found at every distance`() {
        for length in 0..<40 {
            let plain = String(repeating: "é", count: length)
            #expect(written { $0.string("\(plain)\n\(plain)\"") } == "\"\(plain)\\n\(plain)\\\"\"")
        }
    }

    @Test func `base64 agrees with Foundation in both directions`() {
        var generator = SeededGenerator(seed: 1)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8(generator.below(256)) }
            let expected = Data(bytes).base64EncodedString()
            #expect(written { $0.base64(bytes) } == "\"\(expected)\"")
            #expect(Array(expected.utf8).withUnsafeBytes { Base64.decode($0) } == bytes)
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "AA=", "A===", "====", "=AAA", "AA=A", "AA==AA==", "AA A", "AAA\n", "AA-_", "äAA",
    ])
    func `what is not base64 is refused`(letters: String) {
        #expect(Array(letters.utf8).withUnsafeBytes { Base64.decode($0) } == nil)
    }
}
