import QueueModel
import SQLiteStore
import Testing

@Suite struct SteadyTimeTests {
    static let second: Int64 = 1_000_000_000

    static func moment(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: seconds * 1_000)
    }

    @Test func `time starts at the wall clock`() {
        var time = SteadyTime(wall: Self.moment(1_000), lastWritten: Self.moment(900), monotonicNanoseconds: 5)
        #expect(time.advance(wall: Self.moment(1_000), monotonicNanoseconds: 5).now == Self.moment(1_000))
    }

    @Test func `time never starts before the last moment that was written`() {
        var time = SteadyTime(wall: Self.moment(1_000), lastWritten: Self.moment(4_600), monotonicNanoseconds: 0)
        let (now, ahead) = time.advance(wall: Self.moment(1_000), monotonicNanoseconds: 0)
        #expect(now == Self.moment(4_600))
        #expect(ahead == -3_600_000)
    }

    @Test func `an hour that the wall clock jumps is made up for by one part in a thousand`() {
        var time = SteadyTime(wall: Self.moment(1_000), lastWritten: Self.moment(0), monotonicNanoseconds: 0)
        let forward = time.advance(wall: Self.moment(4_700), monotonicNanoseconds: 100 * Self.second).now
        #expect(forward == Timestamp(milliseconds: 1_100_100))
        let back = time.advance(wall: Self.moment(-2_400), monotonicNanoseconds: 200 * Self.second).now
        #expect(back == Timestamp(milliseconds: 1_200_000))
    }

    @Test func `time does not go back when a clock does`() {
        var time = SteadyTime(wall: Self.moment(1_000), lastWritten: Self.moment(0), monotonicNanoseconds: Self.second)
        let before = time.advance(wall: Self.moment(1_000), monotonicNanoseconds: 2 * Self.second).now
        let after = time.advance(wall: Self.moment(0), monotonicNanoseconds: Self.second).now
        #expect(after == before)
        #expect(time.advance(wall: Self.moment(0), monotonicNanoseconds: 3 * Self.second).now > after)
    }

    @Test func `small differences vanish and time then follows the wall clock`() {
        var time = SteadyTime(wall: Self.moment(1_000), lastWritten: Self.moment(0), monotonicNanoseconds: 0)
        let wall = Timestamp(milliseconds: 2_000_500)
        #expect(time.advance(wall: wall, monotonicNanoseconds: 1_000 * Self.second).now == wall)
    }
}
