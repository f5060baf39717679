package import ArgumentParser

/// The command `holdfast`: everything else is a subcommand.
package struct HoldfastCommand: ParsableCommand {
    /// Name, help and subcommands.
    package static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "A durable message queue that speaks the Amazon SQS API.",
        discussion: """
            'holdfast serve' starts the broker on http://127.0.0.1:9324 with its data in ./data. Point an AWS SDK or \
            the AWS CLI at it with an endpoint URL; any credentials do.

            EXIT STATUS:
            \(ExitStatus.help)
            """,
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, BackupCommand.self, RestoreCommand.self, CheckCommand.self, DoctorCommand.self,
            BenchCommand.self,
        ]
    )

    /// For the argument parser.
    package init() {}
}
