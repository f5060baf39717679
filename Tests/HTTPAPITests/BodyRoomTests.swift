import HTTPAPI
import Synchronization
import Testing

@Suite struct BodyRoomTests {
    /// Counts how often somebody was woken.
    private final class Bell: Sendable {
        private let rung = Atomic<Int>(0)

        var count: Int { rung.load(ordering: .relaxed) }

        func ring() {
            rung.add(1, ordering: .relaxed)
        }
    }

    private let room = BodyRoom(sizeBytesMax: 100)

    @Test func `there is room until all of it is taken, and again when it is given back`() {
        let bell = Bell()
        let first = room.take(sizeBytes: 60) {}
        let second = room.take(sizeBytes: 41, wake: bell.ring)
        #expect(first.hasRoom && !second.hasRoom)
        #expect(room.freeSizeBytes == 40)
        room.giveBack(first.share)
        #expect(bell.count == 1)
        #expect(room.freeSizeBytes == 59)
        room.giveBack(second.share)
        #expect(room.freeSizeBytes == 100)
    }

    @Test func `who came first is let in first, and nobody is overtaken by a smaller one`() {
        let bells = [Bell(), Bell(), Bell()]
        let holder = room.take(sizeBytes: 80) {}
        let large = room.take(sizeBytes: 90, wake: bells[0].ring)
        let small = room.take(sizeBytes: 10, wake: bells[1].ring)
        let last = room.take(sizeBytes: 1, wake: bells[2].ring)
        #expect(!large.hasRoom && !small.hasRoom && !last.hasRoom)
        room.giveBack(holder.share)
        #expect(bells.map(\.count) == [1, 1, 0])
        room.giveBack(large.share)
        #expect(bells.map(\.count) == [1, 1, 1])
    }

    @Test func `who leaves the line gets nothing and keeps nobody waiting`() {
        let bells = [Bell(), Bell()]
        let holder = room.take(sizeBytes: 80) {}
        let large = room.take(sizeBytes: 90, wake: bells[0].ring)
        let small = room.take(sizeBytes: 20, wake: bells[1].ring)
        room.giveBack(large.share)
        #expect(bells.map(\.count) == [0, 1])
        #expect(room.freeSizeBytes == 0)
        room.giveBack(small.share)
        room.giveBack(holder.share)
        #expect(room.freeSizeBytes == 100)
    }
}
