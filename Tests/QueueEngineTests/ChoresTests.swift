import QueueEngine
import QueueModel
import Synchronization
import Testing

/// The sweeper and the health check.
@Suite struct ChoresTests {
    private let store = RecordingStore(chore: "sweep")
    private let broker: Broker

    init() {
        broker = Broker(store: store)
    }

    @Test func `the sweeper leases its chore, then sweeps once a second`() throws {
        broker.engine.startChores()
        #expect(store.names == ["lease"])
        store.answer(.leasedChore(true))
        #expect(store.names == ["lease", "sweep"])
        store.answer(.swept(hasMore: false))
        broker.timers.advance(milliseconds: 999)
        #expect(store.names == ["lease", "sweep"])
        broker.timers.advance(milliseconds: 1)
        #expect(store.names == ["lease", "sweep", "sweep"])
    }

    @Test func `while there is more, the sweeper goes on at once`() {
        broker.engine.startChores()
        store.answer(.leasedChore(true))
        for _ in 0..<3 { store.answer(.swept(hasMore: true)) }
        #expect(store.names == ["lease", "sweep", "sweep", "sweep", "sweep"])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `the lease is renewed before it ends`() {
        broker.engine.startChores()
        store.answer(.leasedChore(true))
        for _ in 0..<29 {
            store.answer(.swept(hasMore: false))
            broker.timers.advance(milliseconds: 1_000)
            if store.names.last == "lease" { store.answer(.leasedChore(true)) }
        }
        #expect(store.names.filter { $0 == "lease" }.count >= 2)
        #expect(store.names.filter { $0 == "sweep" }.count == 30)
    }

    @Test func `a broker without the lease does not sweep, and asks again`() {
        broker.engine.startChores()
        store.answer(.leasedChore(false))
        broker.timers.advance(milliseconds: 1_000)
        #expect(store.names == ["lease", "lease"])
    }

    @Test func `a store that refuses is asked again, and stopping ends it`() {
        broker.engine.startChores()
        store.answer(.leasedChore(true))
        store.fail(.unavailable("full"))
        broker.timers.advance(milliseconds: 1_000)
        #expect(store.names == ["lease", "sweep", "sweep"])
        broker.engine.stopChores()
        store.answer(.swept(hasMore: true))
        broker.timers.advance(milliseconds: 10_000)
        #expect(store.names == ["lease", "sweep", "sweep"])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `the store is healthy if it commits`() {
        let answers = HealthAnswers()
        broker.engine.checkHealth { answers.add($0) }
        #expect(store.names == ["probe"])
        store.answer(.probed)
        #expect(answers.all == [true])
        broker.engine.checkHealth { answers.add($0) }
        store.fail(.failed)
        #expect(answers.all == [true, false])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `a store that says nothing for five seconds is not healthy, whatever it says later`() {
        let answers = HealthAnswers()
        broker.engine.checkHealth { answers.add($0) }
        broker.timers.advance(milliseconds: 4_999)
        #expect(answers.all == [])
        broker.timers.advance(milliseconds: 1)
        #expect(answers.all == [false])
        store.answer(.probed)
        #expect(answers.all == [false])
    }
}

private final class HealthAnswers: Sendable {
    private let answers = Mutex<[Bool]>([])

    var all: [Bool] {
        answers.withLock { $0 }
    }

    func add(_ answer: Bool) {
        answers.withLock { $0.append(answer) }
    }
}
