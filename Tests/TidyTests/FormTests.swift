import Testing

struct FormTests {
    private static let linesPerFileMax = 450
    private static let columnsMax = 120
    private static let linesPerFunctionMax = 70

    @Test func `no file is too long to be read in one go`() {
        let code = SourceTree.programs.filter { $0.name.hasSuffix(".swift") || $0.name.hasSuffix(".py") }
        #expect(!code.isEmpty)
        for file in code {
            #expect(file.lines.count <= Self.linesPerFileMax, "\(file)")
        }
    }

    @Test func `no line is wider than the screen`() {
        for file in SourceTree.programs {
            for (index, line) in file.lines.enumerated() where line.count > Self.columnsMax {
                Issue.record("\(file):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test func `no line ends in blanks, and every file ends with its last line`() {
        for file in SourceTree.everything {
            for (index, line) in file.lines.enumerated() where line.last == " " || line.last == "\t" {
                Issue.record("\(file):\(index + 1) ends in blanks")
            }
            #expect(file.text.isEmpty || (file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n")), "\(file)")
        }
    }

    @Test func `no function is too long to be understood`() {
        for file in SourceTree.sources + SourceTree.tests {
            for function in SwiftCode(file.text).functions where function.lineCount > Self.linesPerFunctionMax {
                Issue.record("\(file):\(function.firstLine) \(function.name) has \(function.lineCount) lines")
            }
        }
    }

    @Test func `names say what a thing is for`() {
        let word = /(Manager|Helper|Util|Common)/
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
        for file in SourceTree.sources + SourceTree.tests {
            #expect(file.name.firstMatch(of: word) == nil, "\(file)")
            for match in SwiftCode(file.text).text.matches(of: declaration) {
                #expect(match.1.firstMatch(of: word) == nil, "\(file)")
            }
        }
    }

    @Test func `file names are unique inside a target`() {
        let folders = Dictionary(grouping: SourceTree.sources + SourceTree.tests) { file in
            file.path.split(separator: "/").prefix(2).joined(separator: "/")
        }
        for (folder, files) in folders {
            let repeated = Dictionary(grouping: files, by: \.name).filter { $1.count > 1 }
            #expect(repeated.isEmpty, "\(folder)")
        }
    }

    @Test func `nothing is left to be done later`() {
        // Put together here, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in SourceTree.everything {
            for mark in marks {
                #expect(!file.text.contains(mark), "\(file)")
            }
        }
    }

    @Test func `the product neither unwraps nor tries by force`() {
        for file in SourceTree.sources {
            for (index, line) in SwiftCode(file.text).text.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                let isForced = line.contains(/\b(try|as)!/) || line.contains(/[\w)\]}>?]!(?!=)/)
                #expect(!isForced, "\(file):\(index + 1)")
            }
        }
    }

    @Test func `nothing knows the machine it was written on`() {
        let places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/"]
        for file in SourceTree.everything {
            for place in places {
                #expect(!file.text.contains(place), "\(file)")
            }
        }
    }

    @Test func `what is built or downloaded is not tracked`() throws {
        guard let paths = try SourceTree.trackedPaths() else { return }
        let folders: Set<Substring> = [".build", ".venv", ".venvs", "__pycache__", ".pytest_cache", "data"]
        for path in paths {
            let parts = path.split(separator: "/")
            #expect(folders.isDisjoint(with: parts), "\(path)")
            #expect(![".db", ".db-wal", ".pyc", ".o"].contains { path.hasSuffix($0) }, "\(path)")
        }
    }
}
