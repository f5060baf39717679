/// The changes of message groups that `group_messages` may not have yet.
///
/// They lie in buckets by the first bits of the group's hash, so that those of one bucket change pages side by side.
/// Not a second truth: they are read from `group_changes` at each start. No more of them are kept than some for each
/// bucket, however many groups there are.
package struct GroupBuffer {
    /// How much is kept.
    package struct Size: Sendable {
        /// A power of two.
        package var buckets = 8_192

        /// Changes of a bucket that are made at once, on average.
        package var changesPerBucket = 16

        /// The usual ones.
        package init() {}
    }

    enum State {
        /// The message came; `group_messages` does not have it.
        case added

        /// The same, but the last process may have put it into `group_messages`.
        case perhapsStored

        /// The message is gone; `group_messages` may have it.
        case removed
    }

    struct Entry {
        let hash: GroupHash
        let key: MessageKey
        var state: State
    }

    let size: Size
    private var buckets: [[Entry]]
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
        Int(hash.high &>> shift)
    }

    /// Whether so much has changed in a bucket that it should be made at once.
    func isFull(_ bucket: Int) -> Bool {
        buckets[bucket].count >= 2 * size.changesPerBucket
    }

    mutating func append(_ entry: Entry) {
        buckets[bucket(of: entry.hash)].append(entry)
    }

    /// What is known of a message.
    func state(of key: MessageKey, _ hash: GroupHash) -> State? {
        let bucket = bucket(of: hash)
        return place(of: key, bucket).map { buckets[bucket][$0].state }
    }

    /// Sets what is known of a message, or forgets it.
    mutating func set(_ state: State?, of key: MessageKey, _ hash: GroupHash) {
        let bucket = bucket(of: hash)
        switch (place(of: key, bucket), state) {
        case (let place?, let state?): buckets[bucket][place].state = state
        case (let place?, nil): buckets[bucket].remove(at: place)
        case (nil, let state?): buckets[bucket].append(Entry(hash: hash, key: key, state: state))
        case (nil, nil): break
        }
    }

    /// Empties a bucket.
    mutating func take(_ bucket: Int) -> [Entry] {
        guard !buckets[bucket].isEmpty else { return [] }
        defer { buckets[bucket] = [] }
        return buckets[bucket]
    }

    private func place(of key: MessageKey, _ bucket: Int) -> Int? {
        buckets[bucket].firstIndex { $0.key == key }
    }
}
