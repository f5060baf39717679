import Benchmark
import QueueModel
import SQLiteStore

/// One case: a filled store, and the cycles that are measured on it.
final class StoreSubject {
    let kind: StoreCase
    let bed: StoreBed
    private let queues: [QueueName]
    private let groupCount: Int
    private var sent = 0
    private var secondsSwept = 0
    private var commandsSent = 0

    /// Opens a store and fills it.
    init(_ kind: StoreCase, _ sizes: StoreSizes, directory: String, _ configuration: SQLiteStoreConfiguration) throws {
        self.kind = kind
        bed = try StoreBed(directory: "\(directory)/\(kind.rawValue)", configuration)
        queues = (0..<kind.queueCount(sizes)).map { index in
            guard let name = QueueName("orders-\(index)" + (kind.isFifo ? ".fifo" : "")) else {
                preconditionFailure("a made name has the right form")
            }
            return name
        }
        groupCount = kind.groupCount(sizes)
        for start in stride(from: 0, to: queues.count, by: 500) {
            _ = try bed.run(
                queues[start..<min(start + 500, queues.count)].map { name in
                    .createQueue(CreateQueueCommand(queue: name, attributes: kind.isFifo ? [.fifoQueue: "true"] : [:]))
                }
            )
        }
        var left = kind.standingCount(sizes)
        while left > 0 {
            let commands = (0..<min(100, (left + 9) / 10)).map { _ in send(batch: true) }
            _ = try bed.run(commands)
            left -= commands.count * StoreShape.batchSize
            _ = try pass(messages: commands.count * StoreShape.batchSize)
        }
        if kind != .fifoFullWindow {
            // What was sent is no longer in the deduplication window, which has a case of its own.
            bed.clock.pass(seconds: 6 * 60)
            _ = try pass(messages: 0)
        }
    }

    /// Sends, receives and deletes so many groups of commands, and adds what each cost.
    func cycle(groups: Int, batch: Bool, into sample: inout StoreSample) throws {
        for _ in 0..<groups {
            let commands = kind.commandsPerCommit
            let messages = commands * (batch ? StoreShape.batchSize : 1)
            sample.messages += messages
            sample.commands += commands
            let sends = try bed.run((0..<commands).map { _ in send(batch: batch) })
            sample.sendSeconds += sends.cpuSeconds
            let receives = try bed.run((-commands..<0).map { receive(from: queue(commandsSent + $0), batch: batch) })
            sample.receiveSeconds += receives.cpuSeconds
            var received = 0
            var deletes: [Command] = []
            for case .receivedMessages(let outcome) in receives.outcomes {
                received += outcome.messages.count
                let receipts = outcome.messages.map(\.receipt)
                guard let first = receipts.first else { continue }
                deletes.append(.deleteMessages(DeleteMessagesCommand(queue: try queue(of: first), receipts: receipts)))
            }
            guard received == messages else {
                throw BenchmarkError("\(kind.rawValue): received \(received) of \(messages) messages")
            }
            sample.deleteSeconds += try bed.run(deletes).cpuSeconds
            sample.sweepSeconds += try pass(messages: messages)
        }
    }

    /// Measures a receive from an empty queue, of which there is one more.
    func emptyReceives(groups: Int) throws -> Double {
        guard let name = QueueName("empty" + (kind.isFifo ? ".fifo" : "")) else { preconditionFailure("a right name") }
        let attributes: [QueueAttributeName: String] = kind.isFifo ? [.fifoQueue: "true"] : [:]
        _ = try bed.run([.createQueue(CreateQueueCommand(queue: name, attributes: attributes))])
        let commitsBefore = bed.store.counters.commits
        var seconds = 0.0
        for _ in 0..<groups {
            let command = Command.receiveMessages(ReceiveMessagesCommand(queue: name, maxNumberOfMessages: 10))
            seconds += try bed.run(Array(repeating: command, count: kind.commandsPerCommit)).cpuSeconds
        }
        guard bed.store.counters.commits == commitsBefore else {
            throw BenchmarkError("an empty receive cost a commit")
        }
        return seconds * 1e6 / Double(groups * kind.commandsPerCommit)
    }

    private func send(batch: Bool) -> Command {
        defer { commandsSent += 1 }
        let messages = (0..<(batch ? StoreShape.batchSize : 1)).map { _ in
            sent += 1
            // Scattered, as customers' numbers are.
            return bed.message(group: kind.isFifo ? sent &* 7_919 % groupCount : nil)
        }
        return .sendMessages(SendMessagesCommand(queue: queue(commandsSent), messages: messages))
    }

    /// The queue that a command is sent to.
    private func queue(_ command: Int) -> QueueName {
        // Scattered, and each in its turn.
        queues[kind == .manyQueues ? command &* 7_919 % queues.count : 0]
    }

    private func receive(from queue: QueueName, batch: Bool) -> Command {
        .receiveMessages(
            ReceiveMessagesCommand(
                queue: queue,
                maxNumberOfMessages: batch ? StoreShape.batchSize : 1
            )
        )
    }

    private func queue(of receipt: Receipt) throws -> QueueName {
        let index = Int(receipt.locator >> 40) - 1
        guard queues.indices.contains(index) else { throw BenchmarkError("a receipt names no queue") }
        return queues[index]
    }

    /// Lets the clock pass, and sweeps once a second of it.
    private func pass(messages: Int) throws -> Double {
        bed.clock.pass(messages: messages)
        let second = Int(bed.clock.now().milliseconds / 1_000)
        guard second > secondsSwept else { return 0 }
        secondsSwept = second
        return try bed.sweep()
    }
}
