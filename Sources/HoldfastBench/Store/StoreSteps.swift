import Dispatch
import FoundationEssentials
import Glibc
import QueueModel
import SQLiteStore
import Synchronization

/// The longest steps of the writer, by the store's own timer, with large queues.
final class StoreSteps {
    /// One kind of step at one kind of work.
    struct Longest: Encodable {
        var step: String
        var work: String
        var count: Int
        var meanMilliseconds: Double
        var longestMilliseconds: Double
    }

    private let sizes: StoreSizes
    private let directory: String
    private let configuration: SQLiteStoreConfiguration
    private var found: [Longest] = []

    init(sizes: StoreSizes, directory: String, configuration: SQLiteStoreConfiguration) {
        self.configuration = configuration
        self.sizes = sizes
        // A backup wants its file's absolute path.
        let here = FileManager.default.currentDirectoryPath
        self.directory = (directory.hasPrefix("/") ? directory : "\(here)/\(directory)") + "/steps"
    }

    func run() throws -> [Longest] {
        try standardQueue()
        try manyGroups()
        try fullWindow()
        return found
    }

    private func standardQueue() throws {
        StoreCommand.progress("steps: \(StoreCase.standing.title(sizes))")
        let subject = try StoreSubject(.standing, sizes, directory: directory, configuration)
        defer { subject.bed.store.close() }
        note("filling", subject.bed)
        try load(subject)
        note("cycles", subject.bed)
        try backUp(subject.bed)
        note("a backup", subject.bed)
        try load(subject, besides: true)
        note("cycles and a backup", subject.bed)

        guard let dead = QueueName("orders-0"), let source = QueueName("source"), let other = QueueName("other") else {
            preconditionFailure("right names")
        }
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-0","maxReceiveCount":3}"#
        let task = MessageID(high: 1, low: 1)
        _ = try subject.bed.run([
            .createQueue(CreateQueueCommand(queue: source, attributes: [.redrivePolicy: policy])),
            .createQueue(CreateQueueCommand(queue: other)),
            .startMessageMoveTask(StartMessageMoveTaskCommand(taskId: task, source: dead, destination: other)),
        ])
        for step in 0..<400 {
            // As many as the runner asks for.
            let move = MoveMessagesCommand(taskId: task, messagesMax: 100, seed: UInt64(step))
            _ = try subject.bed.run([.moveMessages(move)])
        }
        note("a move task", subject.bed)
        _ = try subject.bed.run([.purgeQueue(PurgeQueueCommand(queue: dead))])
        _ = try subject.bed.sweep()
        note("a purge and its sweep", subject.bed)
        subject.bed.clock.pass(seconds: 5 * 86_400)
        _ = try subject.bed.sweep()
        note("expired messages", subject.bed)
    }

    private func manyGroups() throws {
        StoreCommand.progress("steps: \(StoreCase.fifoManyGroups.title(sizes))")
        let subject = try StoreSubject(.fifoManyGroups, sizes, directory: directory, configuration)
        defer { subject.bed.store.close() }
        try load(subject)
        note("cycles of FIFO, many groups", subject.bed)
        guard let name = QueueName("orders-0.fifo") else { preconditionFailure("a right name") }
        _ = try subject.bed.run([.deleteQueue(name)])
        _ = try subject.bed.sweep()
        note("a deletion and its sweep", subject.bed)
    }

    private func fullWindow() throws {
        StoreCommand.progress("steps: \(StoreCase.fifoFullWindow.title(sizes))")
        let subject = try StoreSubject(.fifoFullWindow, sizes, directory: directory, configuration)
        defer { subject.bed.store.close() }
        note("a full deduplication window", subject.bed)
        try load(subject)
        note("cycles with a full deduplication window", subject.bed)
        subject.bed.clock.pass(seconds: 420)
        _ = try subject.bed.sweep()
        note("old deduplication ids", subject.bed)
    }

    private func load(_ subject: StoreSubject, besides: Bool = false) throws {
        var sample = StoreSample()
        if besides {
            let backup = try start(subject.bed, bytesPerSecond: BackupRequest.defaultBytesPerSecond)
            while backup.wait(timeout: .now()) == .timedOut {
                try subject.cycle(groups: 5, batch: true, into: &sample)
            }
        } else {
            try subject.cycle(groups: 200, batch: true, into: &sample)
        }
    }

    private func backUp(_ bed: StoreBed) throws {
        try start(bed, bytesPerSecond: nil).wait()
    }

    private func start(_ bed: StoreBed, bytesPerSecond: Int?) throws -> DispatchSemaphore {
        let ended = DispatchSemaphore(value: 0)
        let request = BackupRequest(
            path: "\(directory)/backup.db",
            isReplacing: true,
            bytesPerSecond: bytesPerSecond
        )
        _ = try bed.store.backUp(
            request,
            onProgress: { _ in },
            onEnd: { result in
                if case .failure(let error) = result {
                    ErrorOutput.print("error: no backup: \(error)")
                    exit(1)
                }
                ended.signal()
            }
        )
        return ended
    }

    private func note(_ work: String, _ bed: StoreBed) {
        let times = bed.store.stepTimes(isStartingAnew: true)
        for step in WriterStep.allCases {
            guard let times = times[step] else { continue }
            found.append(
                Longest(
                    step: step.rawValue,
                    work: work,
                    count: times.count,
                    meanMilliseconds: Double(times.totalNanoseconds) / 1e6 / Double(times.count),
                    longestMilliseconds: Double(times.longestNanoseconds) / 1e6
                )
            )
        }
    }
}
