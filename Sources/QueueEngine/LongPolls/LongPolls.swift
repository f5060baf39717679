import QueueModel
import Synchronization

/// Receives, and those among them that wait for messages.
///
/// A receive that brought nothing and may wait is parked in the call that tells its outcome. As the store tells the
/// hints of a batch after its outcomes, no message can become available unnoticed in between.
///
/// A parked poll is woken by a hint, one poll for each message, or by its queue's timer, which is set to the next
/// moment at which a message becomes available. The outcome of a woken poll says when that is, so it wakes the next
/// poll or sets the timer: while polls are parked, a woken one is under way or all that is known to come is in the
/// timer. A wake-up that meets a caller who has left goes to the next poll.
final class LongPolls: Sendable {
    /// Milliseconds to the next try where the store can't tell when it makes sense: it refused, or too many messages
    /// are in flight.
    static let retryMilliseconds: Int64 = 1_000

    private struct State {
        /// Never an empty line.
        var lines: [QueueName: PollLine] = [:]
        var hasEnded = false
        var timersSet: UInt64 = 0
    }

    private let store: any MessageStore
    private let timers: any Timers
    private let state = Mutex(State())
    private let pollsMade = Atomic<UInt64>(0)

    /// How many may wait.
    let limit: LongPollLimit

    /// What their answers may take.
    let answers: AnswerRoom

    init(store: any MessageStore, timers: any Timers, limit: LongPollLimit, answers: AnswerRoom) {
        self.store = store
        self.timers = timers
        self.limit = limit
        self.answers = answers
    }

    /// The place in line of a poll that comes now.
    func nextOrder() -> UInt64 {
        pollsMade.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Receives, and waits for messages if the poll may wait.
    func receive(_ poll: Poll) {
        store.submit(submission(of: poll, isWoken: false))
    }

    /// Hears that messages of a queue became available or that the queue is gone.
    func hear(_ availability: Availability) {
        let queue = availability.queue
        wake(
            change(queue) { line, state in
                guard !availability.isQueueDeleted else { return line.takeAll() }
                let woken = line.takeFirst(availability.availableNow)
                if let next = availability.nextAvailableAt, line.timer.map({ next < $0.deadline }) ?? true {
                    setTimer(
                        of: &line,
                        at: next,
                        afterMilliseconds: next.milliseconds - availability.now.milliseconds,
                        in: &state,
                        queue: queue
                    )
                }
                return woken
            }
        )
    }

    /// Answers all that are parked; nothing is parked from now on.
    func end() {
        let lines = state.withLock { state in
            state.hasEnded = true
            defer { state.lines = [:] }
            return state.lines
        }
        for var line in lines.values {
            line.setTimer(nil)
            for poll in line.takeAll() { poll.tellNothing() }
        }
    }

    // MARK: Outcomes

    private func submission(of poll: Poll, isWoken: Bool) -> Submission {
        // Looked at when its turn comes: what was answered before it counts already.
        let isCalledOff = { @Sendable [answers] in poll.caller.isGone || answers.isUsedUp }
        return Submission(.receiveMessages(poll.command), isAbandoned: isCalledOff) { [self] result in
            take(result, for: poll, isWoken: isWoken)
        }
    }

    private func take(_ result: Result<Outcome, StoreError>, for poll: Poll, isWoken: Bool) {
        let queue = poll.command.queue
        switch result {
        case .success(.receivedMessages(let received)) where received.messages.isEmpty:
            takeNothing(received, for: poll, isWoken: isWoken)
        case .success(.receivedMessages(let received)):
            if poll.caller.isGone {
                store.giveBack(received, of: poll.command)
                poll.tellNothing()
            } else {
                if let share = answers.share(of: received) { poll.caller.keep(share) }
                poll.tell(received)
            }
            if isWoken { wake(change(queue) { learn(from: received, line: &$0, in: &$1, queue: queue) }) }
        case .success(let outcome):
            outcome.isNoOutcome(of: "ReceiveMessages")
        case .failure(.abandoned) where poll.caller.isGone:
            poll.tellNothing()
            if isWoken { wake(change(queue) { line, _ in line.takeFirst(1) }) }
        case .failure(.abandoned):
            holdBack(poll, isWoken: isWoken)
        case .failure(let error):
            poll.tell(SQSError(error))
            if isWoken { retry(queue) }
        }
    }

    private func takeNothing(_ received: ReceivedMessages, for poll: Poll, isWoken: Bool) {
        if !isWoken {
            let wait = poll.waitTimeSeconds ?? received.receiveMessageWaitTimeSeconds
            guard wait > 0, startWaiting(poll, seconds: wait) else {
                // Recorded: a FIFO queue with too many messages in flight is no error.
                let isError = wait == 0 && received.isOverLimit && !poll.command.queue.isFifo
                if isError { poll.tell(SQSError.overLimit) } else { poll.tellNothing() }
                return
            }
        }
        park(poll, after: received)
    }

    /// Lets a receive wait, or answer with an error, until there is room for its answer.
    private func holdBack(_ poll: Poll, isWoken: Bool) {
        answers.noteHoldingBack()
        let wait = poll.waitTimeSeconds ?? 0
        guard isWoken || (wait > 0 && startWaiting(poll, seconds: wait)) else {
            poll.tell(.serviceUnavailable("Too many answers wait for their clients to read them."))
            return
        }
        park(poll, after: nil)
    }

    /// Gives a poll its time to wait; false if too many wait already.
    private func startWaiting(_ poll: Poll, seconds: Int) -> Bool {
        guard limit.admits() else { return false }
        let expiry = timers.schedule(afterMilliseconds: Int64(seconds) * 1_000) { [self] in
            poll.expire()
            drop(poll)
        }
        poll.waits(until: expiry, among: limit)
        poll.caller.onLeave { [self] in drop(poll) }
        return true
    }

    // MARK: Parking and waking

    /// Parks a poll after a receive that brought nothing, or one that was held back.
    private func park(_ poll: Poll, after received: ReceivedMessages?) {
        let queue = poll.command.queue
        // Looked at under the lock: what ends a poll says so in the poll first, and looks for it in its line next.
        let (isParked, woken) = state.withLock { state in
            let isParked = !poll.isOver && !state.hasEnded
            if isParked { state.lines[queue, default: PollLine()].park(poll) }
            return (
                isParked,
                change(queue, in: &state) { line, state in
                    if let received { return learn(from: received, line: &line, in: &state, queue: queue) }
                    setRetry(of: &line, in: &state, queue: queue)
                    return []
                }
            )
        }
        if !isParked { poll.tellNothing() }
        wake(woken)
    }

    /// Ends a poll with no messages if it is parked; else its outcome will.
    private func drop(_ poll: Poll) {
        let queue = poll.command.queue
        let removed = change(queue) { line, _ in line.remove(poll) ? [poll] : [] }
        for poll in removed { poll.tellNothing() }
    }

    private func wake(_ polls: [Poll]) {
        switch polls.count {
        case 0: break
        case 1: store.submit(submission(of: polls[0], isWoken: true))
        default: store.submit(polls.map { submission(of: $0, isWoken: true) })
        }
    }

    private func fire(_ number: UInt64, for queue: QueueName) {
        wake(
            change(queue) { line, _ in
                guard line.timer?.number == number else { return [] }
                line.setTimer(nil)
                return line.takeFirst(1)
            }
        )
    }

    private func retry(_ queue: QueueName) {
        _ = change(queue) { line, state in
            setRetry(of: &line, in: &state, queue: queue)
            return []
        }
    }

    private func setRetry(of line: inout PollLine, in state: inout State, queue: QueueName) {
        setTimer(
            of: &line,
            at: .earliest,
            afterMilliseconds: LongPolls.retryMilliseconds,
            in: &state,
            queue: queue
        )
    }

    /// Takes the polls out that an outcome wakes, or sets the timer to what it says.
    private func learn(
        from received: ReceivedMessages,
        line: inout PollLine,
        in state: inout State,
        queue: QueueName
    ) -> [Poll] {
        var next = received.nextAvailableAt
        if received.isOverLimit {
            // That a message is available does not help; a delete would, but tells nobody.
            let retry = Timestamp(milliseconds: received.now.milliseconds + LongPolls.retryMilliseconds)
            next = max(next ?? retry, retry)
        }
        guard let next else {
            line.setTimer(nil)
            return []
        }
        guard next > received.now else {
            line.setTimer(nil)
            return line.takeFirst(1)
        }
        setTimer(
            of: &line,
            at: next,
            afterMilliseconds: next.milliseconds - received.now.milliseconds,
            in: &state,
            queue: queue
        )
        return []
    }

    private func setTimer(
        of line: inout PollLine,
        at deadline: Timestamp,
        afterMilliseconds milliseconds: Int64,
        in state: inout State,
        queue: QueueName
    ) {
        guard !line.isEmpty, line.timer?.deadline != deadline else { return }
        state.timersSet += 1
        let number = state.timersSet
        let handle = timers.schedule(afterMilliseconds: max(1, milliseconds)) { [self] in fire(number, for: queue) }
        line.setTimer(PollLine.Timer(deadline: deadline, number: number, handle: handle))
    }

    /// Changes a queue's line if it has one; gives what `body` took out of it.
    private func change(_ queue: QueueName, _ body: (inout PollLine, inout State) -> [Poll]) -> [Poll] {
        state.withLock { change(queue, in: &$0, body) }
    }

    private func change(
        _ queue: QueueName,
        in state: inout State,
        _ body: (inout PollLine, inout State) -> [Poll]
    ) -> [Poll] {
        guard var line = state.lines.removeValue(forKey: queue) else { return [] }
        let taken = body(&line, &state)
        if line.isEmpty { line.setTimer(nil) } else { state.lines[queue] = line }
        return taken
    }
}

extension Timestamp {
    /// A deadline that no hint can pull earlier.
    fileprivate static let earliest = Timestamp(milliseconds: .min)
}
