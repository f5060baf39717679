internal import Glibc

/// A body that comes in chunks, as some servers send what is longer than their buffer.
struct ChunkedBody {
    /// Bytes from the first chunk's size to the end of the last chunk.
    let length: Int

    private let chunks: [Range<Int>]

    /// The body that `bytes` starts with; nil while it is incomplete.
    init?(_ bytes: UnsafeMutableRawBufferPointer) throws(BenchmarkError) {
        var chunks: [Range<Int>] = []
        var position = 0
        while true {
            var size = 0
            let digitsStart = position
            while position < bytes.count, let digit = Self.hexadecimal(bytes[position]) {
                guard position - digitsStart < 8 else { throw Self.malformed }
                size = size * 16 + digit
                position += 1
            }
            guard position < bytes.count else { return nil }
            guard position > digitsStart else { throw Self.malformed }
            // Extensions of a chunk mean nothing to anybody.
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            let start = position + 1
            position = start + size + 2
            guard position <= bytes.count else { return nil }
            guard bytes[position - 2] == UInt8(ascii: "\r"), bytes[position - 1] == UInt8(ascii: "\n") else {
                throw Self.malformed
            }
            if size == 0 { break }
            chunks.append(start..<start + size)
        }
        self.chunks = chunks
        length = position
    }

    /// Moves the chunks together, over their sizes.
    func joined(_ bytes: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = 0
        for chunk in chunks {
            bytes.baseAddress.map { _ = memmove($0 + end, $0 + chunk.lowerBound, chunk.count) }
            end += chunk.count
        }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<end])
    }

    private static var malformed: BenchmarkError {
        BenchmarkError("a body in chunks is malformed, or has trailers", kind: .answer)
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
