package import Logging

/// Writes log events as lines of text, `TIME LEVEL LABEL: MESSAGE key=value …`, keys in alphabetical order.
package struct TextLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let write: @Sendable (String) -> Void

    /// Makes a handler; `write` is given whole lines without their end.
    package init(label: String, level: Logger.Level, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        logLevel = level
        self.write = write
    }

    /// A value of the handler's own metadata.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes an event.
    package func log(event: LogEvent) {
        write(Self.line(time: UTCTime.now(), label: label, event: event, metadata: allMetadata(of: event)))
    }

    private func allMetadata(of event: LogEvent) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() {
            all.merge(provided) { _, new in new }
        }
        if let own = event.metadata {
            all.merge(own) { _, new in new }
        }
        if let error = event.error {
            all["error"] = "\(error)"
        }
        return all
    }

    /// An event as a line.
    package static func line(time: String, label: String, event: LogEvent, metadata: Logger.Metadata) -> String {
        var line = "\(time) \(event.level.rawValue) \(label): \(LogText.escaped(event.message.description))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(LogText.escaped(key))=\(LogText.value(value.description))"
        }
        return line
    }
}

extension Logger {
    /// A logger that writes text to standard error.
    static func standardError(level: Logger.Level) -> Logger {
        Logger(label: "holdfast") { label in
            TextLogHandler(label: label, level: level) { StandardError.write(line: $0) }
        }
    }
}
