import Foundation
import SQLite

/// A database with a write-ahead log as SQLite itself wrote them, after each of its commits.
struct LogFixture {
    static let headerSize = 32

    let pageSize: Int

    /// The database file, which holds what was checkpointed.
    let database: [UInt8]

    /// The log after each commit.
    private(set) var logs: [[UInt8]] = []

    /// Where a log begins anew: all of the former generation is in the database.
    let checkpointedLog: [UInt8]

    var frameSize: Int { pageSize + 24 }

    /// Makes a first generation of commits, copies it into the database, and writes the next one over it.
    init(pageSize: Int = 512, formerCommits: Int = 12, commits: Int, seed: UInt64 = 7, isDisjoint: Bool = false) throws
    {
        self.pageSize = pageSize
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let path = directory.path + "/holdfast.db"
        let connection = try Connection(path: path)
        defer { try? connection.close() }
        try connection.execute(
            """
            pragma locking_mode = exclusive; pragma page_size = \(pageSize); pragma journal_mode = wal;
            pragma wal_autocheckpoint = 0; pragma synchronous = full;
            create table state (id integer primary key, value integer);
            insert into state values (1, 0);
            create table rows (id integer primary key, body blob);
            """
        )
        var generator = SeededGenerator(seed: seed)
        func commit() throws {
            // One to about eight frames, a third of them of the page that every commit writes, as it is in a store.
            try connection.execute("begin immediate")
            try connection.execute("update state set value = value + 1")
            let size = Int.random(in: 0..<3, using: &generator) * Int.random(in: 0..<pageSize, using: &generator)
            if size > 0 { try connection.execute("insert into rows (body) values (randomblob(\(size)))") }
            try connection.execute("commit")
        }
        // One or two pages of its own for each commit, as if each were of another queue.
        func commitDisjoint(_ number: Int) throws {
            try connection.execute("begin immediate")
            try connection.execute("update a\(number) set value = 1")
            if number.isMultiple(of: 3) { try connection.execute("update b\(number) set value = 1") }
            try connection.execute("commit")
        }
        for number in 0..<(isDisjoint ? commits : 0) {
            for name in ["a", "b"] {
                try connection.execute("create table \(name)\(number) (value); insert into \(name)\(number) values (0)")
            }
        }
        for _ in 0..<formerCommits { try commit() }
        try connection.checkpoint(.passive)
        checkpointedLog = LogFixture.contents(path + "-wal")
        database = LogFixture.contents(path)
        for _ in 0..<commits {
            if isDisjoint { try commitDisjoint(logs.count) } else { try commit() }
            logs.append(LogFixture.contents(path + "-wal"))
        }
    }

    /// The indexes of the frames of the last generation that end a transaction.
    func commitFrames(of log: [UInt8]) -> [Int] {
        LogFixture.commitFrames(of: log, pageSize: pageSize)
    }

    static func commitFrames(of log: [UInt8], pageSize: Int) -> [Int] {
        var commits: [Int] = []
        let offsets = stride(from: headerSize, through: log.count - pageSize - 24, by: pageSize + 24)
        for (index, frame) in offsets.enumerated() {
            guard log[frame + 8..<frame + 16] == log[16..<24] else { break }
            if log[frame + 4..<frame + 8] != [0, 0, 0, 0] { commits.append(index) }
        }
        return commits
    }

    func offset(_ frame: Int) -> Int {
        LogFixture.headerSize + frame * frameSize
    }

    static func contents(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map { Array($0) } ?? []
    }
}

/// Random numbers that are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
