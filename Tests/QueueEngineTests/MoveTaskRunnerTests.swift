import QueueEngine
import QueueModel
import Testing

/// The chore that carries move tasks out, over a store that answers what the test says.
@Suite struct MoveTaskRunnerTests {
    private let store = RecordingStore(chore: "move-tasks")
    private let broker: Broker

    init() {
        broker = Broker(store: store)
    }

    private func task(_ number: UInt64 = 1, rate: Int? = nil) throws -> MessageMoveTask {
        MessageMoveTask(
            id: MessageID(high: 0, low: number),
            source: try #require(QueueName("dead")),
            destination: nil,
            maxNumberOfMessagesPerSecond: rate,
            status: .running,
            movedCount: 0,
            toMoveCount: 1_000,
            failureReason: nil,
            startedAt: Timestamp(milliseconds: 0)
        )
    }

    private func start(with tasks: [MessageMoveTask]) {
        broker.engine.startChores()
        store.answer(.leasedChore(true))
        store.answer(.listedMessageMoveTasks(tasks))
    }

    private func move(_ count: Int, isRunning: Bool = true) {
        store.answer(.movedMessages(MovedMessages(count: count, isRunning: isRunning)))
    }

    /// The steps of a rate, with the milliseconds at which they come.
    private func steps(ofRate rate: Int, seconds: Int) throws -> [(at: Int, count: Int)] {
        start(with: [try task(rate: rate)])
        store.forget()
        var steps: [(at: Int, count: Int)] = []
        func take(_ command: Command, at: Int) {
            switch command {
            case .moveMessages(let step):
                steps.append((at, step.messagesMax))
                move(step.messagesMax)
            case .leaseChore: store.answer(.leasedChore(true))
            default: store.answer(.listedMessageMoveTasks([]))
            }
        }
        var seen = 0
        // The first step came with the start.
        steps.append((0, max(1, rate / 10)))
        move(steps[0].count)
        for at in stride(from: 10, through: seconds * 1_000, by: 10) {
            broker.timers.advance(milliseconds: 10)
            while seen < store.commands.count {
                seen += 1
                take(store.commands[seen - 1], at: at)
            }
        }
        return steps
    }

    @Test func `the runner leases its chore, looks once, and rests if no task runs`() {
        start(with: [])
        #expect(store.names == ["lease", "list"])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `a task without a rate goes on at once until it has ended`() throws {
        start(with: [try task()])
        move(100)
        move(100)
        move(7, isRunning: false)
        #expect(store.names == ["lease", "list", "move 100", "move 100", "move 100"])
    }

    @Test func `two steps have different seeds`() throws {
        start(with: [try task()])
        move(100)
        let seeds = store.commands.compactMap { command in
            if case .moveMessages(let step) = command { step.seed } else { nil }
        }
        #expect(Set(seeds).count == 2)
    }

    @Test(arguments: [1, 3, 7, 10, 25, 99, 500])
    func `no second has more messages than the rate allows, and none of them is lost`(rate: Int) throws {
        let steps = try steps(ofRate: rate, seconds: 5)
        for step in steps {
            let within = steps.filter { (step.at..<(step.at + 1_000)).contains($0.at) }
            #expect(within.reduce(0) { $0 + $1.count } <= rate)
        }
        let total = steps.filter { $0.at < 5_000 }.reduce(0) { $0 + $1.count }
        #expect((5 * rate - 1...5 * rate).contains(total))
        #expect(steps.allSatisfy { $0.count > 0 })
    }

    @Test func `a step that only passed messages over is followed by the next one at once`() throws {
        start(with: [try task()])
        move(0)
        #expect(store.names == ["lease", "list", "move 100", "move 100"])
    }

    @Test func `a step that moved nothing gives its share back and needs no other tick`() throws {
        start(with: [try task(rate: 1)])
        move(0)
        move(0)
        move(1)
        #expect(store.names == ["lease", "list", "move 1", "move 1", "move 1"])
        broker.timers.advance(milliseconds: 999)
        #expect(store.names.count == 5)
        broker.timers.advance(milliseconds: 1)
        #expect(store.names.last == "move 1")
        #expect(store.names.count == 6)
    }

    @Test func `a store that can't is asked again, one that refuses is not`() throws {
        start(with: [try task()])
        store.fail(.unavailable("full"))
        broker.timers.advance(milliseconds: 1_000)
        store.fail(.refused(.taskDoesNotExist))
        broker.timers.advance(milliseconds: 5_000)
        #expect(store.names == ["lease", "list", "move 100", "move 100"])
    }

    @Test func `a task that a full store has refused for long goes on by itself, as fast as before`() throws {
        start(with: [try task()])
        move(100)
        store.forget()
        for _ in 0..<5 {
            store.fail(.unavailable("There is no room on the disk."))
            broker.timers.advance(milliseconds: 1_000)
        }
        #expect(store.names == Array(repeating: "move 100", count: 5))
        move(100)
        move(3, isRunning: false)
        #expect(store.names == Array(repeating: "move 100", count: 6))
    }

    @Test func `a broker without the lease moves nothing, and asks again`() {
        broker.engine.startChores()
        store.answer(.leasedChore(false))
        broker.timers.advance(milliseconds: 1_000)
        #expect(store.names == ["lease", "lease"])
    }

    @Test func `the lease is renewed while tasks run, and a lost one ends them here`() throws {
        start(with: [try task(rate: 1)])
        move(1)
        broker.timers.advance(milliseconds: 1_000)
        store.forget()
        // The step stays under way meanwhile.
        broker.timers.advance(milliseconds: 9_000)
        #expect(store.names == ["lease"])
        move(1)
        store.answer(.leasedChore(false))
        store.forget()
        broker.timers.advance(milliseconds: 1_000)
        #expect(store.names == ["lease"])
    }

    @Test func `tasks of other brokers are found with the renewal, and none is driven twice`() throws {
        let slow = try task(1, rate: 1)
        start(with: [slow])
        broker.timers.advance(milliseconds: 10_000)
        move(1)
        store.answer(.leasedChore(true))
        store.forget()
        store.answer(.listedMessageMoveTasks([slow, try task(2)]))
        #expect(store.names == ["move 100"])
    }

    @Test func `a task started while a look is under way is not missed`() throws {
        broker.engine.startChores()
        broker.begin(
            .startMessageMoveTask(
                StartMessageMoveTaskRequest(sourceArn: "arn:aws:sqs:us-east-1:000000000000:dead")
            )
        )
        store.answer(.leasedChore(true))
        store.answer(.startedMessageMoveTask)
        store.answer(.listedMessageMoveTasks([]))
        #expect(store.names == ["lease", "start", "list", "lease"])
    }

    @Test func `stopping ends it all`() throws {
        start(with: [try task(), try task(2, rate: 1)])
        broker.engine.stopChores()
        move(100)
        move(1)
        broker.timers.advance(milliseconds: 60_000)
        #expect(store.names == ["lease", "list", "move 100", "move 1"])
        #expect(broker.timers.waiting == 0)
    }
}
