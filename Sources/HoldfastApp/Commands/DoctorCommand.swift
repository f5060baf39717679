internal import ArgumentParser
internal import Foundation

/// `holdfast doctor`: looks at what the broker stands on.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at SQLite, disk, limits and settings, beside a running broker too.",
        discussion: """
            One line for each thing: ok, warning or failure, what it is, and why or what to do. The database is never \
            opened; 'holdfast check' does that.

            EXIT STATUS:
              0   no failure, maybe warnings
              1   a failure

            The others are those of 'holdfast serve'.
            """,
        version: ProductVersion.text
    )

    @Option(help: "Directory of the database. (default: that of 'holdfast serve')") var data: String?
    @Option(help: ArgumentHelp("YAML file of settings.", valueName: "file")) var config: String?

    func run() throws {
        let configuration: BrokerConfiguration
        do {
            configuration = try BrokerConfiguration(
                options: ["data": data].compactMapValues { $0 },
                environment: ProcessInfo.processInfo.environment,
                file: config
            )
        } catch let error as ConfigurationError {
            for problem in error.problems {
                StandardError.write(line: "holdfast: \(LogText.escaped(problem))")
            }
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
        let diagnoses = Doctor(configuration: configuration).diagnoses()
        for diagnosis in diagnoses { print(diagnosis.line) }
        if diagnoses.contains(where: { $0.grade == .failure }) { throw ExitCode.failure }
    }
}
