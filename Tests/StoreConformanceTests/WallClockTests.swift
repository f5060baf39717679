import QueueModel
import Testing

/// The store runs on the clock of a store in use, over a machine whose wall clock misbehaves.
@Suite struct WallClockTests {
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case jumpsForward
        case jumpsBack
        case standsStill

        var testDescription: String { rawValue }

        func happen(to machine: TestMachine) {
            switch self {
            case .jumpsForward: machine.setWall(forwardSeconds: 3_600)
            case .jumpsBack: machine.setWall(forwardSeconds: -3_600)
            case .standsStill: machine.stopWall(true)
            }
        }
    }

    /// What time may be off by after so long, for the wall clock is followed by one part in a thousand.
    private func slewMilliseconds(in seconds: Int) -> Int {
        seconds + 1
    }

    @Test(arguments: Fault.allCases)
    func `leases and delays last as long as they should, whatever the wall clock does`(fault: Fault) throws {
        let machine = TestMachine()
        let store = try TestStore(.sqlite, machine: machine)
        try store.create(.orders)
        try store.create(.other)
        try store.send("leased", to: .orders)
        try store.receive(.orders, timeout: 1_000)
        try store.send("delayed", to: .other, delaySeconds: 900)
        fault.happen(to: machine)
        store.advance(milliseconds: 900_000 - slewMilliseconds(in: 900))
        #expect(try store.texts(.other) == [])
        store.advance(milliseconds: 2 * slewMilliseconds(in: 900))
        #expect(try store.texts(.other) == ["delayed"])
        store.advance(milliseconds: 100_000 - 3 * slewMilliseconds(in: 1_000))
        #expect(try store.texts(.orders) == [])
        store.advance(milliseconds: 4 * slewMilliseconds(in: 1_000))
        #expect(try store.texts(.orders) == ["leased"])
    }

    @Test(arguments: Fault.allCases)
    func `messages are kept for their retention period, whatever the wall clock does`(fault: Fault) throws {
        let machine = TestMachine()
        let store = try TestStore(.sqlite, machine: machine)
        try store.create(.orders, [.messageRetentionPeriod: "600"])
        try store.send("a", to: .orders)
        fault.happen(to: machine)
        store.advance(milliseconds: 600_000 - slewMilliseconds(in: 600))
        try store.sweep()
        #expect(try store.stored(.orders).count == 1)
        store.advance(milliseconds: 2 * slewMilliseconds(in: 600))
        try store.sweep()
        #expect(try store.stored(.orders) == [])
    }

    @Test(arguments: Fault.allCases)
    func `a deduplication id counts for five minutes, whatever the wall clock does`(fault: Fault) throws {
        let machine = TestMachine()
        let store = try TestStore(.sqlite, machine: machine)
        try store.create(.fifo)
        let first = try store.sendToGroups(["g-1"])
        fault.happen(to: machine)
        store.advance(milliseconds: 300_000 - slewMilliseconds(in: 300))
        #expect(try store.sendToGroups(["g-1"]) == first)
        store.advance(milliseconds: 2 * slewMilliseconds(in: 300))
        let second = try store.sendToGroups(["g-1"])
        #expect(second != first)
        #expect(try #require(second[0].sequenceNumber).text > #require(first[0].sequenceNumber).text)
    }

    @Test func `a store that starts an hour before its last commit goes on from that commit`() throws {
        let machine = TestMachine()
        let store = try TestStore(.sqlite, machine: machine)
        try store.create(.fifo)
        try store.create(.orders, [.messageRetentionPeriod: "600"])
        try store.send("kept", to: .orders)
        try store.receive(.orders, timeout: 60)
        let first = try store.sendToGroups(["g-1"])
        let before = store.now
        machine.setWall(forwardSeconds: -3_600)
        try store.restart()
        #expect(store.now == before)
        store.advance(seconds: 59)
        #expect(try store.texts(.orders) == [])
        #expect(try store.sendToGroups(["g-1"]) == first)
        // The slew lets a minute last 60 ms longer.
        store.advance(milliseconds: 1_100)
        #expect(try store.texts(.orders, timeout: 0) == ["kept"])
        let second = try store.sendToGroups(["g-2"])
        #expect(try #require(second[0].sequenceNumber).text > #require(first[0].sequenceNumber).text)
        store.advance(seconds: 541)
        try store.sweep()
        #expect(try store.stored(.orders) == [])
    }

    @Test func `the moment of a commit counts for the next start, whatever the commit held`() throws {
        let machine = TestMachine()
        let store = try TestStore(.sqlite, machine: machine)
        func expectSameTimeAfterRestart(_ what: String) throws {
            let before = store.now
            machine.setWall(forwardSeconds: -3_600)
            try store.restart()
            #expect(store.now == before, "after \(what)")
            machine.setWall(forwardSeconds: 3_600)
            store.advance(seconds: 10)
        }
        try store.create(.orders)
        try expectSameTimeAfterRestart("a creation")
        try store.set(.orders, [.visibilityTimeout: "1"])
        try expectSameTimeAfterRestart("a change of attributes")
        _ = try store.perform(.tagQueue(TagQueueCommand(queue: .orders, tags: ["a": "b"])))
        try expectSameTimeAfterRestart("a tag")
        try store.purge(.orders)
        try expectSameTimeAfterRestart("a purge")
        try store.delete(.orders)
        try expectSameTimeAfterRestart("a deletion")
        try store.sweep()
        try expectSameTimeAfterRestart("the sweep of what was left")
        _ = try store.perform(.probe)
        try expectSameTimeAfterRestart("a probe")
    }
}
