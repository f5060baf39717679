/// Tells of nearly all ids that were never noted that they were not, without a look at any table.
///
/// A filter after Bloom: an id sets four bits of one block, which is one line of the processor's cache; its 64 bits are
/// a hash already. With sixteen bits for each id, one in some hundreds is taken for noted that is not.
package struct IdFilter {
    private struct Segment {
        static let wordsPerBlock = 8
        static let idsPerBlock = 32

        private(set) var words: [UInt64]
        private(set) var idsLeft: Int
        private let blockCount: UInt64

        init(ids: Int) {
            let blocks = (ids + Segment.idsPerBlock - 1) / Segment.idsPerBlock
            words = Array(repeating: 0, count: blocks * Segment.wordsPerBlock)
            idsLeft = blocks * Segment.idsPerBlock
            blockCount = UInt64(blocks)
        }

        var ids: Int { Int(blockCount) * Segment.idsPerBlock }

        mutating func note(_ hash: UInt64) {
            let first = firstWord(hash)
            for shift in Segment.shifts {
                words[first + Segment.word(hash >> shift)] |= Segment.bit(hash >> shift)
            }
            idsLeft -= 1
        }

        func mayHold(_ hash: UInt64) -> Bool {
            let first = firstWord(hash)
            for shift in Segment.shifts {
                guard words[first + Segment.word(hash >> shift)] & Segment.bit(hash >> shift) != 0 else { return false }
            }
            return true
        }

        /// From the upper 28 bits; the places of the bits come from the lower ones.
        private func firstWord(_ hash: UInt64) -> Int {
            Int(((hash >> 36) * blockCount) >> 28) * Segment.wordsPerBlock
        }

        /// Nine bits of the hash for each place of the block's 512.
        private static var shifts: StrideTo<UInt64> { stride(from: 0, to: 36, by: 9) }

        private static func word(_ hash: UInt64) -> Int { Int(hash >> 6 & 7) }

        private static func bit(_ hash: UInt64) -> UInt64 { 1 << (hash & 63) }
    }

    private static let idsMin = 512
    /// A filter is made at once, and its memory is to be bounded: larger ones grow.
    private static let idsMax = 1 << 20

    private var segments: [Segment]

    /// How many ids were noted.
    package private(set) var count = 0

    /// A filter that is the faster the fewer ids come than are expected.
    package init(expecting ids: Int) {
        segments = [Segment(ids: min(max(ids, IdFilter.idsMin), IdFilter.idsMax))]
    }

    package mutating func note(_ hash: UInt64) {
        if segments[segments.count - 1].idsLeft == 0 {
            segments.append(Segment(ids: min(segments[segments.count - 1].ids * 2, IdFilter.idsMax)))
        }
        segments[segments.count - 1].note(hash)
        count += 1
    }

    /// Whether an id may have been noted; if not, it was not.
    package func mayHold(_ hash: UInt64) -> Bool {
        segments.contains { $0.mayHold(hash) }
    }
}
