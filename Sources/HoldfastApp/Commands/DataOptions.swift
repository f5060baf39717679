internal import ArgumentParser
internal import Foundation

/// How commands that work on a data directory are told which: in the same ways as `serve`.
struct DataOptions: ParsableArguments {
    @Option(help: "Directory of the database. (default: that of 'holdfast serve')") var data: String?
    @Option(help: ArgumentHelp("YAML file of settings.", valueName: "file")) var config: String?

    /// The data directory; tells what is wrong with the settings and ends with 78 if anything is.
    func directory() throws -> String {
        do {
            return try BrokerConfiguration(
                options: ["data": data].compactMapValues { $0 },
                environment: ProcessInfo.processInfo.environment,
                file: config
            ).dataDirectory
        } catch let error as ConfigurationError {
            for problem in error.problems {
                StandardError.write(line: "holdfast: \(LogText.escaped(problem))")
            }
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
    }

    /// A path that means the same to every process.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// Tells why a command did not do what it should, and how the process exits.
    static func failure(_ reason: String, _ status: ExitStatus) -> any Error {
        StandardError.write(line: "holdfast: \(LogText.escaped(reason))")
        return ExitCode(status.rawValue)
    }
}
