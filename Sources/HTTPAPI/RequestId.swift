internal import QueueModel

/// What a request is told apart by: a UUID of version 4.
struct RequestId {
    /// Letters of an id.
    static let length = UUIDText.length

    fileprivate let high: UInt64
    fileprivate let low: UInt64

    /// The id in its usual form.
    var text: String {
        String(unsafeUninitializedCapacity: Self.length) { letters in
            write(into: UnsafeMutableRawBufferPointer(letters))
            return Self.length
        }
    }

    /// Writes the id in its usual form.
    func write(into output: UnsafeMutableRawBufferPointer) {
        UUIDText.write(high: high, low: low, into: output)
    }
}

/// Makes the ids of requests.
///
/// They need to be unique, not secret: two generators are seeded from the system once, so that no request pays for a
/// system call.
struct RequestIdSource {
    private var high: SplitMix64
    private var low: SplitMix64

    init() {
        var system = SystemRandomNumberGenerator()
        high = SplitMix64(seed: system.next())
        low = SplitMix64(seed: system.next())
    }

    /// The next id.
    mutating func next() -> RequestId {
        RequestId(
            high: high.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
            low: low.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }
}
