import QueueModel
import SQLite

/// How much of a batch its receives may use together before they go on in the next one, so that neither expired nor
/// poisoned messages keep the others waiting.
struct ReceiveBudget {
    private static let rowsMax = 1_000
    private static let movesMax = 100

    /// Messages and groups that one receive passes by while there is no room to move them.
    static let stuckMax = 1_000

    /// What a receive can always use: a queue in order needs no more.
    private static let rowsMin = 10
    private static let movesMin = 1

    /// Bytes of bodies and attributes that the receives of a batch read together; one may go past it, for the last.
    private static let sizeBytesMax = 16 * 1_048_576

    /// Bytes of bodies and attributes that one receive hands out, but for a single larger message, and clears out
    /// of its way: a receive may bring fewer messages than it asks for, and ten of a megabyte each would be a
    /// burden on broker and network.
    static let answerSizeBytesMax = 4 * 1_048_576

    /// Bytes that may still be read.
    private(set) var sizeBytesLeft = sizeBytesMax

    /// Rows that may still be passed or removed.
    private(set) var rowsLeft = rowsMax

    /// Messages that may still be moved to a dead-letter queue.
    private(set) var movesLeft = movesMax

    /// The budget of the next receive.
    var ofNextReceive: (rows: Int, moves: Int) {
        (max(rowsLeft, ReceiveBudget.rowsMin), max(movesLeft, ReceiveBudget.movesMin))
    }

    mutating func use(rows: Int, moves: Int, sizeBytes: Int) {
        rowsLeft -= rows
        movesLeft -= moves
        sizeBytesLeft -= sizeBytes
    }
}

extension QueueDatabase {
    /// A message that a receive has chosen.
    struct Pick {
        let key: MessageKey
        let lease: Lease?
        let sentAt: Timestamp
        let sizeBytes: Int

        /// What the message holds, if that is read already.
        var row: MessageTable.Row?
    }

    /// Messages that a receive has picked, all before the first write.
    private struct Selection {
        var deliver: [Pick] = []
        var move: [Pick] = []
        var expire: [Pick] = []

        /// Rows that only the cursor had to pass.
        var passed = 0

        /// The last sequence behind which every message has a lease, or is picked.
        var cursor: Int64

        let budget: (rows: Int, moves: Int)

        var rows: Int { expire.count + passed }

        /// Bytes of what is to be delivered.
        var sizeBytes = 0

        /// Bytes of what is to be moved or removed.
        var clearedSizeBytes = 0

        /// Messages that would be moved if there were room on the disk.
        var stuck = 0

        /// Whether a message of this size would make the answer too large.
        func isTooMuch(_ size: Int) -> Bool {
            !deliver.isEmpty && sizeBytes + size > ReceiveBudget.answerSizeBytesMax
        }

        /// Whether no more may be cleared out of the way; the cursor's walk does not count, for what is due must not
        /// wait for that.
        var isClearingUsed: Bool {
            move.count >= budget.moves || expire.count >= budget.rows
                || clearedSizeBytes >= ReceiveBudget.answerSizeBytesMax
        }

        var isBudgetUsed: Bool { isClearingUsed || rows >= budget.rows }
    }

    func receiveMessages(_ command: ReceiveMessagesCommand) throws(SQLiteError) -> Execution {
        guard let record = records[command.queue] else { return .done(.failure(.queueDoesNotExist)) }
        guard receiveBudget.sizeBytesLeft > 0 else { return .unfinished }
        if record.isFifo { return try receiveFifo(command, from: record) }
        guard let room = try roomInFlight(of: record) else { return .unfinished }
        guard room > 0 else {
            return .done(.success(.receivedMessages(try outcome(of: command, record, messages: [], isOverLimit: true))))
        }
        let target = deadLetterTarget(of: record)
        let maxReceiveCount = target == nil ? nil : record.attributes.redrivePolicy?.maxReceiveCount
        let selection = try select(
            from: record,
            count: min(command.maxNumberOfMessages, room),
            maxReceiveCount: maxReceiveCount
        )
        receiveBudget.use(
            rows: selection.rows,
            moves: selection.move.count,
            sizeBytes: selection.sizeBytes + selection.clearedSizeBytes
        )
        if selection.cursor > record.cursor {
            record.cursor = selection.cursor
            noteState(of: record)
        }
        for pick in selection.expire {
            try remove(pick.key, lease: pick.lease, from: record)
        }
        if let target {
            for pick in selection.move {
                try move(pick.key, lease: pick.lease, sentAt: pick.sentAt, from: record, to: target)
            }
        }
        if selection.deliver.isEmpty && selection.isBudgetUsed { return .unfinished }
        let timeoutSeconds = command.visibilityTimeoutSeconds ?? record.attributes.visibilityTimeoutSeconds
        let received = try deliver(selection.deliver, timeoutSeconds: timeoutSeconds, from: record)
        let outcome = try outcome(of: command, record, messages: received, isPassingBy: selection.stuck > 0)
        return .done(.success(.receivedMessages(outcome)))
    }

    /// How many more messages can be in flight; nothing if that is told only in the next batch.
    ///
    /// The counts are brought up to date only when they seem to say none.
    func roomInFlight(of record: QueueRecord) throws(SQLiteError) -> Int? {
        let wanted = Limits.maxNumberOfMessages.upperBound
        if record.inFlightCount + wanted > inFlightMessagesMax, try !advanceCounts(of: record) {
            return nil
        }
        return inFlightMessagesMax - record.inFlightCount
    }

    func deadLetterTarget(of record: QueueRecord) -> QueueRecord? {
        guard let policy = record.attributes.redrivePolicy else { return nil }
        return records[policy.deadLetterTarget.queue]
    }

    /// Merges what came back and what was never received by the moment each became available.
    private func select(
        from record: QueueRecord,
        count: Int,
        maxReceiveCount: Int?
    ) throws(SQLiteError) -> Selection {
        var selection = Selection(cursor: record.cursor, budget: receiveBudget.ofNextReceive)
        leases.startDue(number: record.number, now: now)
        defer { leases.endDue() }
        let hasFresh = record.cursor + 1 < record.nextSequence
        if hasFresh {
            messages.startFresh(after: record.key(record.cursor))
        }
        defer { if hasFresh { messages.endFresh() } }

        func nextDue() throws(SQLiteError) -> LeaseTable.Due? {
            while let due = try leases.nextDue() {
                guard isStuck(due, maxReceiveCount, in: record) else { return due }
                selection.stuck += 1
                guard selection.stuck < ReceiveBudget.stuckMax else { return nil }
            }
            return nil
        }
        var due = try nextDue()
        // One more than is picked is looked at: it tells a damaged key, by which others would be passed.
        var fresh = hasFresh ? try nextFresh(&selection) : nil
        while selection.deliver.count < count, !selection.isClearingUsed {
            if let lease = due, fresh.map({ lease.lease.deadline <= $0.sentAt }) ?? true {
                guard !selection.isTooMuch(lease.sizeBytes) else { break }
                let chosen = Pick(
                    key: lease.key,
                    lease: lease.lease,
                    sentAt: lease.sentAt,
                    sizeBytes: lease.sizeBytes
                )
                pick(chosen, maxReceiveCount, record, &selection)
                due = try nextDue()
            } else if let message = fresh {
                guard !selection.isTooMuch(message.sizeBytes) else { break }
                selection.cursor = message.key.sequence
                let chosen = Pick(
                    key: message.key,
                    lease: nil,
                    sentAt: message.sentAt,
                    sizeBytes: message.sizeBytes
                )
                pick(chosen, maxReceiveCount, record, &selection)
                fresh = try nextFresh(&selection)
            } else {
                break
            }
        }
        return selection
    }

    /// Whether a message can't be handed out any more, nor be moved, since there is no room on the disk for the copy.
    private func isStuck(_ due: LeaseTable.Due, _ maxReceiveCount: Int?, in record: QueueRecord) -> Bool {
        guard !scope.includesDeadLetterMoves, due.lease.isPoisoned(maxReceiveCount: maxReceiveCount) else {
            return false
        }
        return !record.isExpired(sentAt: due.sentAt, now: now)
    }

    /// The next message without a lease.
    ///
    /// What has one is passed: such a message needs the cursor no more.
    private func nextFresh(_ selection: inout Selection) throws(SQLiteError) -> MessageTable.Fresh? {
        while selection.rows < selection.budget.rows, let message = try messages.nextFresh() {
            guard message.key.sequence > selection.cursor else {
                throw .corrupt("the message with key \(message.key.rawValue) is out of order")
            }
            guard message.hasLease else { return message }
            selection.cursor = message.key.sequence
            selection.passed += 1
        }
        return nil
    }

    private func pick(
        _ pick: Pick,
        _ maxReceiveCount: Int?,
        _ record: QueueRecord,
        _ selection: inout Selection
    ) {
        if record.isExpired(sentAt: pick.sentAt, now: now) {
            selection.expire.append(pick)
            selection.clearedSizeBytes += pick.sizeBytes
        } else if let lease = pick.lease, lease.isPoisoned(maxReceiveCount: maxReceiveCount) {
            selection.move.append(pick)
            selection.clearedSizeBytes += pick.sizeBytes
        } else {
            selection.deliver.append(pick)
            selection.sizeBytes += pick.sizeBytes
        }
    }

    /// Moves a message to a dead-letter queue, where it can be received at once and keeps its count.
    ///
    /// In a standard queue it keeps its age, too. A FIFO queue takes it as sent now, with its MessageId for
    /// deduplication id, at the end of its group.
    func move(
        _ key: MessageKey,
        lease: Lease?,
        sentAt: Timestamp,
        from record: QueueRecord,
        to target: QueueRecord
    ) throws(SQLiteError) {
        let sentAt = target.isFifo ? now : sentAt
        let newKey = target.key(target.takeSequence(sentAt: sentAt))
        let group = target.isFifo ? try messages.group(of: key)?.name : nil
        let deduplicationId = target.isFifo ? try messages.messageId(of: key)?.text : nil
        try messages.copy(key, to: newKey, source: record.name, sentAt: sentAt, deduplicationId: deduplicationId)
        let moved = Lease(
            deadline: now,
            receiveCount: lease?.receiveCount ?? 0,
            firstReceivedAt: lease?.firstReceivedAt,
            receivedAt: nil,
            formerReceiveCount: lease?.receiveCount ?? 0
        )
        try write(moved, replacing: nil, for: KeyRun(first: newKey), in: target)
        if let group {
            try enter(GroupTable.Head(key: newKey, lease: moved, sentAt: sentAt), into: group, in: target)
        }
        failPoint?(.inDeadLetterMove)
        try remove(key, lease: lease, from: record)
    }

    /// Gives out what a receive has picked.
    func deliver(
        _ picks: [Pick],
        timeoutSeconds: Int,
        from record: QueueRecord
    ) throws(SQLiteError) -> [ReceivedMessage] {
        let order = picks.indices.sorted { picks[$0].key.rawValue < picks[$1].key.rawValue }
        for (one, next) in zip(order, order.dropFirst()) where picks[one].key == picks[next].key {
            throw .corrupt("message \(picks[one].key.rawValue) is found in two places")
        }
        var received: [ReceivedMessage] = []
        received.reserveCapacity(picks.count)
        var unread: ArraySlice<MessageTable.Row> = []
        for run in KeyRun.runs(of: picks.lazy.filter { $0.row == nil }.map(\.key)) { unread += try messages.find(run) }
        for pick in picks {
            let row = pick.row ?? unread.removeFirst()
            let lease = lease(after: pick.lease, timeoutSeconds: timeoutSeconds)
            received.append(try message(pick.key, row, lease: lease))
        }
        // What comes from several groups may follow each other, if not in the order in which it is handed out.
        let formers = order.lazy.map { (key: picks[$0].key, lease: picks[$0].lease) }
        try write(formers, in: record) { lease(after: $0, timeoutSeconds: timeoutSeconds) }
        return received
    }

    /// Writes the leases that follow those of some messages, in the order of their keys: those that follow each other
    /// and had the same keep one row.
    func write(
        _ formers: some RandomAccessCollection<(key: MessageKey, lease: Lease?)>,
        in record: QueueRecord,
        lease: (_ former: Lease?) -> Lease
    ) throws(SQLiteError) {
        var left = formers[...]
        while let (_, former) = left.first {
            let alike = left.prefix { $0.lease == former }
            left = left.dropFirst(alike.count)
            for run in KeyRun.runs(of: alike.lazy.map(\.key)) {
                try write(lease(former), replacing: former, for: run, in: record)
            }
        }
    }

    /// The lease that a message gets by being received now.
    private func lease(after former: Lease?, timeoutSeconds: Int) -> Lease {
        Lease(
            deadline: now.adding(seconds: timeoutSeconds),
            receiveCount: (former?.receiveCount ?? 0) &+ 1,
            firstReceivedAt: former?.firstReceivedAt ?? now,
            receivedAt: now,
            formerReceiveCount: former?.formerReceiveCount ?? 0
        )
    }

    /// A message as the receive hands it out that gave it this lease.
    func message(
        _ key: MessageKey,
        _ row: MessageTable.Row,
        lease: Lease
    ) throws(SQLiteError) -> ReceivedMessage {
        guard key.rawValue >= 0, (0...Int(Int32.max)).contains(lease.receiveCount),
            let receivedAt = lease.receivedAt
        else { throw .corrupt("the message with key \(key.rawValue) has receive count \(lease.receiveCount)") }
        return ReceivedMessage(
            messageId: row.messageId,
            content: row.content,
            sentAt: row.sentAt,
            firstReceivedAt: lease.firstReceivedAt ?? receivedAt,
            receiveCount: lease.receiveCount,
            deadLetterSource: row.deadLetterSource,
            sequenceNumber: row.isFifo ? key.sequenceNumber : nil,
            receipt: Receipt(
                locator: UInt64(bitPattern: key.rawValue),
                receiveCount: lease.receiveCount,
                receivedAt: receivedAt
            )
        )
    }

    func outcome(
        of command: ReceiveMessagesCommand,
        _ record: QueueRecord,
        messages: [ReceivedMessage],
        isOverLimit: Bool = false,
        isPassingBy: Bool = false
    ) throws(SQLiteError) -> ReceivedMessages {
        var next = command.reportsNextAvailability ? try nextAvailableAt(in: record) : nil
        if isPassingBy {
            // What was passed by is available and can't be had: it is looked for again, but not at once.
            next = next.map { max($0, now.adding(seconds: 1)) }
        }
        return ReceivedMessages(
            messages: messages,
            now: now,
            receiveMessageWaitTimeSeconds: record.attributes.receiveMessageWaitTimeSeconds,
            isOverLimit: isOverLimit,
            nextAvailableAt: next
        )
    }

    func nextAvailableAt(in record: QueueRecord) throws(SQLiteError) -> Timestamp? {
        if record.isFifo { return try nextGroupReadyAt(in: record) }
        let lease = try leases.earliestDeadline(number: record.number) {
            record.isExpired(sentAt: $0, now: now)
        }
        guard record.cursor + 1 < record.nextSequence else { return lease }
        messages.startFresh(after: record.key(record.cursor))
        defer { messages.endFresh() }
        for _ in 0..<1_000 {
            guard let message = try messages.nextFresh() else { return lease }
            if !message.hasLease, !record.isExpired(sentAt: message.sentAt, now: now) {
                return lease.map { min($0, message.sentAt) } ?? message.sentAt
            }
        }
        return now
    }
}
