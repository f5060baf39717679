internal import ArgumentParser
internal import SQLiteStore

/// `holdfast restore FILE`: makes a backup the database of a data directory.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a backup the database of a data directory.",
        discussion: """
            No broker may run on the directory. The backup is copied and checked as a whole before anything in the \
            directory is touched; FILE itself stays as it is. Messages are as old as they are: what has outlived its \
            retention since the backup was made is gone. New messages get sequence numbers far above those of the \
            backup, and receipt handles from after the backup do no harm.

            SIGINT and SIGTERM end the restore and remove what there is of it, until the backup takes its place.

            EXIT STATUS:
            \(ExitStatus.help)
            """,
        version: ProductVersion.text
    )

    @Argument(help: ArgumentHelp("The backup.", valueName: "file")) var file: String
    @OptionGroup var options: DataOptions
    @Flag(help: "Move a database that is there into a folder beside it.") var replace = false

    func run() throws {
        let directory = DataOptions.absolute(try options.directory())
        do {
            let restore = try Restore(from: DataOptions.absolute(file), into: directory, isReplacing: replace)
            let interruption = Interruption { restore.cancel() }
            let result = Result { try restore.run { StandardError.write(line: $0) } }
            if case .failure(BackupError.restoreCancelled) = result { interruption.endProcessIfReceived() }
            let summary = try result.get()
            if let folder = summary.replacedFolder {
                print("moved the former database to \(LogText.escaped(folder))")
            }
            print("restored \(summary.pageCount) pages to \(LogText.escaped(directory))")
        } catch let error as BackupError {
            let advice = if case .databaseExists = error { "; --replace moves it aside" } else { "" }
            throw DataOptions.failure(error.description + advice, ExitStatus(error))
        } catch let error as SQLiteStoreError {
            throw DataOptions.failure(error.description, ExitStatus(error))
        } catch {
            throw DataOptions.failure("\(error)", .storeFailure)
        }
    }
}
