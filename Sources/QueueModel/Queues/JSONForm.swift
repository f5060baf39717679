/// The form of JSON as RFC 8259 has it, and stricter: what a lenient decoder lets pass, others can't take apart.
///
/// Foundation's decoder takes a comma behind the last element, and of members with one name it keeps any.
struct JSONForm {
    /// Levels of objects and arrays that an attribute's value may have (our own limit).
    static let depthMax = 32

    private let bytes: [UInt8]
    private var index = 0

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Whether a text is one value with only blanks around it.
    ///
    /// No comma may be without an element, no name in an object twice (however it is escaped), no level too deep.
    static func isStrict(_ text: String, depthMax: Int = depthMax) -> Bool {
        var form = JSONForm(text)
        form.skipBlanks()
        guard form.takeValue(levels: depthMax) else { return false }
        form.skipBlanks()
        return form.next == nil
    }

    private var next: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func skipBlanks() {
        while let byte = next, JSONText.isBlank(byte) { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[index...].starts(with: word) else { return false }
        index += word.count
        return true
    }

    private mutating func takeValue(levels: Int) -> Bool {
        switch next {
        case UInt8(ascii: "{"): levels > 0 && takeObject(levels: levels - 1)
        case UInt8(ascii: "["): levels > 0 && takeArray(levels: levels - 1)
        case UInt8(ascii: "\""): takeString() != nil
        case UInt8(ascii: "t"): takeWord("true")
        case UInt8(ascii: "f"): takeWord("false")
        case UInt8(ascii: "n"): takeWord("null")
        default: takeNumber()
        }
    }

    private mutating func takeObject(levels: Int) -> Bool {
        guard take("{") else { return false }
        skipBlanks()
        if take("}") { return true }
        var names: Set<String> = []
        repeat {
            skipBlanks()
            // A String, for a decoder's dictionary takes canonically equivalent names for one, too.
            guard let name = takeString(), names.insert(name).inserted else { return false }
            skipBlanks()
            guard take(":") else { return false }
            skipBlanks()
            guard takeValue(levels: levels) else { return false }
            skipBlanks()
        } while take(",")
        return take("}")
    }

    private mutating func takeArray(levels: Int) -> Bool {
        guard take("[") else { return false }
        skipBlanks()
        if take("]") { return true }
        repeat {
            skipBlanks()
            guard takeValue(levels: levels) else { return false }
            skipBlanks()
        } while take(",")
        return take("]")
    }

    private mutating func takeNumber() -> Bool {
        _ = take("-")
        if !take("0") {
            guard takeDigits() else { return false }
        }
        if take(".") {
            guard takeDigits() else { return false }
        }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            return takeDigits()
        }
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index > start
    }

    /// A string with its escapes resolved, or nothing if there is none.
    private mutating func takeString() -> String? {
        guard take("\"") else { return nil }
        var text = ""
        var start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<index], as: UTF8.self)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<index], as: UTF8.self)
                guard let character = takeEscape() else { return nil }
                text.unicodeScalars.append(character)
                start = index
            case ..<0x20:
                return nil
            default:
                index += 1
            }
        }
        return nil
    }

    private mutating func takeEscape() -> Unicode.Scalar? {
        guard take("\\"), let byte = next else { return nil }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return takeUnicodeEscape()
        default: return nil
        }
    }

    /// A character outside the basic plane is two escapes; half of one is none.
    private mutating func takeUnicodeEscape() -> Unicode.Scalar? {
        guard let first = takeFourHexDigits() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = takeFourHexDigits(), UTF16.isTrailSurrogate(second) else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    }

    private mutating func takeFourHexDigits() -> UInt16? {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }
}
