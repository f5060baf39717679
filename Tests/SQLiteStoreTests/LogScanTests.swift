import Foundation
import SQLiteStore
import Testing

/// What the frames behind a bad one prove, on logs that are put together for it.
@Suite struct LogScanTests {
    private let directory = TemporaryDirectory()

    init() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    }

    private func inspect(_ log: ConstructedLog) throws -> WriteAheadLog.Findings {
        let path = directory.path + "/holdfast.db"
        try Data(repeating: 0xee, count: 4_096).write(to: URL(fileURLWithPath: path))
        try Data(log.bytes).write(to: URL(fileURLWithPath: path + "-wal"))
        return try WriteAheadLog(databasePath: path).inspect()
    }

    private let split = ConstructedLog.splitFrame

    /// Damage to the salts alone of the frame before, or to its checksum alone.
    @Test(arguments: [8, 16])
    func `a mark that a sector's end cuts off counts if it continues a frame of which one part is damaged`(
        byte: Int
    ) throws {
        var log = ConstructedLog()
        log.fill(to: split - 2)
        for page in [1, 2] as [UInt32] { log.add(page) }
        log.add(3, mark: 9)
        log.add(4)
        log.add(5, mark: 9)
        log.flip(100, ofFrame: split - 2)
        log.flip(byte, ofFrame: split - 1)
        let offset = ConstructedLog.offset(split - 2)
        #expect(try inspect(log).damage == .frame(offset: offset, commits: 2))
    }

    @Test func `any frame behind a mark tells that the mark's transaction was synced`() throws {
        var log = ConstructedLog()
        log.fill(to: 3)
        log.add(1)
        log.add(2, mark: 9)
        log.flip(100, ofFrame: 3)
        let crashed = log
        log.add(3)
        log.add(4)
        log.flip(100, ofFrame: 5)
        log.flip(100, ofFrame: 6)
        #expect(try inspect(log).damage == .frame(offset: ConstructedLog.offset(3), commits: 1))
        log.erase(ConstructedLog.offset(5)..<ConstructedLog.offset(6))
        #expect(try inspect(log).damage == .frame(offset: ConstructedLog.offset(3), commits: 1))
        // But not one of a former generation.
        var former = ConstructedLog(generation: 8)
        former.fill(to: 9)
        log = crashed
        log.addRest(of: former)
        #expect(try inspect(log).damage == nil)
    }

    @Test func `an old mark that a sector's end cuts off from new salts counts for nothing`() throws {
        var log = ConstructedLog()
        log.fill(to: split - 1)
        log.add(1)
        log.add(2, mark: 9)
        log.add(3)
        log.add(4, mark: 9)
        log.flip(100, ofFrame: split - 1)
        log.flip(100, ofFrame: split)
        #expect(try inspect(log).damage == nil)
        // Nor if a frame lies between that proves nothing either, and then one that continues it.
        log = ConstructedLog()
        log.fill(to: split)
        log.add(2, mark: 9)
        log.add(3)
        log.add(4)
        log.flip(100, ofFrame: split)
        log.flip(8, ofFrame: split + 1)
        log.flip(100, ofFrame: split + 1)
        #expect(try inspect(log).damage == nil)
    }

    @Test func `a mark that a sector's end cuts off counts though its own checksum is damaged`() throws {
        for isFinished in [true, false] {
            var log = ConstructedLog()
            log.fill(to: split - 1)
            log.add(1)
            log.add(2, mark: 9)
            log.add(3)
            log.add(4, mark: isFinished ? 9 : 0)
            log.flip(16, ofFrame: split)
            let damage = try inspect(log).damage
            #expect(damage == .frame(offset: ConstructedLog.offset(split), commits: isFinished ? 2 : 1))
        }
    }

    @Test func `a page that comes twice tells of a synced transaction, though neither mark is left`() throws {
        var log = ConstructedLog()
        log.fill(to: 3)
        log.add(1)
        log.add(2, mark: 9)
        log.add(1)
        log.erase(ConstructedLog.offset(4)..<ConstructedLog.offset(5))
        #expect(try inspect(log).damage == .frame(offset: ConstructedLog.offset(4), commits: 1))
        log.flip(100, ofFrame: 3)
        #expect(try inspect(log).damage == .frame(offset: ConstructedLog.offset(3), commits: 1))

        // So does the first bad frame itself.
        log = ConstructedLog()
        log.add(1)
        log.add(1)
        log.flip(100, ofFrame: 1)
        #expect(try inspect(log).damage == .frame(offset: ConstructedLog.offset(1), commits: 1))
    }

    /// SQLite may have spilled a page out of a full cache before.
    @Test(arguments: [3, 8_100])
    func `a page that comes twice proves nothing in a transaction of more than 8,192 frames`(lost: Int) throws {
        for (frames, isKnown) in [(8_192, true), (8_193, false)] {
            var log = ConstructedLog()
            // Frames of a transaction before do not count.
            for page in 1...5 as ClosedRange<UInt32> { log.add(page) }
            log.add(6, mark: 9)
            for frame in 1..<frames { log.add(UInt32(10 + frame)) }
            log.add(11, mark: 90_000)
            let offset = ConstructedLog.offset(6 + lost)
            log.erase(offset..<offset + 2 * ConstructedLog.frameSize)
            #expect(try inspect(log).damage == (isKnown ? .frame(offset: offset, commits: 1) : nil), "\(frames)")
        }
    }

    @Test func `a frame of page zero ends what SQLite recovers`() throws {
        var log = ConstructedLog()
        log.fill(to: 3)
        log.add(0, mark: 9)
        log.fill(to: 6)
        let findings = try inspect(log)
        #expect(findings.commitCount == 3)
        #expect(findings.damage == .frame(offset: ConstructedLog.offset(3), commits: 3))
    }
}
