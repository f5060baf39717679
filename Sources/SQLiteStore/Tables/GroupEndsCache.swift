import Glibc
import SQLite

/// The ends of groups that had changes, of as many as there is room for; others are looked up.
///
/// With very many groups a look at one's list means pages of SQLite's cache that no cache of the processor holds. Here
/// it is one or a few of its lines. The sets of slots become more one by one as groups with messages do (linear
/// hashing), so that no step is long. They do not become fewer, and keep the groups of queues that were purged or
/// deleted: that is for the owner to end, by `forgetAll`.
struct GroupEndsCache: ~Copyable {
    /// A set of slots, four lines of a processor's cache, and a slot in it.
    private static let setSizeBytes = 256
    private static let slotSizeBytes = 24
    private static let slotsPerSet = setSizeBytes / slotSizeBytes

    /// Groups with messages to a set, on average, before there are more sets: one or two in a thousand are more than
    /// their set has slots for.
    private static let groupsPerSet = 4

    /// Sets that a commit adds at most, so that none takes long.
    private static let setsPerCommit = 128

    /// A slot's words: the hash of its group, the last message, and the first one or 0 if that is not known.
    ///
    /// A flag in the second word tells that there may be others. A free slot is of queue number 0, which is none.
    private static let othersFlag: UInt64 = 1 << 63

    private let slots: UnsafeMutableRawPointer
    private let sets: ClosedRange<Int>

    /// Sets in use, and as many bits of a hash as tell them apart.
    private var setCount: Int
    private var mask: Int

    /// Slots of groups with messages, or that had some when their queue was purged or deleted.
    private var groupCount = 0

    /// Slots that the batch under way has written.
    private var written: [Int] = []

    /// The slot in its set that the next group takes if all are taken.
    private var nextPlace = 0

    /// Takes addresses for all the sets there may be, and memory for those in use.
    ///
    /// - Parameter sets: how many there are at first, and at most.
    /// - Throws: if the system gives no addresses.
    init(sets: ClosedRange<Int>) throws(SQLiteError) {
        precondition(sets.lowerBound.nonzeroBitCount == 1, "the sets of the ends of groups are no power of two")
        let sizeBytes = sets.upperBound * GroupEndsCache.setSizeBytes
        let (protection, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
        guard let memory = mmap(nil, sizeBytes, protection, flags, -1, 0), memory != MAP_FAILED else {
            throw .noMemory(for: "the ends of message groups, \(sizeBytes) bytes")
        }
        slots = memory
        self.sets = sets
        (setCount, mask) = GroupEndsCache.start(sets)
    }

    deinit {
        munmap(slots, sets.upperBound * GroupEndsCache.setSizeBytes)
    }

    private static func start(_ sets: ClosedRange<Int>) -> (setCount: Int, mask: Int) {
        (sets.lowerBound, sets.lowerBound - 1)
    }

    /// How many groups with messages there are sets for; nothing if they are no more than at first.
    var grownCapacity: Int? { setCount > sets.lowerBound ? setCount * GroupEndsCache.groupsPerSet : nil }

    /// What is known of a group of the queue with this number.
    func ends(of hash: GroupHash, number: Int64) -> GroupEnds? {
        place(of: hash, number: number).map { ends(at: $0) }
    }

    /// Sets what is known of a group, or forgets it.
    mutating func set(_ ends: GroupEnds?, of hash: GroupHash, number: Int64) {
        if let ends {
            let place = place(of: hash, number: number) ?? placeToTake(for: hash)
            groupCount += (ends.isEmpty ? 0 : 1) - (isEmpty(at: place) ? 0 : 1)
            write(ends, hash, to: place)
            written.append(place)
        } else if let place = place(of: hash, number: number) {
            free(place)
        }
    }

    /// Keeps what was done since the last time.
    mutating func keep() {
        written.removeAll(keepingCapacity: true)
        // Not before: a slot that is moved could not be found again to be forgotten.
        var setsLeft = GroupEndsCache.setsPerCommit
        while setsLeft > 0, isTooSmall {
            addSet()
            setsLeft -= 1
        }
    }

    /// Whether there should be more sets.
    ///
    /// A doubling that was begun is finished: sets that are not divided yet have twice as many groups as the others.
    private var isTooSmall: Bool {
        let isDividing = setCount <= mask
        return setCount < sets.upperBound && (isDividing || groupCount > setCount * GroupEndsCache.groupsPerSet)
    }

    /// Forgets the groups of which something was set since it was last kept.
    mutating func undo() {
        for place in written { free(place) }
        written.removeAll(keepingCapacity: true)
    }

    /// Forgets all groups and gives the memory back.
    mutating func forgetAll() {
        let result = madvise(slots, setCount * GroupEndsCache.setSizeBytes, MADV_DONTNEED)
        precondition(result == 0, "memory of our own could not be given back")
        (setCount, mask) = GroupEndsCache.start(sets)
        groupCount = 0
        written.removeAll()
    }

    /// Goes through all groups of which something is known.
    func walk<Failure>(_ look: (GroupHash, GroupEnds) throws(Failure) -> Void) throws(Failure) {
        for set in 0..<setCount {
            for place in GroupEndsCache.places(in: set) where ends(at: place).last.number != 0 {
                try look(GroupHash(bits: word(place, 0)), ends(at: place))
            }
        }
    }

    // MARK: Sets

    private func set(of hash: GroupHash) -> Int {
        let wide = Int(truncatingIfNeeded: hash.bits) & mask
        return wide < setCount ? wide : wide & (mask >> 1)
    }

    private static func places(in set: Int) -> StrideTo<Int> {
        let first = set * setSizeBytes
        return stride(from: first, to: first + slotsPerSet * slotSizeBytes, by: slotSizeBytes)
    }

    /// Adds a set, with those groups of the one that it shares their last bits with that belong there now.
    private mutating func addSet() {
        let added = setCount
        if added > mask { mask = mask << 1 | 1 }
        let former = added & (mask >> 1)
        setCount += 1
        let distance = (added - former) * GroupEndsCache.setSizeBytes
        for place in GroupEndsCache.places(in: former) where set(of: GroupHash(bits: word(place, 0))) == added {
            for index in 0..<3 { set(word(place, index), place + distance, index) }
            set(0, place, 1)
        }
    }

    // MARK: Slots

    private func place(of hash: GroupHash, number: Int64) -> Int? {
        for place in GroupEndsCache.places(in: set(of: hash))
        where word(place, 0) == hash.bits && ends(at: place).last.number == number {
            return place
        }
        return nil
    }

    /// A slot for another group: one that is free, or else of a group without messages, or of any.
    private mutating func placeToTake(for hash: GroupHash) -> Int {
        let set = set(of: hash)
        for place in GroupEndsCache.places(in: set) where isEmpty(at: place) { return place }
        nextPlace = (nextPlace + 1) % GroupEndsCache.slotsPerSet
        return set * GroupEndsCache.setSizeBytes + nextPlace * GroupEndsCache.slotSizeBytes
    }

    private func ends(at place: Int) -> GroupEnds {
        let (last, first) = (word(place, 1), word(place, 2))
        return GroupEnds(
            first: first == 0 ? nil : MessageKey(rawValue: Int64(first)),
            last: MessageKey(rawValue: Int64(last & ~GroupEndsCache.othersFlag)),
            mayHaveOthers: last & GroupEndsCache.othersFlag != 0
        )
    }

    /// Whether a slot is free or of a group without messages.
    private func isEmpty(at place: Int) -> Bool {
        ends(at: place).isEmpty
    }

    private func write(_ ends: GroupEnds, _ hash: GroupHash, to place: Int) {
        let flag = ends.mayHaveOthers ? GroupEndsCache.othersFlag : 0
        set(hash.bits, place, 0)
        set(UInt64(ends.last.rawValue) | flag, place, 1)
        set(ends.first.map { UInt64($0.rawValue) } ?? 0, place, 2)
    }

    private mutating func free(_ place: Int) {
        groupCount -= isEmpty(at: place) ? 0 : 1
        set(0, place, 1)
    }

    private func word(_ place: Int, _ index: Int) -> UInt64 {
        slots.load(fromByteOffset: place + index * 8, as: UInt64.self)
    }

    private func set(_ word: UInt64, _ place: Int, _ index: Int) {
        slots.storeBytes(of: word, toByteOffset: place + index * 8, as: UInt64.self)
    }
}
