import DequeModule
import Foundation
import QueueModel
import Synchronization

/// What waits for the writer: any thread puts in, the writer takes out what makes a batch.
final class Inbox: @unchecked Sendable {
    /// A piece of work for the writer's thread.
    enum Job {
        case submission(Submission)

        /// A look at everything, for tests and checks, or a step of a backup; there is nothing after a failure.
        case inspection(@Sendable (QueueDatabase?) -> Void)

        /// What the job adds to a batch, in bytes.
        var sizeBytes: Int {
            guard case .submission(let submission) = self, case .sendMessages(let send) = submission.command else {
                return 0
            }
            return send.messages.reduce(0) { $0 + $1.content.body.count + $1.content.attributes.bytes.count }
        }
    }

    // The condition's lock protects everything below.
    private let condition = NSCondition()
    private var jobs: Deque<Job> = []
    private var waitingSizeBytes = 0
    private var isWriterWaiting = false
    private var isClosed = false

    private let waitingSizeBytesMax: Int

    /// Jobs of the last batch; for the writer's thread alone.
    private var lastBatchCount = 0

    /// Whether there is a job or no more will come, to be seen without the lock.
    private let isWorthALook = Atomic(false)

    init(waitingSizeBytesMax: Int) {
        self.waitingSizeBytesMax = waitingSizeBytesMax
    }

    /// Why a job was not taken in.
    enum Refusal {
        case closed
        case tooMuchWaiting
    }

    /// Takes jobs in, all or none.
    func put(_ new: some Collection<Job>) -> Refusal? {
        let sizeBytes = new.reduce(0) { $0 + $1.sizeBytes }
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return .closed }
        guard waitingSizeBytes == 0 || waitingSizeBytes + sizeBytes <= waitingSizeBytesMax else {
            return .tooMuchWaiting
        }
        waitingSizeBytes += sizeBytes
        jobs.append(contentsOf: new)
        isWorthALook.store(!jobs.isEmpty, ordering: .relaxed)
        if isWriterWaiting {
            isWriterWaiting = false
            condition.signal()
        }
        return nil
    }

    /// Takes no more jobs in.
    ///
    /// Those that wait are still taken out.
    func close() {
        condition.lock()
        isClosed = true
        isWorthALook.store(true, ordering: .relaxed)
        condition.signal()
        condition.unlock()
    }

    /// Takes out what makes a batch; nothing once the inbox is closed and empty.
    ///
    /// If nothing is there it waits, or answers an empty batch if it is told not to.
    func take(commandsMax: Int, sizeBytesMax: Int, isWaiting: Bool = true) -> [Job]? {
        if isWaiting, lastBatchCount == 1 { waitAwake() }
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, isWaiting {
            if isClosed { return nil }
            isWriterWaiting = true
            condition.wait()
        }
        isWriterWaiting = false
        var batch: [Job] = []
        batch.reserveCapacity(min(jobs.count, commandsMax))
        var sizeBytes = 0
        while let job = jobs.first, batch.count < commandsMax {
            let jobSizeBytes = job.sizeBytes
            if !batch.isEmpty, sizeBytes + jobSizeBytes > sizeBytesMax { break }
            sizeBytes += jobSizeBytes
            batch.append(jobs.removeFirst())
        }
        waitingSizeBytes -= sizeBytes
        lastBatchCount = batch.count
        isWorthALook.store(isClosed || !jobs.isEmpty, ordering: .relaxed)
        return batch
    }

    /// How long a lone client's next command is awaited without falling asleep: it mostly comes within half of that.
    private static let awakeMicroseconds = 100

    /// Waits for a job for a moment, giving way to every thread that wants the processor.
    ///
    /// A thread that sleeps takes some 50 microseconds to wake up, half as long as the disk needs for a commit. Where
    /// several clients send, batches have more than one command, and nobody waits like that.
    private func waitAwake() {
        let end = DispatchTime.now() + .microseconds(Inbox.awakeMicroseconds)
        while !isWorthALook.load(ordering: .relaxed), DispatchTime.now() < end { sched_yield() }
    }
}
