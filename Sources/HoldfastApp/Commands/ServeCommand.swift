internal import ArgumentParser
internal import Foundation
internal import SQLiteStore

/// `holdfast serve`: runs the broker until a signal stops it.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the broker.",
        discussion: """
            An option goes over its environment variable, that over the configuration file, and that over the \
            default. What is unknown or has a bad value stops the start. SIGTERM and SIGINT stop the broker when what \
            is under way has been answered.

            Any credentials are accepted: requests are not authenticated. The log goes to standard error; the line \
            with 'ready' tells that connections are accepted.

            SETTINGS (file key, environment variable, default):
            \(settingsHelp)

            The file is named by --config or \(BrokerConfiguration.fileEnvironmentName).

            EXIT STATUS:
            \(ExitStatus.help)
            """,
        version: ProductVersion.text
    )

    private static let settingsHelp = Setting.all.map { setting in
        let value = setting.text(in: BrokerConfiguration())
        return "  \(setting.key)\n      \(setting.environmentName), \(value.isEmpty ? "empty" : value)"
    }.joined(separator: "\n")

    @Option(help: help(.host)) var host: String?
    // Unconditional, so that `--port -1` is a bad port and not an unknown option.
    @Option(parsing: .unconditional, help: help(.port)) var port: String?
    @Option(help: help(.dataDirectory)) var data: String?
    @Option(name: .customLong("public-url"), help: help(.publicURL)) var publicURL: String?
    @Option(help: help(.account)) var account: String?
    @Option(help: help(.region)) var region: String?
    @Option(help: help(.logLevel)) var logLevel: String?
    @Option(help: ArgumentHelp("YAML file of settings.", valueName: "file")) var config: String?

    private static func help(_ setting: Setting) -> ArgumentHelp {
        let value = setting.text(in: BrokerConfiguration())
        return ArgumentHelp(
            "\(setting.summary).\(value.isEmpty ? "" : " (default: \(value))")",
            valueName: setting.valueName
        )
    }

    /// The options that were given, by ``Setting/option``.
    private var options: [String: String] {
        [
            "host": host, "port": port, "data": data, "public-url": publicURL, "account": account, "region": region,
            "log-level": logLevel,
        ].compactMapValues { $0 }
    }

    func validate() throws {
        let options = options
        for setting in Setting.all {
            guard let option = setting.option, let text = options[option] else { continue }
            if let problem = setting.problem(with: text, from: "--\(option)") {
                throw ValidationError(LogText.escaped(problem))
            }
        }
    }

    func run() throws {
        try run(storeConfiguration: SQLiteStoreConfiguration())
    }

    func run(storeConfiguration: SQLiteStoreConfiguration) throws {
        let configuration: BrokerConfiguration
        do {
            let environment = ProcessInfo.processInfo.environment
            configuration = try BrokerConfiguration(options: options, environment: environment, file: config)
        } catch let error as ConfigurationError {
            for problem in error.problems {
                StandardError.write(line: "holdfast: \(LogText.escaped(problem))")
            }
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
        let status = Serving(configuration: configuration, storeConfiguration: storeConfiguration).run()
        if status != .stopped { throw ExitCode(status.rawValue) }
    }
}
