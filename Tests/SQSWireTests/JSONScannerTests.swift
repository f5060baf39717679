import Foundation
import SQSWire
import Testing

/// Reads text to the end and tells it again in a form that compares.
private func scanned(_ bytes: [UInt8]) throws -> String {
    try bytes.withUnsafeBytes { description(try JSONScanner.scan($0)) }
}

private func scanned(_ text: String) throws -> String {
    try scanned(Array(text.utf8))
}

private func description(_ value: JSONValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let truth): return truth ? "true" : "false"
    case .number(let number): return "#\(Double(number.text) ?? .nan)"
    case .string(let string): return "'\(string.text)'"
    case .array(let elements): return "[" + elements.map(description).joined(separator: ",") + "]"
    case .object(let object):
        var members: [String: String] = [:]
        for member in object.members { members[member.key.text] = description(member.value) }
        return "{" + members.sorted { $0.key < $1.key }.map { "'\($0.key)':\($0.value)" }.joined(separator: ",") + "}"
    }
}

/// The same telling of what Foundation read.
private func foundation(_ text: String) throws -> String {
    func description(_ value: Any) -> String {
        switch value {
        case is NSNull: return "null"
        case let text as String: return "'\(text)'"
        case let elements as [Any]: return "[" + elements.map(description).joined(separator: ",") + "]"
        case let members as [String: Any]:
            let told = members.sorted { $0.key < $1.key }.map { "'\($0.key)':\(description($0.value))" }
            return "{" + told.joined(separator: ",") + "}"
        case let number as NSNumber where String(cString: number.objCType) == "c":
            return number.boolValue ? "true" : "false"
        case let number as NSNumber: return "#\(number.doubleValue)"
        default: return "?"
        }
    }
    return description(try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
}

@Suite struct JSONScannerTests {
    @Test(arguments: [
        (#""""#, "''"), (#""a\"b\\c\/d\b\f\n\r\t""#, "'a\"b\\c/d\u{8}\u{C}\n\r\t'"), (#""\u00e9\u20AC""#, "'é€'"),
        (#""\ud83d\uDE00""#, "'😀'"), (#""\u0000""#, "'\0'"),
        ("\"\u{7F}é€😀\u{FFFF}\"", "'\u{7F}é€😀\u{FFFF}'"),
        ("0", "#0.0"), ("-0", "#-0.0"), ("-12.50e+2", "#-1250.0"), ("1E-2", "#0.01"), ("9", "#9.0"),
        (" \t\r\n[ ] ", "[]"), ("[1 , [ ],{}]", "[#1.0,[],{}]"),
        (#"{ "a" : null , "b":[true,false] }"#, "{'a':null,'b':[true,false]}"),
        (#"{"":1}"#, "{'':#1.0}"),
    ])
    func `what RFC 8259 has is read`(text: String, expected: String) throws {
        #expect(try scanned(text) == expected)
    }

    @Test(arguments: [
        "", " ", "\u{FEFF}{}", "{} x", "{}{}", "nul", "nullx", "True", "NaN", "Infinity", "+1", "01", "-", "-01", "1.",
        ".5", "1e",
        "1e+", "1.e1", "0x10", "1_000", "--1", "'a'", "\"", "\"a", #""\"#, #""\""#, #""\x""#, #""\u12""#, #""\u12G4""#,
        #""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#, #""\ude00""#, #""\ud83d\ud83d\ude00""#,
        "\"\n\"",
        "\"\u{0}\"", "\"\u{1F}\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"", "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:1}", "{,}", "[}", "{]", "/* */ {}", "{} // x", "\u{A0}{}",
        "\u{C}{}",
    ])
    func `what RFC 8259 lacks is refused`(text: String) {
        #expect(throws: JSONSyntaxError.malformed) { try scanned(text) }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x28], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xFE], [0xFF], [0xEF, 0xBB],
        ] as [[UInt8]]
    )
    func `bytes that are no UTF-8 are refused, in the middle and at the end`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONSyntaxError.malformed) { try scanned([quote] + bytes + Array("12345678".utf8) + [quote]) }
        #expect(throws: JSONSyntaxError.malformed) { try scanned([quote] + bytes + [quote]) }
        #expect(throws: JSONSyntaxError.malformed) { try scanned([quote] + bytes) }
    }

    @Test func `every Unicode scalar is read, plain and escaped`() throws {
        var text = ""
        var escaped = ""
        for scalar in (UInt32(0x20)...0x10_FFFF).lazy.compactMap(Unicode.Scalar.init) where scalar.value % 7 == 0 {
            if scalar == "\"" || scalar == "\\" { continue }
            text.unicodeScalars.append(scalar)
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: unit % 2 == 0)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        #expect(try scanned("\"\(text)\"").utf8.elementsEqual("'\(text)'".utf8))
        #expect(try scanned("\"\(escaped)\"").utf8.elementsEqual("'\(text)'".utf8))
    }

    @Test func `a quote, a backslash or a control character is found at every distance`() throws {
        for length in 0..<40 {
            let plain = String(repeating: "x", count: length)
            #expect(try scanned("\"\(plain)\"") == "'\(plain)'")
            #expect(try scanned("\"\(plain)\\n\(plain)\"") == "'\(plain)\n\(plain)'")
            #expect(try scanned("\"\(plain)é\(plain)\"") == "'\(plain)é\(plain)'")
            for control in UInt8(0)..<0x20 {
                let bytes = Array("\"\(plain)".utf8) + [control] + Array("\(plain)\"".utf8)
                #expect(throws: JSONSyntaxError.malformed) { try scanned(bytes) }
            }
        }
    }

    @Test func `what is read agrees with Foundation`() throws {
        for seed in 0..<2_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let text = randomJSON(depth: 0, &generator)
            #expect(try scanned(text) == foundation(text), "seed \(seed)")
        }
    }

    private func randomJSON(depth: Int, _ generator: inout SeededGenerator) -> String {
        func blank() -> String { ["", "", "", " ", "\n", "\t\r "][generator.below(6)] }
        func string() -> String {
            var json = "\""
            for unit in generator.text(lengthMax: 12).unicodeScalars {
                let mustEscape = unit.value < 0x20 || unit == "\"" || unit == "\\"
                if mustEscape || generator.below(4) == 0 {
                    for code in String(unit).utf16 {
                        let digits = String(code, radix: 16)
                        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                } else {
                    json.unicodeScalars.append(unit)
                }
            }
            return json + "\""
        }
        let body: String
        switch generator.below(depth > 4 ? 5 : 8) {
        case 0: body = "null"
        case 1: body = generator.below(2) == 0 ? "true" : "false"
        case 2: body = String(generator.below(2_000_000) - 1_000_000)
        case 3: body = "\(generator.below(1000)).\(generator.below(100))e\(generator.below(20) - 10)"
        case 4: body = string()
        case 5, 6:
            let elements = (0..<generator.below(5)).map { _ in randomJSON(depth: depth + 1, &generator) }
            body = "[" + blank() + elements.joined(separator: ",") + "]"
        default:
            // Foundation takes the first of equal keys.
            let members = (0..<generator.below(5)).map { index in
                "\"\(index)\(string().dropFirst())" + blank() + ":" + randomJSON(depth: depth + 1, &generator)
            }
            body = "{" + blank() + members.joined(separator: ",") + "}"
        }
        return blank() + body + blank()
    }

    @Test func `thirty-two levels are read and the thirty-third is refused`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try scanned(nested(32)) == nested(32))
        #expect(throws: JSONSyntaxError.tooDeep) { try scanned(nested(33)) }
        #expect(throws: JSONSyntaxError.tooDeep) {
            try scanned(String(repeating: #"{"a":"#, count: 33) + "1" + String(repeating: "}", count: 33))
        }
        // Depth is what stands open, not what was ever opened.
        #expect(try scanned("[" + Array(repeating: "[]", count: 100).joined(separator: ",") + "]").count == 301)
    }

    @Test func `bombs are refused for what they are`() {
        let megabyte = 1 << 20
        #expect(throws: JSONSyntaxError.tooDeep) {
            try scanned([UInt8](repeating: UInt8(ascii: "["), count: 10 * megabyte))
        }
        #expect(throws: JSONSyntaxError.tooManyValues) {
            try scanned("[" + String(repeating: "1,", count: 3 * megabyte) + "1]")
        }
        #expect(throws: JSONSyntaxError.tooManyValues) {
            try scanned("{" + String(repeating: #""a":{},"#, count: 200_000) + #""a":1}"#)
        }
        #expect(throws: JSONSyntaxError.malformed) { try scanned("\"" + String(repeating: "x", count: megabyte)) }
        #expect(throws: JSONSyntaxError.malformed) {
            try scanned([UInt8](repeating: UInt8(ascii: "\\"), count: megabyte))
        }
        #expect(throws: JSONSyntaxError.malformed) { try scanned([UInt8](repeating: 0x20, count: megabyte)) }
        #expect(throws: Never.self) { try scanned(String(repeating: "9", count: megabyte)) }
    }
}
