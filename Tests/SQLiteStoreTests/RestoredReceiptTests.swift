import Foundation
import QueueModel
import SQLiteStore
import Testing

/// What receipt handles do that were given out after the state which the store was put back to.
@Suite struct RestoredReceiptTests: RestoreSuite {
    let directory = TemporaryDirectory()
    let place = TemporaryDirectory()
    let clock = HandClock()
    let log = LogLines()
    let orders = queueName("orders")
    let fifo = queueName("orders.fifo")

    init() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    }

    @Test func `a receipt handle from after the backup deletes what nobody has received since the restore`() throws {
        let first = try open(directory)
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one", "two", "three")])
        try backUp(first)
        let done = first.receive(orders, count: 2).map(\.receipt)
        first.close()

        try restore(into: directory, isReplacing: true)
        let second = try open(directory)
        defer { second.close() }
        _ = second.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: done)))
        #expect(second.receive(orders, count: 10).map(body) == ["three"])
    }

    @Test func `on a FIFO queue a receipt handle from after the backup is refused, and the message comes back`() throws
    {
        let first = try open(directory)
        var step = newMessage("one")
        step.content.messageGroupId = "g"
        step.content.messageDeduplicationId = "d"
        _ = first.apply([
            .createQueue(CreateQueueCommand(queue: fifo)),
            .sendMessages(SendMessagesCommand(queue: fifo, messages: [step])),
        ])
        try backUp(first)
        let done = first.receive(fifo, visibilityTimeoutSeconds: 600).map(\.receipt)
        first.close()

        try restore(into: directory, isReplacing: true)
        let second = try open(directory)
        defer { second.close() }
        let delete = Command.deleteMessages(DeleteMessagesCommand(queue: fifo, receipts: done))
        #expect(second.apply(delete) == .success(.deletedMessages([.expired])))
        clock.advance(seconds: 1)
        #expect(second.receive(fifo).map(body) == ["one"])
        #expect(second.apply(delete) == .success(.deletedMessages([.expired])))
    }

    @Test(arguments: [false, true])
    func `where a copy was put back by hand, no receipt handle deletes or hides a message that is younger than itself`(
        isReceived: Bool
    ) throws {
        let first = try open(directory)
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "old")])
        first.close()
        let copy = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/holdfast.db"))
        let second = try open(directory)
        _ = second.apply(send(orders, "lost"))
        let lost = second.receive(orders, count: 10, visibilityTimeoutSeconds: 0)
        #expect(lost.map(body) == ["old", "lost"])
        second.close()

        try copy.write(to: URL(fileURLWithPath: directory.path + "/holdfast.db"))
        let third = try open(directory)
        defer { third.close() }
        clock.advance(seconds: 1)
        _ = third.apply(send(orders, "new"))
        if isReceived {
            #expect(third.receive(orders, count: 10, visibilityTimeoutSeconds: 0).map(body) == ["old", "new"])
        }
        let hide = ChangeMessageVisibilityCommand(
            queue: orders,
            entries: lost.map { .init(receipt: $0.receipt, visibilityTimeoutSeconds: 600) },
            onlyLastReceive: false
        )
        _ = third.apply(.changeMessageVisibility(hide))
        _ = third.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: lost.map(\.receipt))))
        #expect(third.receive(orders, count: 10).map(body) == ["new"])
    }

    @Test func `a receipt handle from after the backup deletes no message that came after the restore`() throws {
        let first = try open(directory)
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "old")])
        try backUp(first)
        _ = first.apply(send(orders, "lost"))
        let lost = first.receive(orders, count: 10)
        #expect(lost.map(body) == ["old", "lost"])
        // A queue made after the backup has a number that the restored store has not given out.
        let later = queueName("later")
        _ = first.apply([.createQueue(CreateQueueCommand(queue: later)), send(later, "lost too")])
        let lostToo = try #require(first.receive(later).first)
        first.close()

        try restore(into: directory, isReplacing: true)
        let second = try open(directory)
        defer { second.close() }
        _ = second.apply(send(orders, "new"))
        #expect(second.receive(orders, count: 10, visibilityTimeoutSeconds: 0).map(body) == ["old", "new"])
        _ = second.apply([.createQueue(CreateQueueCommand(queue: later)), send(later, "new too")])
        #expect(second.receive(later, visibilityTimeoutSeconds: 0).map(body) == ["new too"])
        for (queue, receipts) in [(orders, lost.map(\.receipt)), (later, [lostToo.receipt])] {
            _ = second.apply(.deleteMessages(DeleteMessagesCommand(queue: queue, receipts: receipts)))
        }
        // Whoever received "old" after the backup has done with it.
        #expect(second.receive(orders, count: 10).map(body) == ["new"])
        #expect(second.receive(later, count: 10).map(body) == ["new too"])
    }
}
