/// A Swift file without what people wrote in comments and strings, so that braces and words can be trusted.
struct SwiftCode {
    /// The text with comments and the contents of strings blanked, line by line as before.
    let text: String

    /// Reads a file's text.
    init(_ text: String) {
        var scanner = Scanner(text)
        scanner.scan(until: nil)
        self.text = String(decoding: scanner.output, as: UTF8.self)
    }

    /// A function or initializer.
    struct Function {
        let name: String
        let firstLine: Int
        let lineCount: Int
    }

    /// The functions and initializers that have a body, in the order of their ends.
    var functions: [Function] {
        var found: [Function] = []
        var open: [(name: String, line: Int)?] = []
        var declared: (name: String, line: Int)?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let match = line.firstMatch(of: /\bfunc ([^( <]+|`[^`]*`)|\b(init)[?(<]/), !line.contains(".init(") {
                declared = (String(match.1 ?? match.2 ?? ""), index + 1)
            }
            for character in line.utf8 {
                if character == UInt8(ascii: "{") {
                    open.append(declared)
                    declared = nil
                } else if character == UInt8(ascii: "}"), let opened = open.popLast(), let (name, start) = opened {
                    found.append(Function(name: name, firstLine: start, lineCount: index + 2 - start))
                }
            }
        }
        return found
    }

    /// The modules that the file imports.
    var imports: [String] {
        text.split(separator: "\n").compactMap { line in
            let form = /^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+/
            guard let start = line.prefixMatch(of: form) else { return nil }
            let words = line[start.range.upperBound...].split(separator: " ")
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
            let path = words.first.map { kinds.contains($0) ? words.dropFirst().first ?? "" : $0 } ?? ""
            return path.split(separator: ".").first.map(String.init)
        }
    }
}

/// Walks Swift text and blanks what is no code.
private struct Scanner {
    private let input: [UInt8]
    private var position = 0
    private(set) var output: [UInt8] = []

    init(_ text: String) {
        input = Array(text.utf8)
    }

    /// Copies code up to the bracket that closes what was open at the start, or to the end.
    mutating func scan(until end: UInt8?) {
        var depth = 0
        while position < input.count {
            if starts(with: "//") {
                blank { $0.starts(with: "\n") }
            } else if starts(with: "/*") {
                blank { $0.starts(with: "*/") }
                keep(2)
            } else if let (hashes, quotes) = stringStart() {
                scanString(hashes: hashes, quotes: quotes)
            } else {
                if end != nil, starts(with: "(") { depth += 1 }
                if let end, input[position] == end {
                    if depth == 0 { return }
                    depth -= 1
                }
                keep(1)
            }
        }
    }

    private mutating func scanString(hashes: Int, quotes: Int) {
        let mark = String(repeating: "\"", count: quotes)
        let fence = String(repeating: "#", count: hashes)
        keep(hashes + quotes)
        while position < input.count {
            if starts(with: mark + fence) {
                keep(hashes + quotes)
                return
            }
            if starts(with: "\\" + fence + "(") {
                keep(hashes + 2)
                scan(until: UInt8(ascii: ")"))
            } else if starts(with: "\\" + fence) {
                skip(hashes + 2)
            } else {
                skip(1)
            }
        }
    }

    /// How many hashes and quotes a string begins with here, if one does.
    private func stringStart() -> (hashes: Int, quotes: Int)? {
        var hashes = 0
        while position + hashes < input.count, input[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        guard position + hashes < input.count, input[position + hashes] == UInt8(ascii: "\"") else { return nil }
        return (hashes, starts(with: "\"\"\"", after: hashes) ? 3 : 1)
    }

    private func starts(with text: String, after offset: Int = 0) -> Bool {
        input[min(position + offset, input.count)...].starts(with: text.utf8)
    }

    private mutating func blank(until isEnd: (Scanner) -> Bool) {
        while position < input.count, !isEnd(self) { skip(1) }
    }

    private func starts(with text: String) -> Bool {
        starts(with: text, after: 0)
    }

    private mutating func keep(_ count: Int) {
        let end = min(position + count, input.count)
        output += input[position..<end]
        position = end
    }

    private mutating func skip(_ count: Int) {
        for byte in input[position..<min(position + count, input.count)] {
            output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position = min(position + count, input.count)
    }
}
