import QueueModel

/// 64 bits that stand for a message group of a queue.
///
/// Two groups of the same hash would count as one in which each message waits for those before it: nothing of either
/// is out of order. Of a million groups two have the same by chance in one of 37 million queues.
struct GroupHash: Hashable {
    let bits: UInt64

    /// As it stands in a column.
    var integer: Int64 { Int64(bitPattern: bits) }
}

/// Hashes message groups with a key: without it nobody can choose names that have the same hash.
package struct GroupHasher {
    /// Bits that a group takes of it.
    package static let bits = 64

    private let sip: SipHash
    private let bits: Int

    /// Takes the store's secret, of which the hashes tell nothing.
    init(secret: [UInt8], bits: Int = GroupHasher.bits) {
        precondition((1...GroupHasher.bits).contains(bits), "a group has no hash of \(bits) bits")
        sip = SipHash(secret: secret, purpose: "message groups")
        self.bits = bits
    }

    func hash(number: Int64, group: String) -> GroupHash {
        var group = group
        return group.withUTF8 { hash(number: number, group: UnsafeRawBufferPointer($0)) }
    }

    /// The same of a name's bytes.
    func hash(number: Int64, group: UnsafeRawBufferPointer) -> GroupHash {
        GroupHash(bits: hash(number: number, group) & ~(.max >> bits))
    }

    /// Hashes bytes that belong to a number.
    func hash(number: Int64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = sip.begin()
        state.add(UInt64(bitPattern: number))
        return state.finish(with: bytes).first
    }
}
