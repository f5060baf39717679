import Foundation
import SQLiteStore
import Testing

/// What a log without a valid header proves, on logs that are put together for it.
@Suite struct HeadlessLogTests {
    private let directory = TemporaryDirectory()

    init() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    }

    /// A database of pages with this content, which has its own header's page size on the first.
    private func database(_ contents: [UInt8]) -> [UInt8] {
        contents.enumerated().flatMap { ConstructedLog.page(UInt32($0.offset + 1), filled: $0.element) }
    }

    private func damage(_ log: ConstructedLog, database: [UInt8]) throws -> LogDamage? {
        let path = directory.path + "/holdfast.db"
        var database = database
        database.replaceSubrange(16..<18, with: [2, 0])
        try Data(database).write(to: URL(fileURLWithPath: path))
        try Data(log.bytes).write(to: URL(fileURLWithPath: path + "-wal"))
        return try WriteAheadLog(databasePath: path).inspect().damage
    }

    /// Takes away what frame 0 continues.
    private let lost = 16..<32

    @Test func `pages that were cut off the database since need not be in it`() throws {
        var log = ConstructedLog()
        for page in 2...4 as ClosedRange<UInt32> { log.add(page, content: 1) }
        log.add(5, mark: 5, content: 1)
        log.add(3, mark: 3, content: 2)
        log.erase(lost)
        #expect(try damage(log, database: database([0, 1, 2])) == nil)
        // Its last page has to be in it.
        #expect(try damage(log, database: database([0, 1, 1])) == .header(commits: 2))
    }

    @Test func `commits behind a lost header and a frame with damaged salts are named`() throws {
        var log = ConstructedLog()
        for page in 2...3 as ClosedRange<UInt32> { log.add(page) }
        for page in 4...8 as ClosedRange<UInt32> { log.add(page, mark: 9) }
        log.erase(lost)
        let empty = database(Array(repeating: 0, count: 9))
        #expect(try damage(log, database: empty) == .header(commits: 5))
        log.flip(8, ofFrame: 1)
        #expect(try damage(log, database: empty) == .header(commits: 4))
    }

    @Test func `zeros in the place of the header and the first frames prove nothing`() throws {
        var log = ConstructedLog()
        for page in 2...8 as ClosedRange<UInt32> { log.add(page, mark: 9) }
        log.erase(0..<ConstructedLog.offset(3))
        #expect(try damage(log, database: database(Array(repeating: 0, count: 9))) == .header(commits: 3))
        let checkpointed = database(Array(repeating: 0x55, count: 9))
        #expect(try damage(log, database: checkpointed) == nil)
    }

    /// A first frame that can't prove itself, in front of a generation of pages 3 to 8 with content 1.
    private func log(_ generation: UInt32, _ page: UInt32, mark: UInt32, former: UInt32 = 9) -> ConstructedLog {
        var rest = ConstructedLog(generation: former)
        rest.add(2, mark: 9, content: 1)
        for page in 3...8 as ClosedRange<UInt32> { rest.add(page, mark: 9, content: 1) }
        var log = ConstructedLog(generation: generation)
        log.add(page, mark: mark, content: 2)
        log.addRest(of: rest)
        log.erase(lost)
        return log
    }

    @Test func `a single frame of a later generation has to be in the database, those behind it no more`() throws {
        let checkpointed = database([0, 1, 2, 1, 1, 1, 1, 1, 1])
        let former = database([0, 1, 1, 1, 1, 1, 1, 1, 1])
        for generation in [10, 0, .max, 1 << 31] as [UInt32] {
            let log = log(generation, 3, mark: 9, former: generation &- 1)
            #expect(try damage(log, database: checkpointed) == nil, "\(generation)")
            #expect(try damage(log, database: former) == .header(commits: 1), "\(generation)")
        }
    }

    @Test func `a first frame that is not of a later generation, or no commit, speaks for no other frame`() throws {
        let damaged = database([0, 1, 2, 0, 0, 0, 0, 0, 0])
        #expect(try damage(log(8, 3, mark: 9), database: damaged) == .header(commits: 5))
        #expect(try damage(log(10, 3, mark: 0), database: damaged) == .header(commits: 5))
        #expect(try damage(log(10, 0, mark: 9), database: damaged) == .header(commits: 5))
        // Nor against them.
        let checkpointed = database([0, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(try damage(log(8, 3, mark: 9), database: checkpointed) == nil)
        #expect(try damage(log(10, 3, mark: 0), database: checkpointed) == nil)
        #expect(try damage(log(10, 0, mark: 9), database: checkpointed) == nil)
    }
}
