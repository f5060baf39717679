import QueueModel
import SQLite

extension QueueDatabase {
    /// What one receive took from a group.
    private struct GroupSelection {
        var deliver: [Pick] = []
        var move: [Pick] = []
    }

    func receiveFifo(_ command: ReceiveMessagesCommand, from record: QueueRecord) throws(SQLiteError) -> Execution {
        if let attemptId = command.attemptId, let again = try retry(attemptId, command, record) { return again }
        guard let budget = try removeExpired(from: record) else { return .unfinished }
        guard let room = try roomInFlight(of: record) else { return .unfinished }
        guard room > 0 else {
            return .done(.success(.receivedMessages(try outcome(of: command, record, messages: [], isOverLimit: true))))
        }
        let target = deadLetterTarget(of: record)
        let (selections, isBudgetUsed, stuck) = try selectGroups(
            of: record,
            count: min(command.maxNumberOfMessages, room),
            maxReceiveCount: target == nil ? nil : record.attributes.redrivePolicy?.maxReceiveCount,
            movesMax: budget.moves
        )
        let moves = selections.flatMap(\.move)
        if let target {
            for pick in moves {
                try move(pick.key, lease: pick.lease, sentAt: pick.sentAt, from: record, to: target)
            }
        }
        let timeoutSeconds = command.visibilityTimeoutSeconds ?? record.attributes.visibilityTimeoutSeconds
        // All groups at once: with many of them their first messages mostly follow each other.
        let picks = selections.flatMap(\.deliver)
        let received = try deliver(picks, timeoutSeconds: timeoutSeconds, from: record)
        // What came before them in their groups was moved, so they are the first there.
        try hide(selections.compactMap(\.deliver.first), until: now.adding(seconds: timeoutSeconds), in: record)
        receiveBudget.use(
            rows: 0,
            moves: moves.count,
            sizeBytes: (moves + picks).reduce(0) { $0 + $1.sizeBytes }
        )
        if received.isEmpty, isBudgetUsed { return .unfinished }
        if let attemptId = command.attemptId, !received.isEmpty {
            try remember(attemptId, received, deadline: now.adding(seconds: timeoutSeconds), record)
        }
        let outcome = try outcome(of: command, record, messages: received, isPassingBy: stuck > 0)
        return .done(.success(.receivedMessages(outcome)))
    }

    /// Removes what has expired; on a FIFO queue messages expire in their order, so that none that is left has.
    ///
    /// - Returns: what the receive may still do; nothing if there may be more to remove in the next batch.
    private func removeExpired(from record: QueueRecord) throws(SQLiteError) -> (rows: Int, moves: Int)? {
        let budget = receiveBudget.ofNextReceive
        let removed = try sweepExpired(record, rowsMax: budget.rows)
        receiveBudget.use(rows: removed, moves: 0, sizeBytes: 0)
        return removed < budget.rows ? budget : nil
    }

    /// Takes the groups that have been ready longest, and from each the messages from its head to the first that is
    /// in flight or delayed.
    private func selectGroups(
        of record: QueueRecord,
        count: Int,
        maxReceiveCount: Int?,
        movesMax: Int
    ) throws(SQLiteError) -> (selections: [GroupSelection], isBudgetUsed: Bool, stuck: Int) {
        let delaySeconds = record.attributes.delaySeconds
        groups.startReady(number: record.number, leasedUntil: now)
        defer {
            groups.endReady()
            messages.endInGroup()
        }
        var selections: [GroupSelection] = []
        var left = count
        var movesLeft = movesMax
        var sizeBytes = 0
        var isFull = false
        var stuck = 0
        let number = record.number
        let sentUntil = now.adding(seconds: -delaySeconds)
        var received = try groups.nextLeased(number: number)
        var fresh = try groups.nextFresh(number: number, sentUntil: sentUntil, now: now)
        while left > 0, movesLeft > 0, !isFull, stuck < ReceiveBudget.stuckMax {
            let head: GroupTable.Head
            if let first = received, isBefore(first, fresh, in: record) {
                head = first
                received = try groups.nextLeased(number: number)
            } else if let first = fresh {
                head = first
                fresh = try groups.nextFresh(number: number, sentUntil: sentUntil, now: now)
            } else {
                break
            }
            var selection = GroupSelection()
            try walkGroup(from: head) { message in
                guard readyAt(message.head, in: record) <= now else { return false }
                let isPoisoned = message.lease?.isPoisoned(maxReceiveCount: maxReceiveCount) ?? false
                if isPoisoned, !scope.includesDeadLetterMoves {
                    // Nothing of its group may overtake it.
                    stuck += 1
                    return false
                }
                let isFirst = left == count && movesLeft == movesMax
                let pick = Pick(
                    key: message.key,
                    lease: message.lease,
                    sentAt: message.sentAt,
                    sizeBytes: message.sizeBytes,
                    row: message.row
                )
                isFull = !isFirst && sizeBytes + pick.sizeBytes > ReceiveBudget.answerSizeBytesMax
                guard !isFull else { return false }
                sizeBytes += pick.sizeBytes
                if isPoisoned {
                    selection.move.append(pick)
                    movesLeft -= 1
                } else {
                    selection.deliver.append(pick)
                    left -= 1
                }
                return left > 0 && movesLeft > 0
            }
            selections.append(selection)
        }
        return (selections, isFull || movesLeft <= 0, stuck)
    }

    /// Hides groups with the messages that a receive has taken from each first.
    private func hide(_ firsts: [Pick], until deadline: Timestamp, in record: QueueRecord) throws(SQLiteError) {
        var isEachFirst = true
        // Two statements for all of those that follow each other, as with many groups they mostly do.
        for run in KeyRun.runs(of: firsts.lazy.filter { $0.lease == nil }.map(\.key)) {
            isEachFirst = try hide(run, until: deadline, in: record) && isEachFirst
        }
        for first in firsts {
            guard let former = first.lease else { continue }
            isEachFirst = try hide(first.key, replacing: former, until: deadline, in: record) && isEachFirst
        }
        guard isEachFirst else {
            throw .corrupt("a message of queue \(record.name.text) is the first of a group whose row is another")
        }
    }

    /// Whether a group is received from before another: it has been ready longer, or its head came first.
    private func isBefore(_ head: GroupTable.Head, _ other: GroupTable.Head?, in record: QueueRecord) -> Bool {
        guard let other else { return true }
        let (own, others) = (readyAt(head, in: record), readyAt(other, in: record))
        return own == others ? head.key.rawValue < other.key.rawValue : own < others
    }

    // MARK: Receive attempts

    /// Answers a repeated attempt with the same messages, hidden anew; nothing if this is a receive of its own.
    private func retry(
        _ attemptId: String,
        _ command: ReceiveMessagesCommand,
        _ record: QueueRecord
    ) throws(SQLiteError) -> Execution? {
        guard let attempt = try attempts.find(attemptId, number: record.number, now: now) else { return nil }
        guard attempt.deadline > now else { return nil }
        let over = Execution.done(.failure(.refused(.receiveAttemptIsOver(attemptId))))
        // What can't be read is no worse than what has changed since: the caller goes on with an id of its own, and the
        // messages come back after their timeout.
        guard let receipts = attempt.receipts else { return over }
        var found: [(key: MessageKey, lease: Lease)] = []
        for receipt in receipts {
            let key = MessageKey(rawValue: Int64(bitPattern: receipt.locator))
            guard let (lease, sentAt) = try leases.find(key), !record.isExpired(sentAt: sentAt, now: now),
                isInForce(receipt, of: lease), lease.deadline == attempt.deadline
            else { return over }
            found.append((key, lease))
        }
        guard try removeExpired(from: record) != nil else { return .unfinished }
        let timeoutSeconds = command.visibilityTimeoutSeconds ?? record.attributes.visibilityTimeoutSeconds
        let deadline = now.adding(seconds: timeoutSeconds)
        var sizeBytes = 0
        defer { receiveBudget.use(rows: 0, moves: 0, sizeBytes: sizeBytes) }
        var received: [ReceivedMessage] = []
        func renewed(_ lease: Lease) -> Lease {
            var lease = lease
            lease.deadline = deadline
            return lease
        }
        let formers = found.sorted { $0.key.rawValue < $1.key.rawValue }
        try write(formers.map { (key: $0.key, lease: Optional($0.lease)) }, in: record) { former in
            guard let former else { preconditionFailure("what a receive has handed out has a lease") }
            return renewed(former)
        }
        for (key, former) in found {
            let row = try messages.find(KeyRun(first: key))[0]
            received.append(try message(key, row, lease: renewed(former)))
            sizeBytes += row.sizeBytes
            try hide(key, replacing: former, until: deadline, in: record)
        }
        try attempts.write(
            .init(madeAt: attempt.madeAt, deadline: deadline, receipts: receipts),
            id: attemptId,
            number: record.number
        )
        return .done(.success(.receivedMessages(try outcome(of: command, record, messages: received))))
    }

    private func remember(
        _ attemptId: String,
        _ received: [ReceivedMessage],
        deadline: Timestamp,
        _ record: QueueRecord
    ) throws(SQLiteError) {
        let attempt = ReceiveAttemptTable.Attempt(madeAt: now, deadline: deadline, receipts: received.map(\.receipt))
        try attempts.write(attempt, id: attemptId, number: record.number)
        noteWrite()
    }
}
