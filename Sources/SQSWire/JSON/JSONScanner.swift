/// Why bytes are no JSON that is accepted.
package enum JSONSyntaxError: Error {
    /// RFC 8259 does not have it.
    case malformed

    /// Arrays and objects stand too deep in each other.
    case tooDeep

    /// There are too many values.
    case tooManyValues
}

/// Reads JSON to the letter of RFC 8259, from bytes, in one pass.
///
/// UTF-8 and escapes are checked, half surrogate pairs and a byte order mark are refused. Depth and number of values
/// are limited, so that no input costs more than a small multiple of its size.
package struct JSONScanner {
    /// Arrays and objects within each other; a request needs six.
    package static let depthMax = 32

    /// Values in one text, far more than any request needs.
    package static let valuesMax = 100_000

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0
    private var values = 0

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The one value that the bytes hold; it must not outlive them.
    package static func scan(_ bytes: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> JSONValue {
        var scanner = JSONScanner(bytes)
        scanner.skipBlanks()
        let value = try scanner.value()
        scanner.skipBlanks()
        guard scanner.position == bytes.count else { throw .malformed }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        values += 1
        guard values <= JSONScanner.valuesMax else { throw .tooManyValues }
        switch peek() {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "{"):
            return .object(try object())
        case UInt8(ascii: "["):
            return .array(try array())
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
            return .number(try number())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default:
            throw .malformed
        }
    }

    // MARK: Arrays and objects

    private mutating func object() throws(JSONSyntaxError) -> JSONObject {
        try enter()
        var members: [JSONMember] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) {
            depth -= 1
            return JSONObject(members: members)
        }
        members.reserveCapacity(4)
        repeat {
            skipBlanks()
            guard peek() == UInt8(ascii: "\"") else { throw .malformed }
            let key = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw .malformed }
            skipBlanks()
            members.append(JSONMember(key: key, value: try value()))
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw .malformed }
        depth -= 1
        return JSONObject(members: members)
    }

    private mutating func array() throws(JSONSyntaxError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) {
            depth -= 1
            return elements
        }
        elements.reserveCapacity(10)
        repeat {
            skipBlanks()
            elements.append(try value())
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw .malformed }
        depth -= 1
        return elements
    }

    private mutating func enter() throws(JSONSyntaxError) {
        position += 1
        depth += 1
        guard depth <= JSONScanner.depthMax else { throw .tooDeep }
    }

    // MARK: Strings

    private mutating func string() throws(JSONSyntaxError) -> JSONString {
        position += 1
        let start = position
        var saved = 0
        while true {
            position += PlainRun.lengthOfASCII(bytes, from: position)
            switch peek() {
            case UInt8(ascii: "\"")?:
                let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position += 1
                return JSONString(raw: raw, decodedCount: raw.count - saved)
            case UInt8(ascii: "\\")?:
                saved += try escape()
            case .some(0x80...):
                try nonASCII()
            default:
                throw .malformed
            }
        }
    }

    /// Steps over an escape and tells how many bytes it has more than what it stands for.
    private mutating func escape() throws(JSONSyntaxError) -> Int {
        position += 1
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
            return 1
        case UInt8(ascii: "u"):
            position += 1
            switch try codeUnit() {
            case ..<0x80: return 5
            case ..<0x800: return 4
            case 0xD800...0xDBFF:
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), (0xDC00...0xDFFF).contains(try codeUnit())
                else { throw .malformed }
                return 8
            case 0xDC00...0xDFFF: throw .malformed
            default: return 3
            }
        default:
            throw .malformed
        }
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw .malformed }
        var unit: UInt32 = 0
        for index in position..<(position + 4) {
            guard let digit = JSONString.hexadecimalDigit(bytes[index]) else { throw .malformed }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    /// Steps over a run of characters of more than one byte each, in the forms that Unicode (table 3-7) calls
    /// well-formed.
    private mutating func nonASCII() throws(JSONSyntaxError) {
        while let lead = peek(), lead >= 0x80 {
            let second: ClosedRange<UInt8>
            let length: Int
            switch lead {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: throw .malformed
            }
            guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { throw .malformed }
            for index in (position + 2)..<(position + length) {
                guard bytes[index] & 0xC0 == 0x80 else { throw .malformed }
            }
            position += length
        }
    }

    // MARK: Numbers, words and blanks

    private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return JSONNumber(raw: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = peek(), byte &- UInt8(ascii: "0") <= 9 { position += 1 }
        guard position > start else { throw .malformed }
    }

    private mutating func word(_ word: StaticString) throws(JSONSyntaxError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw .malformed }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { throw .malformed }
        position += count
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }
}
