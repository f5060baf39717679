import SQLiteStore
import Testing

/// What nearly always tells that a deduplication id is new.
@Suite struct IdFilterTests {
    private func hashes(_ count: Int) -> [UInt64] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    @Test(arguments: [1, 500, 5_000, 100_000])
    func `an id that was noted is never taken for a new one`(count: Int) {
        var filter = IdFilter(expecting: 500)
        let noted = hashes(count)
        for hash in noted { filter.note(hash) }
        #expect(noted.allSatisfy(filter.mayHold))
        #expect(filter.count == count)
    }

    @Test func `few new ids are taken for noted ones, also when more came than were expected`() {
        for expected in [500, 100_000] {
            var filter = IdFilter(expecting: expected)
            for hash in hashes(60_000) { filter.note(hash) }
            let wrong = hashes(10_000).count(where: filter.mayHold)
            #expect(wrong < (expected == 500 ? 100 : 20), "expecting \(expected)")
        }
    }
}
