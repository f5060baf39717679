import ArgumentParser
import HoldfastApp
import Testing

struct HoldfastCommandTests {
    /// What the process would exit with and print if it got no further than its command line.
    private func outcome(_ arguments: String...) -> (code: Int32, text: String)? {
        do {
            var command = try HoldfastCommand.parseAsRoot(arguments)
            // The others only print help or version; this one would serve until a signal comes.
            guard "\(type(of: command))" != "ServeCommand" else { return nil }
            try command.run()
        } catch {
            return (HoldfastCommand.exitCode(for: error).rawValue, HoldfastCommand.fullMessage(for: error))
        }
        return nil
    }

    @Test func `help and version are answers, not errors`() throws {
        for arguments in [
            ["--help"], ["serve", "--help"], ["help", "serve"], ["--version"], ["serve", "--version"], [],
        ] {
            let error = #expect(throws: (any Error).self) {
                var command = try HoldfastCommand.parseAsRoot(arguments)
                try command.run()
            }
            #expect(HoldfastCommand.exitCode(for: try #require(error)).rawValue == 0, "\(arguments)")
        }
        #expect(outcome("--version")?.text == ProductVersion.text)
    }

    @Test func `the help of serve tells every setting, and its options are those of the table`() throws {
        let help = try #require(outcome("serve", "--help")).text
        for setting in Setting.all {
            #expect(help.contains("  \(setting.key)\n      \(setting.environmentName), "))
            if let option = setting.option {
                #expect(help.contains("  --\(option) <\(setting.valueName)>"))
            }
        }
        let options = help.matches(of: /\n  (?:-h, )?--([a-z-]+)/).map { String($0.1) }
        #expect(Set(options) == Set(Setting.all.compactMap(\.option)).union(["config", "version", "help"]))
    }

    @Test func `help tells every exit status`() throws {
        for help in [outcome("--help"), outcome("serve", "--help")] {
            let text = try #require(help).text.replacing("\n", with: " ")
            for status in ExitStatus.allCases {
                #expect(text.contains("\(status.rawValue)\(status.rawValue < 10 ? " " : "")  \(status.meaning)"))
            }
        }
    }

    @Test(arguments: [["srve"], ["serve", "--prot", "1"], ["serve", "extra"], ["serve", "--port"]])
    func `a wrong command line is a usage error`(arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try HoldfastCommand.parseAsRoot(arguments) }
        #expect(HoldfastCommand.exitCode(for: try #require(error)).rawValue == ExitStatus.usage.rawValue)
    }

    @Test func `a bad value of an option is a usage error that names option and value`() throws {
        for setting in Setting.all {
            guard let option = setting.option else { continue }
            let refusal = try #require(outcome("serve", "--\(option)=\0"))
            #expect(refusal.code == ExitStatus.usage.rawValue)
            #expect(refusal.text.contains("--\(option) is '\\u{0}' but must be \(setting.expectation)"))
        }
    }
}
