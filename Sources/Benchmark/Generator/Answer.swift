internal import Glibc

/// One HTTP answer inside a connection's buffer.
package struct Answer {
    /// Status code.
    package let status: Int

    /// The body; valid only during the call that hands the answer over.
    package let body: UnsafeRawBufferPointer

    /// Bytes of head and body together.
    package let length: Int

    /// The answer that `bytes` starts with; nil while it is incomplete.
    ///
    /// Reads no more of HTTP than servers of SQS need: a body has a `Content-Length` or comes in chunks, which are put
    /// together in place once all are there. Throws at anything else.
    package init?(_ buffer: UnsafeMutableRawBufferPointer) throws(BenchmarkError) {
        let bytes = UnsafeRawBufferPointer(buffer)
        var lineStart = 0
        var contentLength: Int?
        var isChunked = false
        while true {
            guard let lineEnd = Self.endOfLine(bytes, from: lineStart) else { return nil }
            if lineEnd == lineStart { break }
            let line = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<lineEnd])
            // Few headers have a name of this length, so most lines cost one comparison.
            if line.count > 15, line[14] == UInt8(ascii: ":"), Self.hasPrefix(line, Self.contentLengthName) {
                contentLength = Self.digits(line, after: Self.contentLengthName.count)
            } else if line.count > 17, line[17] == UInt8(ascii: ":"), Self.hasPrefix(line, Self.chunkedHeader) {
                isChunked = true
            }
            lineStart = lineEnd + 2
        }
        let bodyStart = lineStart + 2
        guard bodyStart > 12, bytes[0] == UInt8(ascii: "H"), contentLength != nil || isChunked else {
            let head = String(decoding: bytes.prefix(min(bodyStart, 2_000)), as: UTF8.self)
            throw BenchmarkError("an answer without the length of its body is not understood:\n\(head)", kind: .answer)
        }
        status = Self.digits(bytes, after: 9)
        if let contentLength {
            guard bytes.count >= bodyStart + contentLength else { return nil }
            body = UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<bodyStart + contentLength])
            length = bodyStart + contentLength
        } else {
            let chunked = UnsafeMutableRawBufferPointer(rebasing: buffer[bodyStart...])
            guard let chunks = try ChunkedBody(chunked) else { return nil }
            length = bodyStart + chunks.length
            body = chunks.joined(chunked)
        }
    }

    private static let contentLengthName = Array("content-length:".utf8)
    private static let chunkedHeader = Array("transfer-encoding: chunked".utf8)

    private static func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let newline = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
        else { return nil }
        let end = UnsafeRawPointer(newline) - base
        return end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : nil
    }

    /// Whether a line begins with a text, which is in lower case.
    private static func hasPrefix(_ line: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
        guard line.count >= text.count else { return false }
        for index in 0..<text.count where line[index] | 0x20 != text[index] | 0x20 { return false }
        return true
    }

    /// The number behind an offset and spaces.
    private static func digits(_ bytes: UnsafeRawBufferPointer, after offset: Int) -> Int {
        var index = offset
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        // More digits than these are no length that anybody waits for.
        let end = min(bytes.count, index + 12)
        var number = 0
        while index < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            number = number &* 10 &+ Int(bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        return number
    }
}
