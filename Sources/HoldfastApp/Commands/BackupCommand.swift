internal import ArgumentParser
internal import SQLiteStore
internal import Synchronization

/// `holdfast backup FILE`: copies the database to a file, by way of the broker that runs on it if one does.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database to a file, while the broker works on.",
        discussion: """
            The copy is the state of a moment between the beginning and the end of the command: it holds all that was \
            answered before. FILE appears once it is whole and synced; until then it is called FILE.partial-holdfast. \
            The broker writes it, as its own user. Without a broker the command opens the database itself.

            SIGINT and SIGTERM end the backup and remove what there is of it.

            EXIT STATUS:
            \(ExitStatus.help)
            """,
        version: ProductVersion.text
    )

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file")) var file: String
    @OptionGroup var options: DataOptions
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("MiB a second that are copied; 0 for as many as can be.", valueName: "mib")
    )
    var rate: Int = BackupRequest.defaultBytesPerSecond / mebibyte
    @Flag(help: "Replace the file if it exists, once the new one is whole.") var replace = false

    private static let mebibyte = 1_048_576

    func validate() throws {
        guard (0...1_000_000).contains(rate) else {
            throw ValidationError("--rate is '\(rate)' but must be a number of MiB from 0 to 1000000")
        }
    }

    func run() throws {
        let directory = DataOptions.absolute(try options.directory())
        let request = BackupRequest(
            path: DataOptions.absolute(file),
            isReplacing: replace,
            bytesPerSecond: rate == 0 ? nil : rate * Self.mebibyte
        )
        if let client = ControlClient(dataDirectory: directory) {
            try run(request, with: client)
        } else {
            try run(request, in: directory)
        }
    }

    /// Has the running broker make it.
    private func run(_ request: BackupRequest, with client: ControlClient) throws {
        var report = ProgressReport(path: request.path)
        var end: ControlMessage.Answer?
        client.send(
            .backup(path: request.path, isReplacing: request.isReplacing, bytesPerSecond: request.bytesPerSecond)
        )
        // Until here a signal ends the command at once, which ends the backup, too.
        let interruption = Interruption { client.send(.cancel) }
        client.readAnswers { answer in
            if case .progress(let pageCount, let copiedPageCount) = answer {
                report.tell(BackupProgress(pageCount: pageCount, copiedPageCount: copiedPageCount))
                return false
            }
            end = answer
            return true
        }
        switch end {
        case .done(let pageCount):
            report.tellEnd(pageCount: pageCount)
        case .failed(let status, let reason):
            interruption.endProcessIfReceived()
            throw DataOptions.failure(reason, ExitStatus(rawValue: status) ?? .storeFailure)
        case .progress, nil:
            interruption.endProcessIfReceived()
            throw DataOptions.failure("the broker ended before the backup was whole", .dataInUse)
        }
    }

    /// Makes it without a broker.
    private func run(_ request: BackupRequest, in directory: String) throws {
        let result: Result<BackupProgress, BackupError>
        let interruption: Interruption
        var report = ProgressReport(path: request.path)
        do {
            let backup = try OfflineBackup(request, directory: directory)
            interruption = Interruption { backup.cancel() }
            result = try backup.run { report.tell($0) }
        } catch let error as BackupError {
            throw DataOptions.failure(error.description, ExitStatus(error))
        } catch let error as SQLiteStoreError {
            var reason = error.description
            if case .directoryInUse = error { reason += ", which no command can reach" }
            throw DataOptions.failure(reason, ExitStatus(error))
        } catch {
            throw DataOptions.failure("\(error)", .storeFailure)
        }
        switch result {
        case .success(let progress):
            report.tellEnd(pageCount: progress.pageCount)
        case .failure(let error):
            interruption.endProcessIfReceived()
            throw DataOptions.failure(error.description, ExitStatus(error))
        }
    }
}
