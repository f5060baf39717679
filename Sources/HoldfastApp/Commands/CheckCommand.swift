internal import ArgumentParser
internal import Foundation
internal import SQLiteStore

/// `holdfast check`: looks a database over that no broker uses.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look the database over while no broker runs, or a backup.",
        discussion: """
            Looks at the write-ahead log, the schema, the structure of the file with all indexes, what must hold \
            between its tables, the counts, and the digest of each body. Each finding is a line on standard output; \
            the last line sums up. With --quick it leaves out indexes, tables and digests.

            EXIT STATUS:
              0   all is well
              65  there are findings

            The others are those of 'holdfast serve'.
            """,
        version: ProductVersion.text
    )

    @Argument(help: ArgumentHelp("A backup to look at, instead of the data directory.", valueName: "file"))
    var file: String?
    @OptionGroup var options: DataOptions
    @Flag(help: "Look only at log, schema and the structure of the tables.") var quick = false
    @Flag(
        help: """
            Give up the commits behind damage in the write-ahead log, for which a broker does not start. The log is \
            copied first, to holdfast.db-wal.damaged-1.
            """
    )
    var acceptDamagedLog = false

    func validate() throws {
        if file != nil, options.data != nil { throw ValidationError("Give a backup or --data, not both.") }
        if file != nil, acceptDamagedLog { throw ValidationError("A backup has no log: omit --accept-damaged-log.") }
    }

    func run() throws {
        umask(0o077)
        let target: StoreCheck.Target =
            if let file { .file(file) } else { .directory(try options.directory()) }
        let isTerminal = isatty(STDERR_FILENO) == 1
        let check = StoreCheck(target, isQuick: quick, givesUpLog: acceptDamagedLog) { subject in
            if isTerminal { StandardError.write(line: "looking at \(subject)") }
        }
        let report: CheckReport
        do {
            report = try check.run()
        } catch let error as SQLiteStoreError {
            throw DataOptions.failure(error.description, ExitStatus(error))
        } catch {
            throw DataOptions.failure("\(error)", .storeFailure)
        }
        tell(report, of: target)
        if !report.findings.isEmpty { throw ExitCode(ExitStatus.unusableData.rawValue) }
    }

    private func tell(_ report: CheckReport, of target: StoreCheck.Target) {
        if let path = report.keptLogPath {
            print("given up: what lay behind the damage of the log, which is kept as \(path)")
        }
        for finding in report.findings {
            print("finding: \(finding.check): \(LogText.escaped(finding.text))")
        }
        let path =
            switch target {
            case .directory(let path), .file(let path): path
            }
        let size = report.contentSizeBytes.map { ", \($0) bytes of content" } ?? ""
        let result = report.findings.isEmpty ? "all is well" : "findings: \(report.findings.count)"
        print(
            "\(LogText.escaped(path)): \(report.queueCount) queues, \(report.messageCount) messages\(size): \(result)"
        )
    }
}
