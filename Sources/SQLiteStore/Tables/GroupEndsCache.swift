import Glibc

/// The ends of groups that had changes, of as many as there is room for; others are looked up.
///
/// With very many groups a look at one's list means pages of SQLite's cache that no cache of the processor holds. Here
/// it is one or two of its lines. Memory that was never needed is never taken.
struct GroupEndsCache: ~Copyable {
    /// A set of slots, two lines of a processor's cache, and a slot in it.
    private static let setSizeBytes = 128
    private static let slotSizeBytes = 24
    private static let slotsPerSet = setSizeBytes / slotSizeBytes

    /// A slot's words: the hash of its group, the last message, and the first one or 0 if that is not known.
    ///
    /// A flag in the second word tells that there may be others. A free slot is of queue number 0, which is none.
    private static let othersFlag: UInt64 = 1 << 63

    private let slots: UnsafeMutableRawPointer
    private let sizeBytes: Int
    private let shift: UInt64

    /// Slots that the batch under way has written.
    private var written: [Int] = []

    /// The slot in its set that the next group takes if all are taken.
    private var nextPlace = 0

    /// - Parameter sets: a power of two.
    init(sets: Int) {
        precondition(sets > 1 && sets.nonzeroBitCount == 1, "the sets are no power of two")
        sizeBytes = sets * GroupEndsCache.setSizeBytes
        shift = UInt64(64 - sets.trailingZeroBitCount)
        let memory = mmap(nil, sizeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { preconditionFailure("no memory for the ends of groups") }
        slots = memory
    }

    deinit {
        munmap(slots, sizeBytes)
    }

    /// What is known of a group of the queue with this number.
    func ends(of hash: GroupHash, number: Int64) -> GroupEnds? {
        place(of: hash, number: number).map { ends(at: $0) }
    }

    /// Sets what is known of a group, or forgets it.
    mutating func set(_ ends: GroupEnds?, of hash: GroupHash, number: Int64) {
        if let ends {
            let place = place(of: hash, number: number) ?? self.place(for: hash)
            write(ends, hash, to: place)
            written.append(place)
        } else if let place = place(of: hash, number: number) {
            free(place)
        }
    }

    /// Keeps what was done since the last time.
    mutating func keep() {
        written.removeAll(keepingCapacity: true)
    }

    /// Forgets the groups of which something was set since it was last kept.
    mutating func undo() {
        for place in written { free(place) }
        keep()
    }

    // MARK: Slots

    private func firstPlace(for hash: GroupHash) -> Int {
        Int(hash.bits &>> shift) &* GroupEndsCache.setSizeBytes
    }

    private func places(for hash: GroupHash) -> StrideTo<Int> {
        let first = firstPlace(for: hash)
        return stride(
            from: first,
            to: first + GroupEndsCache.slotsPerSet * GroupEndsCache.slotSizeBytes,
            by: GroupEndsCache.slotSizeBytes
        )
    }

    private func place(of hash: GroupHash, number: Int64) -> Int? {
        places(for: hash).first { word($0, 0) == hash.bits && ends(at: $0).last.number == number }
    }

    /// A slot for another group: one that is free, or else of a group without messages, or of any.
    private mutating func place(for hash: GroupHash) -> Int {
        for place in places(for: hash) where ends(at: place).isEmpty { return place }
        nextPlace = (nextPlace + 1) % GroupEndsCache.slotsPerSet
        return firstPlace(for: hash) + nextPlace * GroupEndsCache.slotSizeBytes
    }

    private func ends(at place: Int) -> GroupEnds {
        let (last, first) = (word(place, 1), word(place, 2))
        return GroupEnds(
            first: first == 0 ? nil : MessageKey(rawValue: Int64(first)),
            last: MessageKey(rawValue: Int64(last & ~GroupEndsCache.othersFlag)),
            mayHaveOthers: last & GroupEndsCache.othersFlag != 0
        )
    }

    private func write(_ ends: GroupEnds, _ hash: GroupHash, to place: Int) {
        let flag = ends.mayHaveOthers ? GroupEndsCache.othersFlag : 0
        set(hash.bits, place, 0)
        set(UInt64(ends.last.rawValue) | flag, place, 1)
        set(ends.first.map { UInt64($0.rawValue) } ?? 0, place, 2)
    }

    private func free(_ place: Int) {
        set(0, place, 1)
    }

    private func word(_ place: Int, _ index: Int) -> UInt64 {
        slots.load(fromByteOffset: place + index * 8, as: UInt64.self)
    }

    private func set(_ word: UInt64, _ place: Int, _ index: Int) {
        slots.storeBytes(of: word, toByteOffset: place + index * 8, as: UInt64.self)
    }
}
