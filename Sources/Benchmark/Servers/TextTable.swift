/// A table of aligned text: words to the left, figures to the right.
package struct TextTable {
    private var rows: [[String]]
    private let words: Set<Int>

    /// A table with these column heads; `words` are the columns that hold no figures.
    package init(_ heads: [String], words: Set<Int> = [0]) {
        rows = [heads]
        self.words = words
    }

    /// Adds a line of as many cells as there are heads.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count)
        rows.append(cells)
    }

    /// The lines, with a rule below the heads.
    package func render() -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return words.contains(column) ? cell + padding : padding + cell
            }
            return "  " + padded.joined(separator: "  ")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([line(rows[0]), line(rule)] + rows.dropFirst().map(line)).joined(separator: "\n") + "\n"
    }
}

extension Double {
    /// With a fixed number of decimals, and commas between thousands.
    package func formatted(decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((self * scale).rounded())
        let whole = abs(scaled) / Int(scale)
        var digits = ""
        for (index, digit) in String(whole).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { digits.append(",") }
            digits.append(digit)
        }
        var text = (scaled < 0 ? "-" : "") + String(digits.reversed())
        if decimals > 0 {
            let fraction = String(abs(scaled) % Int(scale))
            text += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        }
        return text
    }
}

extension Double? {
    /// As the figure itself, or a dash where there is none.
    package func formatted(decimals: Int) -> String {
        map { $0.formatted(decimals: decimals) } ?? "-"
    }
}
