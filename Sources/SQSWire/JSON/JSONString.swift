#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A string that the scanner has checked: valid UTF-8 and valid escapes, which are resolved only when it is read.
package struct JSONString {
    /// What stands between the quotes.
    let raw: UnsafeRawBufferPointer

    /// How many bytes the string has once its escapes are resolved.
    package let decodedCount: Int

    /// Every escape is longer than what it stands for.
    var hasEscapes: Bool {
        decodedCount != raw.count
    }

    /// The string's UTF-8.
    package var bytes: [UInt8] {
        guard hasEscapes else { return Array(raw) }
        return Array(unsafeUninitializedCapacity: decodedCount) { buffer, count in
            count = unescape(into: buffer)
        }
    }

    /// The string as text.
    package var text: String {
        guard hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: decodedCount) { unescape(into: $0) }
    }

    /// Whether the string is this one.
    package func equals(_ other: StaticString) -> Bool {
        guard decodedCount == other.utf8CodeUnitCount else { return false }
        guard hasEscapes else {
            guard let base = raw.baseAddress else { return true }
            return memcmp(base, other.utf8Start, decodedCount) == 0
        }
        return bytes.elementsEqual(UnsafeBufferPointer(start: other.utf8Start, count: decodedCount))
    }

    private func unescape(into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var read = 0
        var written = 0
        while read < raw.count {
            let byte = raw[read]
            guard byte == UInt8(ascii: "\\") else {
                output[written] = byte
                read += 1
                written += 1
                continue
            }
            let escape = raw[read + 1]
            guard escape == UInt8(ascii: "u") else {
                output[written] = JSONString.meaning(ofEscape: escape)
                read += 2
                written += 1
                continue
            }
            let unit = JSONString.codeUnit(raw, at: read + 2)
            read += 6
            if (0xD800...0xDBFF).contains(unit) {
                let low = JSONString.codeUnit(raw, at: read + 2)
                read += 6
                written += JSONString.encode(
                    0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00),
                    into: output,
                    at: written
                )
            } else {
                written += JSONString.encode(unit, into: output, at: written)
            }
        }
        return written
    }

    private static func meaning(ofEscape escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: escape
        }
    }

    private static func codeUnit(_ raw: UnsafeRawBufferPointer, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in start..<(start + 4) {
            unit = unit << 4 | UInt32(hexadecimalDigit(raw[index]) ?? 0)
        }
        return unit
    }

    /// What a hexadecimal digit of either case is worth.
    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func encode(
        _ scalar: UInt32,
        into output: UnsafeMutableBufferPointer<UInt8>,
        at start: Int
    ) -> Int {
        func continuation(_ shift: UInt32) -> UInt8 {
            0x80 | UInt8(scalar >> shift & 0x3F)
        }
        switch scalar {
        case ..<0x80:
            output[start] = UInt8(scalar)
            return 1
        case ..<0x800:
            output[start] = 0xC0 | UInt8(scalar >> 6)
            output[start + 1] = continuation(0)
            return 2
        case ..<0x10000:
            output[start] = 0xE0 | UInt8(scalar >> 12)
            output[start + 1] = continuation(6)
            output[start + 2] = continuation(0)
            return 3
        default:
            output[start] = 0xF0 | UInt8(scalar >> 18)
            output[start + 1] = continuation(12)
            output[start + 2] = continuation(6)
            output[start + 3] = continuation(0)
            return 4
        }
    }
}

// Strings are equal if their bytes are; Swift's own comparison would take composed and decomposed letters for the same.
extension JSONString: Hashable {
    package static func == (left: JSONString, right: JSONString) -> Bool {
        guard left.decodedCount == right.decodedCount else { return false }
        if left.hasEscapes || right.hasEscapes { return left.bytes == right.bytes }
        guard let base = left.raw.baseAddress, let other = right.raw.baseAddress else { return true }
        return memcmp(base, other, left.decodedCount) == 0
    }

    package func hash(into hasher: inout Hasher) {
        if hasEscapes {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        } else {
            hasher.combine(bytes: raw)
        }
    }
}
