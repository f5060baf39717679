import Foundation
import Logging
import QueueModel
import SQLiteStore
import Synchronization

/// A data directory that is removed with its last user.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/holdfast-test-\(UUID().uuidString)"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A clock that stands until it is moved.
final class HandClock: StoreClock {
    private let moment = Mutex(Timestamp(milliseconds: 1_700_000_000_000))

    func now() -> Timestamp {
        moment.withLock { $0 }
    }

    func advance(seconds: Int) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
    }
}

/// Lines that were logged, with their levels.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    func contains(_ text: String) -> Bool {
        lines.withLock { $0.contains { $0.contains(text) } }
    }

    func count(_ isWanted: (String) -> Bool) -> Int {
        lines.withLock { lines in lines.count { isWanted($0) } }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}

extension MessageStore {
    /// Hands commands over together and waits for their outcomes.
    func apply(_ commands: [Command]) -> [Result<Outcome, StoreError>] {
        guard !commands.isEmpty else { return [] }
        let results = Mutex<[Result<Outcome, StoreError>]>([])
        let isDone = DispatchSemaphore(value: 0)
        submit(
            commands.map { command in
                Submission(command) { result in
                    let count = results.withLock {
                        $0.append(result)
                        return $0.count
                    }
                    if count == commands.count {
                        isDone.signal()
                    }
                }
            }
        )
        isDone.wait()
        return results.withLock { $0 }
    }

    func apply(_ command: Command) -> Result<Outcome, StoreError> {
        apply([command])[0]
    }

    func receive(_ queue: QueueName, count: Int = 1, visibilityTimeoutSeconds: Int? = nil) -> [ReceivedMessage] {
        let command = ReceiveMessagesCommand(
            queue: queue,
            maxNumberOfMessages: count,
            visibilityTimeoutSeconds: visibilityTimeoutSeconds
        )
        guard case .success(.receivedMessages(let received)) = apply(.receiveMessages(command)) else { return [] }
        return received.messages
    }
}

func queueName(_ text: String) -> QueueName {
    guard let name = QueueName(text) else { preconditionFailure("\(text) is no queue name") }
    return name
}

func newMessage(_ body: String, id: UInt64 = 1, delaySeconds: Int? = nil) -> NewMessage {
    NewMessage(
        messageId: MessageID(high: 0, low: id),
        content: MessageContent(body: Array(body.utf8), senderId: "000000000000"),
        delaySeconds: delaySeconds
    )
}

func send(_ queue: QueueName, _ bodies: String...) -> Command {
    .sendMessages(SendMessagesCommand(queue: queue, messages: bodies.map { newMessage($0) }))
}

func body(_ message: ReceivedMessage) -> String {
    String(decoding: message.content.body, as: UTF8.self)
}
