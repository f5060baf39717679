import HTTPAPI
import Testing

@Suite struct BodyRoomsTests {
    private let rooms: BodyRooms

    init() {
        var configuration = HTTPServerConfiguration.test
        configuration.requestBodySizeBytesMax = 100
        configuration.bodiesSizeBytesMax = 201
        configuration.ordinaryBodySizeBytesMax = 20
        rooms = BodyRooms(configuration)
    }

    @Test func `both kinds of bodies together never take more than there is in all`() {
        #expect(rooms.freeSizeBytes == 201)
        let ordinary = rooms.ordinary.take(sizeBytes: 20) {}
        let large = rooms.large.take(sizeBytes: 100) {}
        #expect(ordinary.hasRoom && large.hasRoom)
        #expect(rooms.freeSizeBytes == 81)
    }

    @Test func `the longest body of either kind finds room`() {
        let longest = [20, 21, 100].map { rooms.room(forSizeBytes: $0) }
        #expect(longest[0] === rooms.ordinary)
        #expect(longest[1] === rooms.large)
        #expect(longest[2] === rooms.large)
        #expect(rooms.large.take(sizeBytes: 100) {}.hasRoom)
    }

    @Test func `neither kind takes room from the other, nor waits in its line`() {
        #expect(rooms.large.take(sizeBytes: 100) {}.hasRoom)
        #expect(!rooms.large.take(sizeBytes: 100) {}.hasRoom)
        #expect(rooms.large.isWaitedFor && !rooms.ordinary.isWaitedFor)
        for _ in 0..<5 {
            #expect(rooms.ordinary.take(sizeBytes: 20) {}.hasRoom)
        }
        #expect(!rooms.ordinary.take(sizeBytes: 20) {}.hasRoom)
    }
}
