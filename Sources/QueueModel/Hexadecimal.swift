/// Lower-case hexadecimal digits, eight at a time.
package enum Hexadecimal {
    /// Writes the sixteen digits of a number.
    package static func write(_ word: UInt64, into output: UnsafeMutableRawBufferPointer, at offset: Int) {
        let upper = digits(of: UInt32(truncatingIfNeeded: word >> 32))
        let lower = digits(of: UInt32(truncatingIfNeeded: word))
        output.storeBytes(of: upper.bigEndian, toByteOffset: offset, as: UInt64.self)
        output.storeBytes(of: lower.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    }

    /// The eight letters of a number's digits, the first one highest.
    private static func digits(of word: UInt32) -> UInt64 {
        // Each step halves the groups, until each byte holds one digit.
        var spread = UInt64(word)
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        // The digits from ten on carry into the upper half of their byte.
        let fromTenOn = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let distance = UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
        return spread &+ 0x3030_3030_3030_3030 &+ fromTenOn &* distance
    }
}

/// The usual form of a UUID: its digits in groups of 8, 4, 4, 4 and 12, with hyphens between them.
package enum UUIDText {
    /// Letters of a UUID.
    package static let length = 36

    /// Writes the letters of the UUID that has these sixteen bytes, the first byte highest.
    package static func write(high: UInt64, low: UInt64, into output: UnsafeMutableRawBufferPointer) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digits in
            Hexadecimal.write(high, into: digits, at: 0)
            Hexadecimal.write(low, into: digits, at: 16)
            let hyphen = UInt8(ascii: "-")
            (output[8], output[13], output[18], output[23]) = (hyphen, hyphen, hyphen, hyphen)
            copy(digits[0..<8], to: output, at: 0)
            copy(digits[8..<12], to: output, at: 9)
            copy(digits[12..<16], to: output, at: 14)
            copy(digits[16..<20], to: output, at: 19)
            copy(digits[20..<32], to: output, at: 24)
        }
    }

    private static func copy(
        _ digits: Slice<UnsafeMutableRawBufferPointer>,
        to output: UnsafeMutableRawBufferPointer,
        at offset: Int
    ) {
        UnsafeMutableRawBufferPointer(rebasing: output[offset...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: digits))
    }
}
