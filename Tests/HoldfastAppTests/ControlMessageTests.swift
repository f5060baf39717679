import HoldfastApp
import Testing

struct ControlMessageTests {
    @Test func `a request survives its line, whatever its path holds`() throws {
        let requests: [ControlMessage.Request] = [
            .backup(path: "/a \"b\"\n\\ü/c", isReplacing: true, bytesPerSecond: nil),
            .backup(path: "/a", isReplacing: false, bytesPerSecond: 1), .cancel,
        ]
        for request in requests {
            let line = ControlMessage.line(request)
            #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
            #expect(ControlMessage.message(ControlMessage.Request.self, in: line.dropLast()) == request)
        }
    }

    @Test func `what is no message is none`() {
        for text in ["", "{}", "[]", "GET / HTTP/1.1", #"{"backup":{"path":1}}"#, #"{"restore":{}}"#, #"{"backup":"#] {
            #expect(ControlMessage.message(ControlMessage.Request.self, in: text.utf8) == nil, "\(text)")
        }
    }

    @Test func `lines are put together from pieces, and one without an end is given up`() {
        var lines = ControlLines()
        let bytes = Array("one\n\ntwo\nthr".utf8)
        for byte in bytes {
            let isTaken = lines.append(CollectionOfOne(byte))
            #expect(isTaken)
        }
        var whole: [[UInt8]] = []
        while let line = lines.next() { whole.append(line) }
        #expect(whole == [Array("one".utf8), [], Array("two".utf8)])
        let isTaken = lines.append([UInt8](repeating: 0, count: ControlMessage.lineSizeBytesMax))
        #expect(!isTaken)
    }
}
