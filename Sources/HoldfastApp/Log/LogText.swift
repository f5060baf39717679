/// How text from elsewhere is put into a line that people and programs read.
package enum LogText {
    /// The text with everything escaped that could end a line or steer a terminal.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case _ where isUnsafe(scalar):
                let digits = String(scalar.value, radix: 16)
                result.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The value of a `key=value` pair: escaped, and in quotes if it would not read as one word.
    package static func value(_ text: String) -> String {
        let escaped = escaped(text)
        if !escaped.isEmpty, !escaped.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) { return escaped }
        return "\"" + escaped.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }

    /// Control characters, separators of lines, and what turns the direction of writing.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
