import Foundation
import QueueModel
import SQLite
import SQLiteStore
import Testing

/// What becomes of a message whose body changes on the disk.
@Suite struct ParkedMessageTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let log = LogLines()
    private let orders = queueName("orders")

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: log.logger) { Issue.record($0) }
    }

    /// Runs SQL on the database of a closed store and answers the first number of the last statement.
    @discardableResult
    private func edit(_ change: String = "select 0", then query: String = "select 0") throws -> Int64? {
        let connection = try Connection(path: directory.path + "/holdfast.db")
        try connection.execute(change)
        let answer = try connection.integer(query)
        try connection.close()
        return answer
    }

    private func sendOne(_ attributes: [QueueAttributeName: String] = [:]) throws {
        let store = try open()
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: orders, attributes: attributes)), send(orders, "secret"),
        ])
        store.close()
    }

    private func park(in store: SQLiteStore) -> Result<Outcome, StoreError> {
        let receipts = store.receive(orders).map(\.receipt)
        return store.apply(.parkMessages(ParkMessagesCommand(queue: orders, receipts: receipts)))
    }

    private let parked = "select count(*) from parked_messages"

    @Test(
        arguments: [
            "update messages set body = cast('sEcret' as blob)", "update messages set digest = x'00'",
            "update messages set message_id = x''", "update messages set attributes = x'01'",
        ]
    )
    func `it is kept aside, counted and named once, without its body`(damage: String) throws {
        try sendOne()
        try edit(damage)
        let store = try open()
        #expect(park(in: store) == .success(.parkedMessages(count: 1)))
        #expect(park(in: store) == .success(.parkedMessages(count: 0)))
        #expect(store.counters.parkedMessages == 1)
        store.close()
        #expect(log.count { $0.contains("was parked") && $0.contains("orders") && $0.contains("1099511627777") } == 1)
        #expect(!log.contains("sEcret") && !log.contains("secret"))
        #expect(log.count { $0.contains("was parked") && $0.contains("\"parked\": 1") } == 1)
        try open().close()
        #expect(log.count { $0.contains("messages are parked") && $0.contains("\"parked\": 1") } == 1)
        #expect(try edit(then: parked) == 1)
        #expect(try edit(then: "select count(*) from messages") == 0)
    }

    @Test func `a repeated receive attempt finds it and does not stumble over it`() throws {
        let steps = queueName("steps.fifo")
        let receive = ReceiveMessagesCommand(
            queue: steps,
            maxNumberOfMessages: 1,
            visibilityTimeoutSeconds: 600,
            attemptId: "a"
        )
        var step = newMessage("secret")
        step.content.messageGroupId = "g"
        step.content.messageDeduplicationId = "d"
        var store = try open()
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: steps, attributes: [.fifoQueue: "true"])),
            .sendMessages(SendMessagesCommand(queue: steps, messages: [step])), .receiveMessages(receive),
        ])
        store.close()
        try edit("update messages set attributes = x'ff00000001'")
        store = try open()
        guard case .success(.receivedMessages(let again)) = store.apply(.receiveMessages(receive)) else {
            Issue.record("the attempt was refused")
            return
        }
        let receipts = again.messages.map(\.receipt)
        #expect(receipts.count == 1)
        let park = ParkMessagesCommand(queue: steps, receipts: receipts)
        #expect(store.apply(.parkMessages(park)) == .success(.parkedMessages(count: 1)))
        store.close()
    }

    @Test func `an intact message is never parked`() throws {
        try sendOne()
        let store = try open()
        defer { store.close() }
        #expect(park(in: store) == .success(.parkedMessages(count: 0)))
        clock.advance(seconds: 30)
        #expect(store.receive(orders).map(body) == ["secret"])
    }

    @Test func `purge, retention and an old receipt each remove a parked message`() throws {
        for end in ["purge", "retention", "delete"] {
            let queue = queueName(end)
            var store = try open()
            _ = store.apply([
                .createQueue(CreateQueueCommand(queue: queue, attributes: [.messageRetentionPeriod: "600"])),
                send(queue, "x"),
            ])
            store.close()
            try edit("update messages set body = x'00'")
            store = try open()
            defer { store.close() }
            let receipts = store.receive(queue).map(\.receipt)
            _ = store.apply(.parkMessages(ParkMessagesCommand(queue: queue, receipts: receipts)))
            switch end {
            case "purge": _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: queue)))
            case "retention": clock.advance(seconds: 600)
            default: _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: queue, receipts: receipts)))
            }
            for _ in 0..<3 { _ = store.apply(.sweep(SweepCommand(rowsMax: 100))) }
            store.close()
            #expect(try edit(then: parked) == 0, "\(end)")
        }
    }
}
