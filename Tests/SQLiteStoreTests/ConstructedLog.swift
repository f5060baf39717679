/// A write-ahead log that is put together frame by frame, with big-endian checksums.
///
/// Frames have 536 bytes, so that the header of frame 41 begins eight bytes in front of a sector's end.
struct ConstructedLog {
    static let pageSize = 512
    static let frameSize = 536

    /// The one frame among the first whose page number and mark lie in another sector than its salts.
    static let splitFrame = 41

    private(set) var bytes: [UInt8]

    private var sums: (UInt32, UInt32)
    private var salts: [UInt8]

    /// Begins with the header of a generation, the first salt of which counts up from one to the next.
    init(generation: UInt32 = 9) {
        salts = ConstructedLog.words((generation, ~generation))
        bytes = [0x37, 0x7f, 0x06, 0x83, 0x00, 0x2d, 0xe2, 0x18, 0, 0, 2, 0, 0, 0, 0, 0] + salts
        sums = ConstructedLog.sums(bytes[...], (0, 0))
        bytes += ConstructedLog.words(sums)
    }

    var frameCount: Int { (bytes.count - 32) / ConstructedLog.frameSize }

    /// Where a frame begins.
    static func offset(_ frame: Int) -> Int { 32 + frame * frameSize }

    /// What `add` puts on a page.
    static func page(_ number: UInt32, filled content: UInt8) -> [UInt8] {
        words((number, UInt32(content))) + [UInt8](repeating: content, count: pageSize - 8)
    }

    /// Adds a frame; one with a mark ends a transaction with a database of so many pages.
    mutating func add(_ number: UInt32, mark: UInt32 = 0, content: UInt8 = 0x55) {
        let page = ConstructedLog.page(number, filled: content)
        let start = ConstructedLog.words((number, mark))
        sums = ConstructedLog.sums(start[...], sums)
        sums = ConstructedLog.sums(page[...], sums)
        bytes += start + salts + ConstructedLog.words(sums) + page
    }

    /// Adds the frames that a longer generation before this one has left behind it.
    mutating func addRest(of former: ConstructedLog) {
        bytes += former.bytes.dropFirst(bytes.count)
    }

    /// Adds commits of one frame each, of the pages from 1,000 on, until there are so many frames.
    mutating func fill(to frameCount: Int) {
        while self.frameCount < frameCount { add(1_000 + UInt32(self.frameCount), mark: 100_000) }
    }

    /// Damages a byte of a frame.
    mutating func flip(_ byte: Int, ofFrame frame: Int) {
        bytes[ConstructedLog.offset(frame) + byte] ^= 0x10
    }

    /// Puts zeros in the place of bytes.
    mutating func erase(_ range: Range<Int>) {
        for byte in range { bytes[byte] = 0 }
    }

    static func sums(_ bytes: ArraySlice<UInt8>, _ former: (UInt32, UInt32)) -> (UInt32, UInt32) {
        var (first, second) = former
        var start = bytes.startIndex
        func word() -> UInt32 {
            defer { start += 4 }
            return UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
                | UInt32(bytes[start + 3])
        }
        while start < bytes.endIndex {
            first = first &+ word() &+ second
            second = second &+ word() &+ first
        }
        return (first, second)
    }

    static func words(_ words: (UInt32, UInt32)) -> [UInt8] {
        [words.0, words.1].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }
}
