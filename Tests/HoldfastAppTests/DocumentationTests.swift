import Foundation
import HoldfastApp
import Testing

struct DocumentationTests {
    @Test func `the sample file holds every key, in order, with its default`() throws {
        let path = Repository.path("config/holdfast.yaml")
        let file = try ConfigurationFile(path: path)
        #expect(file.entries.map(\.key) == Setting.all.map(\.key))
        #expect(file.entries.map(\.text) == Setting.all.map { $0.text(in: BrokerConfiguration()) })
        #expect(try BrokerConfiguration(options: [:], environment: [:], file: path) == BrokerConfiguration())
    }

    @Test func `the table in README is the table of settings`() throws {
        let rows = try Repository.text(of: "README.md").split(separator: "\n").filter { $0.contains("`HOLDFAST_") }
        let expected = Setting.all.map { setting in
            let value = setting.text(in: BrokerConfiguration())
            let option = setting.option.map { "`--\($0)`" } ?? ""
            return
                "| `\(setting.key)` | `\(setting.environmentName)` | \(option) | \(value.isEmpty ? "" : "`\(value)`") "
                + "| \(setting.summary) |"
        }.map { $0.replacing("|  |", with: "| |").replacing("|  |", with: "| |") }
        #expect(rows.filter { $0.hasPrefix("|") }.map(String.init) == expected)
    }

    @Test func `README tells every exit status`() throws {
        let readme = try Repository.text(of: "README.md")
        for status in ExitStatus.allCases {
            #expect(readme.contains("| \(status.rawValue) | \(status.meaning) |"))
        }
    }

    @Test func `README tells how long a stop waits for clients that do not take their answer`() throws {
        #expect(Broker.drainSecondsMax <= 5)
        let readme = try Repository.text(of: "README.md").replacing("\n", with: " ")
        #expect(readme.contains("after \(Broker.drainSecondsMax) seconds"))
    }

    @Test func `README names the two commands, and the Makefile has them`() throws {
        let readme = try Repository.text(of: "README.md")
        let makefile = try Repository.text(of: "Makefile")
        for target in ["serve", "test"] {
            #expect(readme.contains("make \(target)"))
            #expect(makefile.contains("\n\(target): "))
        }
    }

    @Test func `each pain has an answer, and the tests that it names exist`() throws {
        let page = try Repository.text(of: "docs/pains.md")
        let sections = page.components(separatedBy: "\n## ").dropFirst()
        #expect(sections.map { $0.prefix { $0 != "." } } == (1...25).map { "\($0)" })
        for section in sections {
            let tests = section.matches(of: /\n- `([^`:]+)::([^`]+)`/)
            #expect(!tests.isEmpty || section.contains("\nNot yet: "), "\(section)")
            #expect(tests.count == section.components(separatedBy: "\n- ").count - 1, "\(section)")
            for test in tests {
                let text = try Repository.text(of: "Tests/\(test.1)")
                let declaration = test.1.hasSuffix(".py") ? "\ndef \(test.2)(" : "func `\(test.2)`("
                #expect(text.contains(declaration), "\(test.0)")
            }
        }
    }
}
