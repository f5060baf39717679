/// Finds, eight bytes at a time, how long a run of bytes needs no attention.
///
/// Bodies are mostly such runs, so this loop is what reading and writing them costs.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The bytes from `start` on that are printable ASCII, but no quote and no backslash.
    @inline(__always)
    static func lengthOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        length(bytes, from: start) { controls($0) | equal($0, "\"") | equal($0, "\\") | $0 }
    }

    /// The bytes from `start` on that a JSON string can hold as they are.
    @inline(__always)
    static func lengthOfUnescaped(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        length(bytes, from: start) { controls($0) | equal($0, "\"") | equal($0, "\\") }
    }

    /// The bytes from `start` on that XML can surely hold as they are; it ends at control characters and at 0xEF, too,
    /// of which some can stand there as well.
    @inline(__always)
    static func lengthOfXML(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        // `&` and `'` differ in the lowest bit only, `<` and `>` in the next one.
        length(bytes, from: start) { word in
            controls(word) | equal(word, "\"") | equal(word | ones, "'") | equal(word | ones << 1, ">")
                | zeroBytes(word ^ ones &* 0xEF)
        }
    }

    /// The bytes from `start` on that are ASCII and stand for themselves in a form.
    @inline(__always)
    static func lengthOfForm(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        length(bytes, from: start) { equal($0, "%") | equal($0, "+") | $0 }
    }

    /// The bytes before the first one whose highest bit is set in the marks of its word.
    @inline(__always)
    private static func length(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        marks: (UInt64) -> UInt64
    ) -> Int {
        var index = start
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let marks = marks(word) & highs
            // The lowest mark is exact; those above it may stem from a borrow.
            if marks != 0 { return index &- start &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < bytes.count, marks(ones &* UInt64(bytes[index])) & highs == 0 {
            index &+= 1
        }
        return index &- start
    }

    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 {
        (word &- ones &* 0x20) & ~word
    }

    @inline(__always)
    private static func equal(_ word: UInt64, _ letter: Unicode.Scalar) -> UInt64 {
        zeroBytes(word ^ ones &* UInt64(letter.value))
    }

    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word
    }
}
