/// A small random number generator whose sequence is told by its seed alone, on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of a range.
    ///
    /// Written out, for the standard library may change how it draws one.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True with a chance of so many in a hundred.
    mutating func isTrue(percent: Int) -> Bool {
        number(in: 1...100) <= percent
    }

    /// One of some values.
    mutating func one<Values: RandomAccessCollection>(of values: Values) -> Values.Element {
        values[values.index(values.startIndex, offsetBy: number(in: 0...values.count - 1))]
    }
}
