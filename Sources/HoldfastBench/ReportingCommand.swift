import ArgumentParser
import Benchmark
import FoundationEssentials

/// What a command has measured.
protocol PrintableReport: Encodable {
    /// The report for people.
    func text() -> String
}

extension PrintableReport {
    /// The report for scripts.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// A command that measures with data in a directory of its own, which is removed in the end, and prints a report.
protocol ReportingCommand: ParsableCommand {
    associatedtype Measured: PrintableReport

    /// Where the directory is made; nothing for a place on a disk.
    var data: String? { get }

    /// Whether the report is printed as JSON.
    var json: Bool { get }

    /// Measures.
    func measure(_ directory: WorkingDirectory) throws -> Measured
}

extension ReportingCommand {
    func run() throws {
        let places = [".build"] + WorkingDirectory.temporaryPlaces
        let directory = try WorkingDirectory(under: data ?? WorkingDirectory.parent(among: places))
        let interruption = Interruption { directory.remove() }
        defer { interruption.unlessInterrupted { directory.remove() } }
        do {
            let report = try measure(directory)
            print(json ? try report.json() : report.text())
        } catch {
            interruption.unlessInterrupted { ErrorOutput.print("error: \(error)") }
            throw ExitCode.failure
        }
    }

    /// To the error output, so that the report can be redirected by itself.
    static func progress(_ text: String) {
        ErrorOutput.print("bench: \(text)")
    }
}
