internal import FoundationEssentials

/// All that a run of `holdfast bench` came to; its JSON form has the same names.
package struct BenchmarkReport: Encodable {
    /// The server's URL.
    package var endpoint: String

    /// The version of Holdfast that measured.
    package var version: String

    /// Where the broker of the command's own kept its data; nil at an endpoint that was given.
    package var directory: String?

    /// The type of file system that is on; in memory nothing is durable.
    package var fileSystem: String?

    /// Whether all messages came, once and in order.
    package var isGood: Bool

    /// Whether a signal ended it before its time.
    package var isInterrupted: Bool

    package var measurements: [QueueMeasurementOutcome]

    /// Puts a report together.
    package init(
        endpoint: String,
        version: String,
        directory: WorkingDirectory?,
        isInterrupted: Bool,
        measurements: [QueueMeasurementOutcome]
    ) {
        self.endpoint = endpoint
        self.version = version
        self.directory = directory?.path
        fileSystem = directory?.fileSystem
        isGood = measurements.allSatisfy(\.check.isGood)
        self.isInterrupted = isInterrupted
        self.measurements = measurements
    }

    /// For scripts.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people.
    package func text() -> String {
        let disk = fileSystem.map { ", data on \($0)" } ?? ""
        var sections = ["holdfast bench of \(endpoint)\(disk)\n"]
        if !measurements.isEmpty { sections += [rates(), latencies(), checks()] }
        if isInterrupted { sections.append("Interrupted: the figures are of what was done until then.\n") }
        return sections.joined(separator: "\n")
    }

    private func rates() -> String {
        var table = TextTable(["load", "connections", "requests/s", "messages/s", "server CPU µs/message"])
        for measurement in measurements {
            table.add([
                measurement.title, "\(measurement.connections)",
                measurement.requestsPerSecond.formatted(decimals: 0),
                measurement.messagesPerSecond.formatted(decimals: 0),
                measurement.serverCPUMicrosecondsPerMessage.formatted(decimals: 1),
            ])
        }
        return "Messages sent, received and deleted\n" + table.render()
    }

    private func latencies() -> String {
        var table = TextTable(["load", "request", "answers", "p50 ms", "p99 ms", "p99.9 ms"], words: [0, 1])
        for measurement in measurements {
            for operation in Operation.allCases {
                guard let latency = measurement.latencies[operation.name] else { continue }
                table.add([
                    measurement.title, operation.name, Double(latency.count).formatted(decimals: 0),
                    (latency.p50Microseconds / 1e3).formatted(decimals: 3),
                    (latency.p99Microseconds / 1e3).formatted(decimals: 3),
                    (latency.p999Microseconds / 1e3).formatted(decimals: 3),
                ])
            }
        }
        return "Latency of a request\n" + table.render()
    }

    private func checks() -> String {
        var table = TextTable(["load", "sent", "received", "lost", "doubled", "out of order"])
        for measurement in measurements {
            let check = measurement.check
            let order = measurement.groups == nil ? "-" : Double(check.outOfOrder).formatted(decimals: 0)
            let figures = [check.sent, check.received, check.lost, check.doubled]
            table.add([measurement.title] + figures.map { Double($0).formatted(decimals: 0) } + [order])
        }
        var text = "Check of every message, warm-up included\n" + table.render()
        if measurements.contains(where: { $0.groups == nil && $0.check.doubled > 0 }) {
            text += "  SQS allows that a standard queue delivers a message again; Holdfast does so after a visibility\n"
            text += "  timeout alone, and none was over here.\n"
        }
        return text
    }
}
