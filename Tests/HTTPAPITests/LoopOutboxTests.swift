import HTTPAPI
import NIOCore
import NIOEmbedded
import QueueEngine
import Synchronization
import Testing

@Suite struct LoopOutboxTests {
    private final class Journal: Sendable {
        private let lines = Mutex<[Int]>([])

        func note(_ line: Int) {
            lines.withLock { $0.append(line) }
        }

        var all: [Int] {
            lines.withLock { $0 }
        }
    }

    @Test func `a burst is done in its order on one turn of the loop`() {
        let loop = EmbeddedEventLoop()
        let outbox = LoopOutbox(eventLoop: loop)
        let journal = Journal()
        for line in 0..<1_000 {
            outbox.execute { journal.note(line) }
        }
        #expect(journal.all.isEmpty)
        loop.run()
        #expect(journal.all == Array(0..<1_000))
    }

    @Test func `what is handed over during a burst is done after it`() {
        let loop = EmbeddedEventLoop()
        let outbox = LoopOutbox(eventLoop: loop)
        let journal = Journal()
        outbox.execute {
            outbox.execute { journal.note(2) }
            journal.note(0)
        }
        outbox.execute { journal.note(1) }
        loop.run()
        #expect(journal.all == [0, 1, 2])
    }

    @Test func `a timer goes off once, and not if it was cancelled`() {
        let loop = EmbeddedEventLoop()
        let timers = EventLoopTimers(eventLoop: loop)
        let journal = Journal()
        _ = timers.schedule(afterMilliseconds: 500) { journal.note(1) }
        let cancelled = timers.schedule(afterMilliseconds: 100) { journal.note(2) }
        cancelled.cancel()
        loop.advanceTime(by: .milliseconds(499))
        #expect(journal.all.isEmpty)
        loop.advanceTime(by: .milliseconds(1))
        #expect(journal.all == [1])
        loop.advanceTime(by: .seconds(10))
        #expect(journal.all == [1])
    }
}
