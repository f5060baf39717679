/// The characters that SQS takes in bodies and attribute values: those of XML 1.0.
public enum MessageCharacters {
    /// The set as AWS words it.
    public static let allowed =
        "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"

    private static let everyByte: UInt64 = 0x0101_0101_0101_0101
    private static let everyHighBit: UInt64 = 0x8080_8080_8080_8080

    /// Whether some text, as valid UTF-8, has only characters that SQS takes.
    ///
    /// Refused are control characters other than tab, line feed and carriage return, and U+FFFE and U+FFFF.
    public static func areAllowed(_ utf8: [UInt8]) -> Bool {
        utf8.withUnsafeBufferPointer(areAllowed)
    }

    /// Whether a string has only characters that SQS takes.
    public static func areAllowed(_ text: String) -> Bool {
        var text = text
        return text.withUTF8(areAllowed)
    }

    private static func areAllowed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index < bytes.count {
            // Eight bytes at once, as long as none of them is a control character or begins U+F000 to U+FFFF.
            if index + 8 <= bytes.count, !needsLook(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                index += 8
                continue
            }
            let end = min(index + 8, bytes.count)
            while index < end {
                guard isAllowed(bytes, at: index) else { return false }
                index += 1
            }
        }
        return true
    }

    private static func needsLook(_ word: UInt64) -> Bool {
        let belowBlank = (word &- everyByte &* 0x20) & ~word & everyHighBit
        let different = word ^ everyByte &* 0xEF
        let equalToEF = (different &- everyByte) & ~different & everyHighBit
        return belowBlank | equalToEF != 0
    }

    private static func isAllowed(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        switch bytes[index] {
        case 0x09, 0x0A, 0x0D:
            true
        case 0..<0x20:
            false
        case 0xEF:
            // EF BF BE is U+FFFE, EF BF BF is U+FFFF.
            !(index + 2 < bytes.count && bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE)
        default:
            true
        }
    }
}
