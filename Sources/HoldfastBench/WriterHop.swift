import Dispatch
import Logging
import QueueModel
import SQLiteStore

/// What it costs to hand commands to the writer's thread and to hear of them: they ask for a queue that is not there,
/// which costs the store next to nothing and no commit.
final class WriterHop {
    private let store: SQLiteStore
    private let command: Command
    private let answered = DispatchSemaphore(value: 0)

    /// Opens a store of its own below a directory.
    init(directory: String) throws {
        guard let name = QueueName("none") else { preconditionFailure("the name is good") }
        command = .describeQueue(DescribeQueueCommand(queue: name, includesCounts: false))
        store = try SQLiteStore(
            directory: "\(directory)/hop",
            logger: Logger(label: "hop") { _ in SwiftLogNoOpLogHandler() },
            onFailure: { _ in }
        )
    }

    /// Hands some commands over at once and waits until all are answered.
    func round(commands: Int) {
        let answered = answered
        store.submit((0..<commands).map { _ in Submission(command) { _ in answered.signal() } })
        for _ in 0..<commands { answered.wait() }
    }

    /// Closes the store.
    func close() { store.close() }
}
