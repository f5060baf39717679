/// The pieces of a JSON text, each as it was written.
///
/// What a caller wrote into a policy is given back to the letter, which no decoder would do. Text that can't be taken
/// apart gives nothing; whether its pieces are JSON is for `JSONForm` to say.
enum JSONText {
    /// The members of an object in their order; the names with quotation marks and escapes.
    static func members(of object: Substring.UTF8View) -> [(name: String, value: Substring.UTF8View)]? {
        guard let pieces = pieces(of: object, between: "{", and: "}") else { return nil }
        var members: [(name: String, value: Substring.UTF8View)] = []
        for piece in pieces {
            guard piece.first == UInt8(ascii: "\""),
                let end = endOfString(in: piece, from: piece.startIndex),
                case let rest = trimmed(piece[end...]),
                rest.first == UInt8(ascii: ":")
            else { return nil }
            members.append((String(Substring(piece[..<end])), trimmed(rest.dropFirst())))
        }
        return members
    }

    /// The elements of an array in their order.
    static func elements(of array: Substring.UTF8View) -> [Substring.UTF8View]? {
        pieces(of: array, between: "[", and: "]")
    }

    /// A text without the blanks around it.
    static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    /// What stands between the commas of an object or array.
    private static func pieces(
        of whole: Substring.UTF8View,
        between opening: Unicode.Scalar,
        and closing: Unicode.Scalar
    ) -> [Substring.UTF8View]? {
        let whole = trimmed(whole)
        guard whole.first == UInt8(ascii: opening), whole.dropFirst().last == UInt8(ascii: closing) else { return nil }
        let inner = trimmed(whole.dropFirst().dropLast())
        guard !inner.isEmpty else { return [] }
        var pieces: [Substring.UTF8View] = []
        var start = inner.startIndex
        var depth = 0
        var index = inner.startIndex
        while index < inner.endIndex {
            switch inner[index] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(in: inner, from: index) else { return nil }
                index = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                guard depth >= 0 else { return nil }
            case UInt8(ascii: ",") where depth == 0:
                pieces.append(trimmed(inner[start..<index]))
                start = inner.index(after: index)
            default:
                break
            }
            index = inner.index(after: index)
        }
        pieces.append(trimmed(inner[start...]))
        return depth == 0 && !pieces.contains(where: \.isEmpty) ? pieces : nil
    }

    /// Behind the closing quotation mark of the string that begins at `start`; nothing if it does not end.
    private static func endOfString(in text: Substring.UTF8View, from start: String.Index) -> String.Index? {
        var isEscaped = false
        var index = text.index(after: start)
        while index < text.endIndex {
            let byte = text[index]
            index = text.index(after: index)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                return index
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
            }
        }
        return nil
    }

    /// Whether a byte is one of the four that JSON allows between its parts.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
