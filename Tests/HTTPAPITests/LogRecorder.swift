import Logging
import Synchronization

/// Keeps what is logged.
final class LogRecorder: Sendable {
    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.add(event.level, "\(event.message) \(event.metadata ?? [:])")
        }
    }

    private let kept = Mutex<[(level: Logger.Level, text: String)]>([])

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    var lines: [(level: Logger.Level, text: String)] {
        kept.withLock { $0 }
    }

    private func add(_ level: Logger.Level, _ text: String) {
        kept.withLock { $0.append((level, text)) }
    }
}
