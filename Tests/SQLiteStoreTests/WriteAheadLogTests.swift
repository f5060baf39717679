import Foundation
import SQLite
import SQLiteStore
import Testing

/// What is taken for damage in a write-ahead log, and what a crash may have left.
@Suite struct WriteAheadLogTests {
    private let directory = TemporaryDirectory()

    private var path: String { directory.path + "/holdfast.db" }

    init() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    }

    private func inspect(database: [UInt8]?, log: [UInt8]) throws -> WriteAheadLog.Findings {
        try? FileManager.default.removeItem(atPath: path)
        if let database { try Data(database).write(to: URL(fileURLWithPath: path)) }
        try Data(log).write(to: URL(fileURLWithPath: path + "-wal"))
        return try WriteAheadLog(databasePath: path).inspect()
    }

    @Test(arguments: [false, true])
    func `a byte that flips in any transaction but the last is named with its frame`(isDisjoint: Bool) throws {
        let files = try LogFixture(commits: 40, isDisjoint: isDisjoint)
        let log = try #require(files.logs.last)
        let commits = files.commitFrames(of: log)
        let lastTransaction = try #require(commits.dropLast().last) + 1
        try #require(commits.count == 40 && (isDisjoint || lastTransaction > 64), "sectors meet frames in every way")
        var generator = SeededGenerator(seed: 1)
        for frame in 0..<lastTransaction {
            let anywhere = Int.random(in: 24..<files.frameSize, using: &generator)
            for byte in [0, 3, 4, 7, 8, 15, 16, 19, 20, 23, 24, anywhere, files.frameSize - 1] {
                var damaged = log
                damaged[files.offset(frame) + byte] ^= 0xa5
                let findings = try inspect(database: files.database, log: damaged)
                let beyond = commits.count { $0 >= frame }
                guard case .frame(files.offset(frame), let named) = findings.damage else {
                    Issue.record("byte \(byte) of frame \(frame) of \(commits): \(findings)")
                    continue
                }
                #expect(findings.commitCount == commits.count - beyond)
                // A mark that is damaged itself may be counted or not.
                if !(4..<8).contains(byte) {
                    #expect(named == beyond || named == beyond - 1, "byte \(byte) of frame \(frame) of \(commits)")
                }
            }
        }
    }

    @Test func `a block that is lost in any transaction but the last two is named`() throws {
        let files = try LogFixture(pageSize: 4_096, commits: 12)
        let log = try #require(files.logs.last)
        let commits = files.commitFrames(of: log)
        let end = files.offset(commits[commits.count - 3] + 1)
        for start in stride(from: 4_096, to: end - 4_096, by: 4_096) {
            var damaged = log
            damaged.replaceSubrange(start..<start + 4_096, with: repeatElement(0, count: 4_096))
            let findings = try inspect(database: files.database, log: damaged)
            guard case .frame = findings.damage else {
                Issue.record("block at \(start): \(findings)")
                continue
            }
        }
    }

    /// A power cut can leave the old half of a header that two sectors share, with marks and pages of other commits.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `old page numbers and marks beside new salts are not taken for damage`(seed: UInt64) throws {
        let files = try LogFixture(formerCommits: 60, commits: 70, seed: seed)
        for (before, after) in zip(files.logs, files.logs.dropFirst()) {
            let commits = files.commitFrames(of: after)
            let (first, last) = (commits[commits.count - 2] + 1, commits[commits.count - 1])
            for shared in first...last where (files.offset(shared) + 8).isMultiple(of: 512) {
                let (start, end) = (files.offset(first), files.offset(last + 1))
                let sectors = Array(start / 512...(end - 1) / 512)
                let old = (files.offset(shared) + 7) / 512
                for lost in sectors where last > first {
                    var torn = before + repeatElement(0, count: max(0, after.count - before.count))
                    for sector in sectors where sector != old && sector != lost {
                        let range = max(start, sector * 512)..<min(end, (sector + 1) * 512)
                        torn.replaceSubrange(range, with: after[range])
                    }
                    #expect(try inspect(database: files.database, log: torn).damage == nil, "\(shared), \(lost)")
                }
            }
        }
    }

    /// Wherever sectors and frames meet.
    @Test func `a byte that flips in the last transaction but one is named, whatever the last one is`() throws {
        let files = try LogFixture(commits: 140, isDisjoint: true)
        var shared = 0
        for (number, log) in files.logs.enumerated().dropFirst(2) {
            let commits = files.commitFrames(of: log)
            let frame = commits[number - 1]
            let isShared = (files.offset(frame) + 8).isMultiple(of: 512)
            shared += isShared ? 1 : 0
            // Where the mark's frame is told by nothing but its checksum, and that by nothing but the mark.
            for byte in [8, 15, 16, 19, 20, 23] + (isShared ? [] : [24, 300, files.frameSize - 1]) {
                var damaged = log
                damaged[files.offset(frame) + byte] ^= 0xa5
                for end in [log.count, files.offset(commits[number])] {
                    // The last transaction is whole, or lacks its mark.
                    guard end == log.count || commits[number] > frame + 1 else { continue }
                    let findings = try inspect(database: files.database, log: Array(damaged[..<end]))
                    guard case .frame(files.offset(frame), _) = findings.damage else {
                        Issue.record("byte \(byte) of frame \(frame), \(end): \(findings)")
                        continue
                    }
                }
            }
        }
        #expect(shared > 1)
    }

    /// Each sector of the last transaction has reached the disk or not, in all ways or in a sample of them.
    @Test(arguments: [(7, 60), (7, 0), (8, 60), (9, 60), (10, 60), (11, 60)] as [(UInt64, Int)])
    func `no loss of sectors of the transaction that was not synced is taken for damage`(
        seed: UInt64,
        formerCommits: Int
    ) throws {
        let files = try LogFixture(formerCommits: formerCommits, commits: 70, seed: seed)
        var generator = SeededGenerator(seed: 2)
        for (number, after) in files.logs.enumerated().dropFirst() {
            let before = files.logs[number - 1]
            let commits = files.commitFrames(of: after)
            let start = files.offset(commits[commits.count - 2] + 1)
            let end = files.offset(commits[commits.count - 1] + 1)
            let sectors = Array(start / 512...(end - 1) / 512)
            let isExhaustive = sectors.count <= 6
            for sample in 0..<(isExhaustive ? 1 << sectors.count : 64) {
                let kept = isExhaustive ? UInt64(sample) : generator.next()
                var torn = before
                if torn.count < after.count {
                    torn.append(contentsOf: repeatElement(0, count: after.count - torn.count))
                }
                for (bit, sector) in sectors.enumerated() where kept >> UInt64(bit) & 1 == 1 {
                    let range = max(start, sector * 512)..<min(end, (sector + 1) * 512)
                    torn.replaceSubrange(range, with: after[range])
                }
                let findings = try inspect(database: files.database, log: torn)
                #expect(findings.damage == nil, "commit \(number), sectors \(String(kept, radix: 2)) of \(sectors)")
                #expect(findings.commitCount == commits.count - 1 || torn == after)
            }
        }
    }

    @Test func `a lost frame with the mark of a synced transaction is known by a page that comes again`() throws {
        let files = try LogFixture(commits: 60)
        var known = 0
        for after in files.logs.dropFirst(2) {
            let commits = files.commitFrames(of: after)
            let (former, lost, last) = (
                commits[commits.count - 3], commits[commits.count - 2], commits[commits.count - 1]
            )
            // The first frame of both is that of the page that every transaction writes.
            guard lost > former + 1, last > lost + 1 else { continue }
            var log = after
            for byte in files.offset(lost)..<files.offset(lost + 1) { log[byte] = 0 }
            let isDecidable = !(files.offset(lost + 1) + 8).isMultiple(of: 512)
            let damage = try inspect(database: files.database, log: log).damage
            #expect(damage == .frame(offset: files.offset(lost), commits: 1) || !isDecidable)
            known += damage == nil ? 0 : 1
        }
        #expect(known > 10)
    }

    @Test func `a synced transaction that lost its mark and its first page's end is known by that page`() throws {
        let files = try LogFixture(commits: 60)
        var known = 0
        for after in files.logs.dropFirst(2) {
            let commits = files.commitFrames(of: after)
            let (former, mark, last) = (
                commits[commits.count - 3], commits[commits.count - 2], commits[commits.count - 1]
            )
            // One block that goes: the end of the page that every transaction writes, and the header behind it.
            guard mark == former + 2, last > mark + 1 else { continue }
            var log = after
            for byte in files.offset(mark) - 8..<files.offset(mark + 1) { log[byte] = 0 }
            let end = files.offset(mark) - 8..<files.offset(mark)
            guard log[end] != after[end],
                (former + 1...mark + 1).allSatisfy({ !(files.offset($0) + 8).isMultiple(of: 512) })
            else { continue }
            let findings = try inspect(database: files.database, log: log)
            #expect(findings.damage == .frame(offset: files.offset(former + 1), commits: 1))
            known += 1
        }
        #expect(known > 0)
    }

    @Test func `damage to a synced mark is known though a power cut took the first frame behind it`() throws {
        let files = try LogFixture(commits: 60, isDisjoint: true)
        var known = 0
        for after in files.logs.dropFirst(2) {
            let commits = files.commitFrames(of: after)
            let (mark, last) = (commits[commits.count - 2], commits[commits.count - 1])
            guard last > mark + 1, [mark, last].allSatisfy({ !(files.offset($0) + 8).isMultiple(of: 512) })
            else { continue }
            var log = after
            log[files.offset(mark) + 300] ^= 1
            for byte in files.offset(mark + 1)..<files.offset(mark + 2) { log[byte] = 0 }
            let findings = try inspect(database: files.database, log: log)
            #expect(findings.damage == .frame(offset: files.offset(mark), commits: 2))
            known += 1
        }
        #expect(known > 5)
    }

    @Test func `a log cut off anywhere is what a crash can leave`() throws {
        let files = try LogFixture(commits: 6)
        let log = try #require(files.logs.last)
        for end in stride(from: 0, through: log.count, by: 41) {
            #expect(try inspect(database: files.database, log: Array(log[..<end])).damage == nil)
        }
    }

    @Test func `a synced transaction is known by what follows it, though that was not finished`() throws {
        let files = try LogFixture(commits: 30)
        for (number, after) in files.logs.enumerated().dropFirst() {
            let commits = files.commitFrames(of: after)
            let (damaged, last) = (commits[commits.count - 2], commits[commits.count - 1])
            guard last > damaged + 1, number > 1, damaged > commits[commits.count - 3] + 1 else { continue }
            // The last transaction lacks its mark; the first frame of the one before it is damaged.
            var log = Array(after[..<files.offset(last)])
            log[files.offset(commits[commits.count - 3] + 1) + 100] ^= 1
            let findings = try inspect(database: files.database, log: log)
            #expect(findings.damage == .frame(offset: files.offset(commits[commits.count - 3] + 1), commits: 1))
        }
    }

    @Test func `a damaged header is named if commits follow that are not in the database`() throws {
        let files = try LogFixture(commits: 9)
        let log = try #require(files.logs.last)
        for byte in 0..<LogFixture.headerSize {
            for mask in [0x01, 0x80, 0xff] as [UInt8] {
                var damaged = log
                damaged[byte] ^= mask
                #expect(try inspect(database: files.database, log: damaged).damage == .header(commits: 9))
            }
        }
        var single = files.logs[0]
        single[17] ^= 4
        #expect(try inspect(database: files.database, log: single).damage == .header(commits: 1))
    }

    @Test func `a damaged header is named though a single frame follows`() throws {
        var known = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            let files = try LogFixture(commits: 1, seed: seed)
            let log = files.logs[0]
            guard files.commitFrames(of: log) == [0] else { continue }
            for byte in 0..<LogFixture.headerSize {
                var damaged = Array(log[..<files.offset(1)])
                damaged[byte] ^= 0x10
                #expect(try inspect(database: files.database, log: damaged).damage == .header(commits: 1))
            }
            known += 1
        }
        #expect(known > 0)
    }

    @Test func `a header that a crash tore while the log began anew is no damage`() throws {
        let files = try LogFixture(formerCommits: 30, commits: 1)
        let (before, after) = (files.checkpointedLog, files.logs[0])
        try #require(before[..<32] != after[..<32])
        for count in 0...32 {
            let prefix = Array(after[..<count]) + before[count...]
            let suffix = Array(before[..<count]) + after[count..<32] + before[32...]
            #expect(try inspect(database: files.database, log: prefix).damage == nil)
            #expect(try inspect(database: files.database, log: suffix).damage == nil)
        }
    }

    @Test func `a header that a crash tore in front of a generation of one frame is no damage`() throws {
        var known = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            let files = try LogFixture(formerCommits: 30, commits: 1, seed: seed)
            guard files.commitFrames(of: files.logs[0]) == [0] else { continue }
            known += 1
            _ = try inspect(database: files.database, log: files.logs[0])
            let connection = try Connection(path: path)
            #expect(try connection.integer("select value from state") == 31)
            try connection.checkpoint(.passive)
            let (database, log) = (LogFixture.contents(path), LogFixture.contents(path + "-wal"))
            try connection.close()
            var torn = log
            for byte in 14..<30 { torn[byte] = UInt8(byte) }
            #expect(try inspect(database: database, log: torn).damage == nil)
            // The same header in front of a frame that is not in the database yet.
            #expect(try inspect(database: files.database, log: torn).damage == .header(commits: 1))
            // What is no later generation proves nothing.
            torn[files.offset(0) + 8] ^= 0x80
            #expect(try inspect(database: database, log: torn).damage != nil)
        }
        #expect(known > 0)
    }

    @Test func `a log without its database is named`() throws {
        let files = try LogFixture(commits: 5)
        let log = try #require(files.logs.last)
        #expect(try inspect(database: nil, log: log).damage == .noDatabase(commits: 5))
        #expect(try inspect(database: [], log: log).damage == .noDatabase(commits: 5))
        #expect(try inspect(database: nil, log: []).damage == nil)
    }

    @Test func `a log with big-endian checksums is read as well`() throws {
        let files = try LogFixture(commits: 5)
        var log = try #require(files.logs.last)
        let frames = try #require(files.commitFrames(of: log).last) + 1
        log[3] = 0x83
        var sums = ConstructedLog.sums(log[..<24], (0, 0))
        log.replaceSubrange(24..<32, with: ConstructedLog.words(sums))
        for frame in 0..<frames {
            let start = files.offset(frame)
            sums = ConstructedLog.sums(log[start..<start + 8], sums)
            sums = ConstructedLog.sums(log[start + 24..<start + files.frameSize], sums)
            log.replaceSubrange(start + 16..<start + 24, with: ConstructedLog.words(sums))
        }
        let findings = try inspect(database: files.database, log: log)
        #expect(findings.commitCount == 5 && findings.damage == nil)
        log[files.offset(0) + 200] ^= 1
        #expect(try inspect(database: files.database, log: log).damage == .frame(offset: 32, commits: 5))
        log[17] ^= 1
        #expect(try inspect(database: files.database, log: log).damage != nil)
        // SQLite itself agrees.
        log[17] ^= 1
        log[files.offset(0) + 200] ^= 1
        _ = try inspect(database: files.database, log: log)
        let connection = try Connection(path: path)
        #expect(try connection.integer("select value from state") == 17)
        try connection.close()
    }

    @Test func `the damaged log is kept as it is beside the one that is used`() throws {
        let files = try LogFixture(commits: 2)
        _ = try inspect(database: files.database, log: files.logs[1])
        let log = WriteAheadLog(databasePath: path)
        let copies = [try log.setAside(), try log.setAside()]
        #expect(copies == [path + "-wal.damaged-1", path + "-wal.damaged-2"])
        #expect(LogFixture.contents(copies[1]) == files.logs[1])
    }
}
