internal import NIOCore
internal import NIOHTTP1

/// The status line and the headers of an answer.
///
/// They are written by hand, straight in front of the body: NIO's encoder takes a list of strings, and its parts travel
/// through the pipeline one by one.
struct AnswerHead {
    /// Bytes that every head fits into.
    ///
    /// What is written is ours, down to the codes of errors; nothing of a request comes back in a head.
    static let sizeBytesMax = 512

    /// The status.
    let status: HTTPResponseStatus

    /// Content-Type.
    let contentType: String

    /// Content-Length.
    let contentLength: Int

    /// x-amzn-RequestId.
    let requestId: RequestId

    /// Headers that only this answer has.
    let extraHeaders: [(String, String)]

    /// Connection, if it has to be said.
    let connection: StaticString?

    /// Writes the head in front of what can be read of a buffer that was made with room for it.
    func write(before body: inout ByteBuffer) {
        withUnsafeTemporaryAllocation(byteCount: Self.sizeBytesMax, alignment: 8) { space in
            var text = Text(space: space)
            if status == .ok {
                text.add(fixed: "HTTP/1.1 200 OK\r\n")
            } else {
                text.add(fixed: "HTTP/1.1 ")
                text.add(Int(status.code))
                text.add(fixed: " ")
                text.add(status.reasonPhrase)
                text.add(fixed: "\r\n")
            }
            text.add(fixed: "Content-Type: ")
            text.add(contentType)
            text.add(fixed: "\r\nContent-Length: ")
            text.add(contentLength)
            text.add(fixed: "\r\nx-amzn-RequestId: ")
            text.add(requestId)
            for (name, value) in extraHeaders {
                text.add(fixed: "\r\n")
                text.add(name)
                text.add(fixed: ": ")
                text.add(value)
            }
            if let connection {
                text.add(fixed: "\r\nConnection: ")
                text.add(fixed: connection)
            }
            text.add(fixed: "\r\n\r\n")
            let start = body.readerIndex - text.length
            precondition(start >= 0, "the answer was made without room for its head")
            body.setBytes(UnsafeRawBufferPointer(rebasing: space[..<text.length]), at: start)
            body.moveReaderIndex(to: start)
        }
    }

    /// Bytes that are put together one piece after the other.
    private struct Text {
        let space: UnsafeMutableRawBufferPointer
        var length = 0

        mutating func add(fixed piece: StaticString) {
            add(UnsafeRawBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount))
        }

        mutating func add(_ piece: String) {
            var piece = piece
            piece.withUTF8 { letters in
                precondition(letters.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "a header must not break its line")
                add(UnsafeRawBufferPointer(letters))
            }
        }

        mutating func add(_ number: Int) {
            precondition(number >= 0, "lengths and statuses are no negative numbers")
            var digits = 1
            var rest = number / 10
            while rest > 0 {
                digits += 1
                rest /= 10
            }
            rest = number
            precondition(length + digits <= space.count, "a head has bounded size")
            for place in stride(from: length + digits - 1, through: length, by: -1) {
                space[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            length += digits
        }

        mutating func add(_ id: RequestId) {
            precondition(length + RequestId.length <= space.count, "a head has bounded size")
            id.write(into: UnsafeMutableRawBufferPointer(rebasing: space[length...]))
            length += RequestId.length
        }

        private mutating func add(_ bytes: UnsafeRawBufferPointer) {
            precondition(length + bytes.count <= space.count, "a head has bounded size")
            UnsafeMutableRawBufferPointer(rebasing: space[length...]).copyMemory(from: bytes)
            length += bytes.count
        }
    }
}
