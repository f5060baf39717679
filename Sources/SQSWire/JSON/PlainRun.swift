/// Finds, eight bytes at a time, how long a run of bytes needs no attention.
///
/// Bodies are mostly such runs, so this loop is what reading and writing them costs.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    private static let quotes = ones &* UInt64(UInt8(ascii: "\""))
    private static let backslashes = ones &* UInt64(UInt8(ascii: "\\"))

    /// The bytes from `start` on that are printable ASCII, but no quote and no backslash.
    @inline(__always)
    static func lengthOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        length(bytes, from: start, stopsAtNonASCII: true)
    }

    /// The bytes from `start` on that a JSON string can hold as they are.
    @inline(__always)
    static func lengthOfUnescaped(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        length(bytes, from: start, stopsAtNonASCII: false)
    }

    @inline(__always)
    private static func length(_ bytes: UnsafeRawBufferPointer, from start: Int, stopsAtNonASCII: Bool) -> Int {
        var index = start
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            var marks = (word &- ones &* 0x20) & ~word
            marks |= zeroBytes(word ^ quotes) | zeroBytes(word ^ backslashes)
            if stopsAtNonASCII { marks |= word }
            marks &= highs
            // The lowest mark is exact; those above it may stem from a borrow.
            if marks != 0 { return index &- start &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            if stopsAtNonASCII && byte >= 0x80 { break }
            index &+= 1
        }
        return index &- start
    }

    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word
    }
}
