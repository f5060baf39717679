internal import QueueModel

/// Makes the random UUIDs that requests are told apart by.
///
/// They need to be unique, not secret: two generators are seeded from the system once, so that no request pays for a
/// system call.
struct RequestIdSource {
    private var high: UInt64
    private var low: UInt64

    init() {
        var system = SystemRandomNumberGenerator()
        high = system.next()
        low = system.next()
    }

    /// The next id: a UUID of version 4 in its usual form.
    mutating func next() -> String {
        let left = RequestIdSource.step(&high) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let right = RequestIdSource.step(&low) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: UUIDText.length) { letters in
            UUIDText.write(high: left, low: right, into: UnsafeMutableRawBufferPointer(letters))
            return UUIDText.length
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private static func step(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
