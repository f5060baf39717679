import Crypto

/// 64 bits that stand for a message group of a queue.
///
/// Two groups of the same hash would count as one in which each message waits for those before it: nothing of either
/// is out of order. Of a million groups two have the same by chance in one of 37 million queues.
struct GroupHash: Hashable {
    let bits: UInt64

    /// As it stands in a column.
    var integer: Int64 { Int64(bitPattern: bits) }
}

/// Hashes message groups with a key: SipHash-2-4 with a result of 128 bits, of which a group takes the first 64.
///
/// Without the key nobody can choose names that have the same.
package struct GroupHasher {
    /// Bits that a group takes of it.
    package static let bits = 64

    private let key: (UInt64, UInt64)
    private let bits: Int

    /// Takes the store's secret, of which the key tells nothing.
    init(secret: [UInt8], bits: Int = GroupHasher.bits) {
        let digest = SHA256.hash(data: Array("message groups".utf8) + secret)
        self.init(key: digest.withUnsafeBytes { ($0.loadLittle(0), $0.loadLittle(8)) }, bits: bits)
    }

    /// Takes the key itself.
    package init(key: (UInt64, UInt64), bits: Int = GroupHasher.bits) {
        precondition((1...GroupHasher.bits).contains(bits), "a group has no hash of \(bits) bits")
        self.key = key
        self.bits = bits
    }

    func hash(number: Int64, group: String) -> GroupHash {
        var group = group
        return group.withUTF8 { name in
            GroupHash(bits: hash(prefix: UInt64(bitPattern: number), UnsafeRawBufferPointer(name)).0 & ~(.max >> bits))
        }
    }

    /// Hashes bytes behind a number, if there is one.
    package func hash(prefix: UInt64?, _ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var state = State(key)
        if let prefix {
            state.add(prefix)
        }
        let end = bytes.count - bytes.count % 8
        var start = 0
        while start < end {
            state.add(bytes.loadLittle(start))
            start += 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count + (prefix == nil ? 0 : 8)) << 56
        for index in end..<bytes.count {
            last |= UInt64(bytes[index]) << UInt64(8 * (index - end))
        }
        state.add(last)
        return state.finish()
    }

    private struct State {
        private var v0, v1, v2, v3: UInt64

        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        mutating func add(_ word: UInt64) {
            v3 ^= word
            mix()
            mix()
            v0 ^= word
        }

        mutating func finish() -> (UInt64, UInt64) {
            v2 ^= 0xee
            for _ in 0..<4 { mix() }
            let first = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { mix() }
            return (first, v0 ^ v1 ^ v2 ^ v3)
        }

        private mutating func mix() {
            v0 &+= v1
            v1 = rotated(v1, 13) ^ v0
            v0 = rotated(v0, 32)
            v2 &+= v3
            v3 = rotated(v3, 16) ^ v2
            v0 &+= v3
            v3 = rotated(v3, 21) ^ v0
            v2 &+= v1
            v1 = rotated(v1, 17) ^ v2
            v2 = rotated(v2, 32)
        }

        private func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
            word &<< count | word &>> (64 - count)
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func loadLittle(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
