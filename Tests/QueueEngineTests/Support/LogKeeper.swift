import Logging
import Synchronization

/// Keeps what is logged at the level critical.
final class LogKeeper: Sendable {
    private let lines = Mutex<[String]>([])

    var critical: [String] {
        lines.withLock { $0 }
    }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(keeper: self) }
    }

    private struct Handler: LogHandler {
        let keeper: LogKeeper
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level == .critical else { return }
            keeper.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
