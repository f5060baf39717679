/// Tells of nearly all ids that were never noted that they were not, without a look at any table.
///
/// A filter after Bloom: an id sets six bits of one block, which is one line of the processor's cache; its 64 bits are
/// a hash already. With twenty bits for each id, one in some thousands is taken for noted that is not: that costs a
/// look through a minute of ids, so it has to be rare.
package struct IdFilter {
    private struct Segment {
        static let wordsPerBlock = 8
        static let idsPerBlock = 24

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
            var places = Segment.places(hash)
            for _ in 0..<Segment.placeCount {
                words[first + Segment.word(places)] |= Segment.bit(places)
                places >>= 9
            }
            idsLeft -= 1
        }

        func mayHold(_ hash: UInt64) -> Bool {
            let first = firstWord(hash)
            var places = Segment.places(hash)
            for _ in 0..<Segment.placeCount {
                guard words[first + Segment.word(places)] & Segment.bit(places) != 0 else { return false }
                places >>= 9
            }
            return true
        }

        /// From the upper 28 bits.
        private func firstWord(_ hash: UInt64) -> Int {
            Int(((hash >> 36) * blockCount) >> 28) * Segment.wordsPerBlock
        }

        private static let placeCount = 6

        /// Nine bits for each place of the block's 512: the upper ones of a product, which all of the hash has a part
        /// in, for those of the hash itself are nearly the same within a block.
        private static func places(_ hash: UInt64) -> UInt64 {
            (hash &* 0x9e37_79b9_7f4a_7c15) >> 10
        }

        private static func word(_ places: UInt64) -> Int { Int(places >> 6 & 7) }

        private static func bit(_ places: UInt64) -> UInt64 { 1 << (places & 63) }
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
