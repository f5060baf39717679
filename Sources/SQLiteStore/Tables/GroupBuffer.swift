/// The changes of message groups that `group_messages` may not have yet.
///
/// They lie in buckets by the first bits of the group's hash, so that those of one bucket and one queue change pages
/// side by side. Not a second truth: they are what the rows of `group_changes` tell. No more of them are kept than some
/// for each bucket, however many groups there are, but for what a start has found no room to store.
package struct GroupBuffer {
    /// How much is kept.
    package struct Size: Sendable {
        /// A power of two.
        package var buckets = 8_192

        /// Changes of a bucket that are stored at once, on average.
        package var changesPerBucket = 32

        /// Sets of groups whose ends are known, at first and at most: then 64 MiB, which 1,000,000 groups with messages
        /// fill.
        package var cacheSets = 16...1 << 18

        /// The usual ones.
        package init() {}
    }

    enum State {
        /// The message came; `group_messages` does not have it.
        case added

        /// The same, but the last process, or this start, may have put it into `group_messages`.
        case perhapsStored

        /// The message is gone; `group_messages` may have it.
        case removed
    }

    struct Entry {
        let hash: GroupHash
        let key: MessageKey
        var state: State
    }

    /// The changes of the groups whose hashes begin alike.
    private struct Bucket {
        private(set) var entries: [Entry] = []

        /// A bit of 64 for each message among them, and for some that are no more, so that most of those that are not
        /// there need not be looked for.
        private var marks: UInt64 = 0

        /// Where the entry of a message is; most that are asked for came not long ago.
        func place(of key: MessageKey) -> Int? {
            guard marks & Bucket.mark(of: key) != 0 else { return nil }
            return entries.lastIndex { $0.key == key }
        }

        mutating func append(_ entry: Entry) {
            entries.append(entry)
            marks |= Bucket.mark(of: entry.key)
        }

        mutating func insert(_ inserted: some Collection<Entry>, at place: Int) {
            entries.insert(contentsOf: inserted, at: place)
            for entry in inserted { marks |= Bucket.mark(of: entry.key) }
        }

        mutating func set(_ state: State, at place: Int) {
            entries[place].state = state
        }

        mutating func remove(at place: Int) -> Entry {
            entries.remove(at: place)
        }

        mutating func removeLast() {
            entries.removeLast()
        }

        /// Removes the first entries; the memory is kept, for the bucket fills up again.
        mutating func removeFirst(_ count: Int) {
            entries.removeFirst(count)
            marks = entries.reduce(0) { $0 | Bucket.mark(of: $1.key) }
        }

        private static func mark(of key: MessageKey) -> UInt64 {
            // The upper bits of a product with an odd number differ for keys that follow each other.
            1 << ((UInt64(bitPattern: key.rawValue) &* 0x9E37_79B9_7F4A_7C15) &>> 58)
        }
    }

    /// What a batch has done to a bucket, for when it is rolled back.
    private enum Step {
        case appended(bucket: Int)
        case changed(bucket: Int, place: Int, former: State)
        case removed(bucket: Int, place: Int, Entry)
        case taken(bucket: Int, count: Int)
    }

    let size: Size
    private var buckets: [Bucket]
    private var steps: [Step] = []

    /// What the batch under way has taken, the last at the end.
    private var taken: [Entry] = []
    private let shift: UInt64

    init(_ size: Size) {
        precondition(size.buckets > 1 && size.buckets.nonzeroBitCount == 1, "the buckets are no power of two")
        self.size = size
        buckets = Array(repeating: Bucket(), count: size.buckets)
        shift = UInt64(64 - size.buckets.trailingZeroBitCount)
    }

    /// What has changed in the groups that share a bucket with this one: for each message one entry, and those of a
    /// group in the order in which they came.
    func entries(near hash: GroupHash) -> [Entry] {
        buckets[bucket(of: hash)].entries
    }

    func bucket(of hash: GroupHash) -> Int {
        Int(hash.bits &>> shift)
    }

    func isEmpty(_ bucket: Int) -> Bool {
        buckets[bucket].entries.isEmpty
    }

    /// Whether so much has changed in a bucket that it should be stored at once.
    func isFull(_ bucket: Int) -> Bool {
        buckets[bucket].entries.count >= 2 * size.changesPerBucket
    }

    mutating func append(_ entry: Entry) {
        let bucket = bucket(of: entry.hash)
        buckets[bucket].append(entry)
        steps.append(.appended(bucket: bucket))
    }

    /// Enters that a message is gone, or if it is not to be entered, forgets what came of the message.
    ///
    /// - Returns: whether `group_messages` may have it. If not, nothing is entered.
    mutating func remove(_ key: MessageKey, _ hash: GroupHash, isEntered: Bool) -> Bool {
        let bucket = bucket(of: hash)
        guard let place = buckets[bucket].place(of: key) else {
            if isEntered { append(Entry(hash: hash, key: key, state: .removed)) }
            return true
        }
        let former = buckets[bucket].entries[place].state
        if isEntered && former != .added {
            steps.append(.changed(bucket: bucket, place: place, former: former))
            buckets[bucket].set(.removed, at: place)
        } else {
            steps.append(.removed(bucket: bucket, place: place, buckets[bucket].remove(at: place)))
        }
        return former != .added
    }

    /// Takes the first entries out of a bucket.
    mutating func take(_ count: Int, from bucket: Int) -> ArraySlice<Entry> {
        let first = taken.count
        taken += buckets[bucket].entries.prefix(count)
        let count = taken.count - first
        buckets[bucket].removeFirst(count)
        steps.append(.taken(bucket: bucket, count: count))
        return taken[first...]
    }

    /// Keeps what was done since the last time.
    mutating func keep() {
        steps.removeAll(keepingCapacity: true)
        taken.removeAll(keepingCapacity: true)
    }

    /// Takes back what was done since it was last kept.
    mutating func undo() {
        while let step = steps.popLast() {
            switch step {
            case .appended(let bucket): buckets[bucket].removeLast()
            case .changed(let bucket, let place, let former): buckets[bucket].set(former, at: place)
            case .removed(let bucket, let place, let entry): buckets[bucket].insert(CollectionOfOne(entry), at: place)
            case .taken(let bucket, let count):
                buckets[bucket].insert(taken.suffix(count), at: 0)
                taken.removeLast(count)
            }
        }
    }
}
