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
        package var changesPerBucket = 16

        /// Sets of groups whose ends are known, a power of two: with so many 2,600,000 groups in 64 MiB.
        package var cacheSets = 1 << 19

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

    /// What a batch has done to a bucket, for when it is rolled back.
    private enum Step {
        case appended(bucket: Int)
        case changed(bucket: Int, place: Int, former: State)
        case removed(bucket: Int, place: Int, Entry)
        case taken(bucket: Int, [Entry])
    }

    let size: Size
    private var buckets: [[Entry]]
    private var steps: [Step] = []
    private let shift: UInt64

    init(_ size: Size) {
        precondition(size.buckets > 1 && size.buckets.nonzeroBitCount == 1, "the buckets are no power of two")
        self.size = size
        buckets = Array(repeating: [], count: size.buckets)
        shift = UInt64(64 - size.buckets.trailingZeroBitCount)
    }

    /// What has changed in the groups that share a bucket with this one: for each message one entry, and those of a
    /// group in the order in which they came.
    func entries(near hash: GroupHash) -> [Entry] {
        buckets[bucket(of: hash)]
    }

    func bucket(of hash: GroupHash) -> Int {
        Int(hash.bits &>> shift)
    }

    func isEmpty(_ bucket: Int) -> Bool {
        buckets[bucket].isEmpty
    }

    /// Whether so much has changed in a bucket that it should be stored at once.
    func isFull(_ bucket: Int) -> Bool {
        buckets[bucket].count >= 2 * size.changesPerBucket
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
        guard let place = buckets[bucket].firstIndex(where: { $0.key == key }) else {
            if isEntered { append(Entry(hash: hash, key: key, state: .removed)) }
            return true
        }
        let former = buckets[bucket][place].state
        if isEntered && former != .added {
            steps.append(.changed(bucket: bucket, place: place, former: former))
            buckets[bucket][place].state = .removed
        } else {
            steps.append(.removed(bucket: bucket, place: place, buckets[bucket].remove(at: place)))
        }
        return former != .added
    }

    /// Takes the first entries out of a bucket.
    mutating func take(_ count: Int, from bucket: Int) -> [Entry] {
        guard !buckets[bucket].isEmpty else { return [] }
        let taken = Array(buckets[bucket].prefix(count))
        buckets[bucket] = Array(buckets[bucket].dropFirst(count))
        steps.append(.taken(bucket: bucket, taken))
        return taken
    }

    /// Keeps what was done since the last time.
    mutating func keep() {
        steps.removeAll(keepingCapacity: true)
    }

    /// Takes back what was done since it was last kept.
    mutating func undo() {
        while let step = steps.popLast() {
            switch step {
            case .appended(let bucket): buckets[bucket].removeLast()
            case .changed(let bucket, let place, let former): buckets[bucket][place].state = former
            case .removed(let bucket, let place, let entry): buckets[bucket].insert(entry, at: place)
            case .taken(let bucket, let entries): buckets[bucket].insert(contentsOf: entries, at: 0)
            }
        }
    }
}
