import QueueModel
import Synchronization

/// One ReceiveMessage under way.
///
/// At any moment it is in one hand: the store's, which calls back with an outcome, or a `PollLine`'s. Whoever takes it
/// from there tells its answer, so there is exactly one.
final class Poll: Sendable {
    /// Its place in line: who came first is woken first.
    let order: UInt64
    let command: ReceiveMessagesCommand
    /// WaitTimeSeconds, or nothing for the queue's.
    let waitTimeSeconds: Int?
    let caller: Caller
    private let tellOutcome: @Sendable (Result<ReceivedMessages?, SQSError>) -> Void
    private let hasExpired = Atomic(false)
    private let wait = Mutex<Wait?>(nil)

    /// What a poll that may wait has to let go of.
    private struct Wait {
        let expiry: any TimerHandle
        let limit: LongPollLimit
    }

    /// Makes a poll; `tell` is called once, with nothing if there are no messages.
    init(
        order: UInt64,
        command: ReceiveMessagesCommand,
        waitTimeSeconds: Int?,
        caller: Caller,
        tell: @escaping @Sendable (Result<ReceivedMessages?, SQSError>) -> Void
    ) {
        self.order = order
        self.command = command
        self.waitTimeSeconds = waitTimeSeconds
        self.caller = caller
        tellOutcome = tell
    }

    /// Whether it must not wait any longer.
    var isOver: Bool {
        hasExpired.load(ordering: .sequentiallyConsistent) || caller.isGone
    }

    func expire() {
        hasExpired.store(true, ordering: .sequentiallyConsistent)
    }

    /// Keeps the timer that ends it, to be cancelled with the answer, and the limit that has counted it.
    func waits(until expiry: any TimerHandle, among limit: LongPollLimit) {
        wait.withLock { $0 = Wait(expiry: expiry, limit: limit) }
    }

    func tell(_ received: ReceivedMessages) {
        letGo()
        tellOutcome(.success(received))
    }

    func tellNothing() {
        letGo()
        tellOutcome(.success(nil))
    }

    func tell(_ error: SQSError) {
        letGo()
        tellOutcome(.failure(error))
    }

    private func letGo() {
        let wait = wait.withLock { wait in
            defer { wait = nil }
            return wait
        }
        // Only what was parked has a timer and a handler.
        guard let wait else { return }
        wait.expiry.cancel()
        wait.limit.left()
        caller.onLeave(nil)
    }
}
