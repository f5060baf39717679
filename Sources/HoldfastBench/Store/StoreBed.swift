import Benchmark
import Dispatch
import Glibc
import Logging
import QueueModel
import SQLiteStore
import Synchronization

/// A store of the bench's own, with what the writer's thread needs of CPU.
final class StoreBed {
    /// What came of a group of commands.
    struct Group {
        var outcomes: [Outcome]

        /// CPU of the writer's thread from the end of the group before to the end of this one.
        var cpuSeconds: Double
    }

    /// Written by the writer's thread, read when the group is over.
    private struct Heard {
        var results: [Result<Outcome, StoreError>] = []
        var cpuNanoseconds: Int64 = 0
    }

    let clock = BenchClock()
    let store: SQLiteStore
    private var cpuNanoseconds: Int64 = 0
    private var ids = SystemRandomNumberGenerator()
    private var bodies = 0

    /// Opens a store in a directory of its own.
    init(directory: String, _ configuration: SQLiteStoreConfiguration) throws {
        store = try SQLiteStore(
            directory: directory,
            clock: clock,
            configuration: configuration,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        ) { error in
            ErrorOutput.print("error: the store failed: \(error)")
            exit(1)
        }
    }

    /// Hands a group of commands over as one, so that it is one commit, and waits for it.
    func run(_ commands: [Command]) throws -> Group {
        let heard = Mutex(Heard())
        let isDone = DispatchSemaphore(value: 0)
        store.submit(
            commands.map { command in
                Submission(command) { result in
                    let isLast = heard.withLock {
                        $0.results.append(result)
                        guard $0.results.count == commands.count else { return false }
                        $0.cpuNanoseconds = threadCPUNanoseconds()
                        return true
                    }
                    if isLast { isDone.signal() }
                }
            }
        )
        isDone.wait()
        return try heard.withLock { heard in
            defer { cpuNanoseconds = heard.cpuNanoseconds }
            return Group(
                outcomes: try heard.results.map { try $0.get() },
                cpuSeconds: Double(heard.cpuNanoseconds - cpuNanoseconds) / 1e9
            )
        }
    }

    /// A message as the engine hands it over.
    func message(group: Int?) -> NewMessage {
        bodies += 1
        var text = "\(bodies)"
        text += String(repeating: "x", count: StoreShape.bodyBytes - text.utf8.count)
        var content = MessageContent(body: Array(text.utf8), senderId: "000000000000")
        if let group {
            content.messageGroupId = "customer-\(group)"
            content.messageDeduplicationId = MessageID.random(using: &ids).text
        }
        return NewMessage(messageId: MessageID.random(using: &ids), content: content)
    }

    /// Sweeps as the broker does, until there is nothing more to do.
    ///
    /// - Returns: the writer's CPU for it.
    func sweep() throws -> Double {
        var cpuSeconds = 0.0
        var hasMore = true
        while hasMore {
            let group = try run([.sweep(SweepCommand())])
            cpuSeconds += group.cpuSeconds
            guard case .swept(let more) = group.outcomes[0] else {
                throw BenchmarkError("a sweep answered something else")
            }
            hasMore = more
        }
        return cpuSeconds
    }
}

/// CPU that the calling thread has used.
@Sendable func threadCPUNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
