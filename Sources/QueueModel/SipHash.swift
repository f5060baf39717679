internal import Crypto

/// SipHash-2-4 with a result of 128 bits (Aumasson and Bernstein): without the key nobody can foresee a hash, nor
/// choose texts that have the same.
///
/// It is a message authentication code for short texts, at a tenth of what HMAC costs for them.
package struct SipHash: Sendable {
    /// What a text comes to.
    package struct Value: Hashable, Sendable {
        package let first: UInt64
        package let second: UInt64

        /// Takes a value that was stored.
        package init(first: UInt64, second: UInt64) {
            self.first = first
            self.second = second
        }
    }

    private let key: (UInt64, UInt64)

    /// Makes a key for one purpose out of a secret of which the key tells nothing.
    package init(secret: [UInt8], purpose: String) {
        let digest = SHA256.hash(data: Array(purpose.utf8) + secret)
        self.init(key: digest.withUnsafeBytes { ($0.loadLittle(0), $0.loadLittle(8)) })
    }

    /// Takes the key itself.
    package init(key: (UInt64, UInt64)) {
        self.key = key
    }

    /// Hashes bytes.
    package func hash(_ bytes: UnsafeRawBufferPointer) -> Value {
        var state = begin()
        return state.finish(with: bytes)
    }

    /// Begins with a text of several parts.
    package func begin() -> State {
        State(key)
    }

    /// The way through a text.
    package struct State {
        private var v0, v1, v2, v3: UInt64
        private var byteCount = 0

        fileprivate init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        /// Adds a number as eight bytes, the lowest first.
        package mutating func add(_ word: UInt64) {
            byteCount += 8
            compress(word)
        }

        /// Adds a text behind its length and fills it up with zeros, so that no two lists of texts are the same bytes.
        package mutating func add(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                add(UInt64(bytes.count))
                let bytes = UnsafeRawBufferPointer(bytes)
                let end = addWords(of: bytes)
                if end < bytes.count { add(bytes.loadLittleRest(end)) }
            }
        }

        /// Adds the last bytes and tells what it comes to.
        package mutating func finish(with bytes: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0))
            -> Value
        {
            let end = addWords(of: bytes)
            byteCount += bytes.count - end
            compress(bytes.loadLittleRest(end) | UInt64(truncatingIfNeeded: byteCount) << 56)
            v2 ^= 0xee
            for _ in 0..<4 { mix() }
            let first = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { mix() }
            return Value(first: first, second: v0 ^ v1 ^ v2 ^ v3)
        }

        /// Adds all that makes whole words, and tells where the rest begins.
        private mutating func addWords(of bytes: UnsafeRawBufferPointer) -> Int {
            var start = 0
            while start + 8 <= bytes.count {
                add(bytes.loadLittle(start))
                start += 8
            }
            return start
        }

        private mutating func compress(_ word: UInt64) {
            v3 ^= word
            mix()
            mix()
            v0 ^= word
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

    /// Less than eight bytes up to the end, and zeros.
    fileprivate func loadLittleRest(_ offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in offset..<count {
            word |= UInt64(self[index]) << UInt64(8 * (index - offset))
        }
        return word
    }
}
