/// Base64 with the standard alphabet and padding (RFC 4648, section 4), as the service model's `blob` and receipt
/// handles are written.
package enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for index in 0..<64 { values[Int(alphabet.utf8Start[index])] = UInt8(index) }
        return values
    }()

    /// How many letters so many bytes become.
    package static func encodedCount(_ count: Int) -> Int {
        (count + 2) / 3 * 4
    }

    /// Writes the letters of some bytes and tells how many they are; there must be room for `encodedCount`.
    package static func encode(_ bytes: [UInt8], into output: UnsafeMutableRawBufferPointer) -> Int {
        bytes.withUnsafeBytes { encode($0, into: output) }
    }

    /// Writes the letters of some bytes and tells how many they are; there must be room for `encodedCount`.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        var written = 0
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            var group = UInt32(bytes[index]) << 16
            if rest > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if rest > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0..<4 {
                let letter = Int(group >> UInt32(18 - 6 * place) & 0x3F)
                output[written + place] = place <= rest ? alphabet.utf8Start[letter] : UInt8(ascii: "=")
            }
            written += 4
            index += 3
        }
        return written
    }

    /// The bytes behind the letters; nothing if they are not base64 with its padding, or if blanks stand among them.
    package static func decode(_ letters: UnsafeRawBufferPointer) -> [UInt8]? {
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: letters.count / 4 * 3) { output, initialized in
            let count = decode(letters, into: UnsafeMutableRawBufferPointer(output))
            isValid = count != nil
            initialized = count ?? 0
        }
        return isValid ? bytes : nil
    }

    /// Writes the bytes behind the letters and tells how many they are; there must be room for three for each four
    /// letters.
    package static func decode(_ letters: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
        guard !letters.isEmpty else { return 0 }
        guard letters.count % 4 == 0 else { return nil }
        var padding = 0
        while padding < 2, letters[letters.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        let isValid = decode(letters, letterCount: letters.count - padding, into: output)
        return isValid ? letters.count / 4 * 3 - padding : nil
    }

    private static func decode(
        _ letters: UnsafeRawBufferPointer,
        letterCount: Int,
        into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        values.withUnsafeBufferPointer { values in
            var written = 0
            var read = 0
            while read + 4 <= letterCount {
                let first = values[Int(letters[read])]
                let second = values[Int(letters[read + 1])]
                let third = values[Int(letters[read + 2])]
                let fourth = values[Int(letters[read + 3])]
                // What is no letter has all bits.
                guard (first | second | third | fourth) < 0x40 else { return false }
                output[written] = first << 2 | second >> 4
                output[written + 1] = second << 4 | third >> 2
                output[written + 2] = third << 6 | fourth
                read += 4
                written += 3
            }
            var group: UInt32 = 0
            for index in read..<letterCount {
                let value = values[Int(letters[index])]
                guard value != 0xFF else { return false }
                group = group << 6 | UInt32(value)
            }
            switch letterCount - read {
            case 3:
                output[written] = UInt8(truncatingIfNeeded: group >> 10)
                output[written + 1] = UInt8(truncatingIfNeeded: group >> 2)
            case 2:
                output[written] = UInt8(truncatingIfNeeded: group >> 4)
            default:
                break
            }
            return true
        }
    }
}
