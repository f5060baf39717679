/// The pieces of a JSON text, each as it was written.
///
/// What a caller wrote into a policy is given back to the letter, which no decoder would do. Only text that a decoder
/// took may be taken apart.
enum JSONText {
    /// The members of an object in their order; the names with quotation marks and escapes.
    static func members(of object: Substring.UTF8View) -> [(name: String, value: Substring.UTF8View)] {
        pieces(of: object).map { piece in
            let end = endOfString(in: piece, from: piece.startIndex)
            let name = piece[..<end]
            guard let colon = piece[end...].firstIndex(of: UInt8(ascii: ":")) else {
                preconditionFailure("a member without a value is no JSON")
            }
            return (String(Substring(name)), trimmed(piece[piece.index(after: colon)...]))
        }
    }

    /// The elements of an array in their order.
    static func elements(of array: Substring.UTF8View) -> [Substring.UTF8View] {
        pieces(of: array)
    }

    /// A text without the blanks around it.
    static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    /// What stands between the commas of an object or array.
    private static func pieces(of whole: Substring.UTF8View) -> [Substring.UTF8View] {
        let inner = trimmed(trimmed(whole).dropFirst().dropLast())
        guard !inner.isEmpty else { return [] }
        var pieces: [Substring.UTF8View] = []
        var start = inner.startIndex
        var depth = 0
        var index = inner.startIndex
        while index < inner.endIndex {
            switch inner[index] {
            case UInt8(ascii: "\""):
                index = endOfString(in: inner, from: index)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                pieces.append(trimmed(inner[start..<index]))
                start = inner.index(after: index)
            default:
                break
            }
            index = inner.index(after: index)
        }
        pieces.append(trimmed(inner[start...]))
        return pieces
    }

    /// Behind the closing quotation mark of the string that begins at `start`.
    private static func endOfString(in text: Substring.UTF8View, from start: String.Index) -> String.Index {
        var index = text.index(after: start)
        while text[index] != UInt8(ascii: "\"") {
            index = text.index(index, offsetBy: text[index] == UInt8(ascii: "\\") ? 2 : 1)
        }
        return text.index(after: index)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
