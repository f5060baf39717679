internal import Glibc

/// One HTTP answer inside a connection's buffer.
struct Answer {
    /// Status code.
    let status: Int

    /// The body; valid only during the call that hands the answer over.
    let body: UnsafeRawBufferPointer

    /// Bytes of head and body together.
    let length: Int

    /// The answer that `bytes` starts with; nil while it is incomplete.
    ///
    /// Reads no more of HTTP than a server that answers with `Content-Length` needs, and throws at anything else.
    init?(_ bytes: UnsafeRawBufferPointer) throws(BenchmarkError) {
        var lineStart = 0
        var contentLength: Int?
        while true {
            guard let lineEnd = Self.endOfLine(bytes, from: lineStart) else { return nil }
            if lineEnd == lineStart { break }
            // Few headers have the length of this one's name, so most lines cost one comparison.
            if lineEnd - lineStart > 16, bytes[lineStart + 14] == UInt8(ascii: ":"), bytes[lineStart] | 0x20 == 0x63,
                let value = Self.contentLength(UnsafeRawBufferPointer(rebasing: bytes[lineStart..<lineEnd]))
            {
                contentLength = value
            }
            lineStart = lineEnd + 2
        }
        let bodyStart = lineStart + 2
        guard let contentLength, bodyStart > 12, bytes[0] == UInt8(ascii: "H") else {
            let head = String(decoding: bytes.prefix(min(bodyStart, 2_000)), as: UTF8.self)
            throw BenchmarkError("only answers with a Content-Length are understood, not:\n\(head)", kind: .answer)
        }
        status = Self.digits(bytes, from: 9)
        guard bytes.count >= bodyStart + contentLength else { return nil }
        body = UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<bodyStart + contentLength])
        length = bodyStart + contentLength
    }

    private static let contentLengthName = Array("content-length:".utf8)

    private static func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let newline = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
        else { return nil }
        let end = UnsafeRawPointer(newline) - base
        return end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : nil
    }

    private static func contentLength(_ line: UnsafeRawBufferPointer) -> Int? {
        let name = contentLengthName
        for index in 0..<name.count where line[index] | 0x20 != name[index] | 0x20 { return nil }
        var start = name.count
        while start < line.count, line[start] == UInt8(ascii: " ") { start += 1 }
        return digits(line, from: start)
    }

    private static func digits(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var number = 0
        var index = start
        // More digits than these are no length that anybody waits for.
        while index < min(bytes.count, start + 12), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            number = number &* 10 &+ Int(bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        return number
    }
}
