/// Why a configuration can't be used: every problem that was found, one sentence each.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The problems, each naming the key, variable or file it is about.
    package let problems: [String]

    /// Puts an error together.
    init(problems: [String]) {
        precondition(!problems.isEmpty, "an error without a problem")
        self.problems = problems
    }

    /// An error with one problem.
    init(_ problem: String) {
        self.init(problems: [problem])
    }

    /// The problems, one a line.
    package var description: String {
        problems.joined(separator: "\n")
    }
}
