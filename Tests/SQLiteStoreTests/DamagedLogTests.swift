import Foundation
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// What a store does at start with the write-ahead log of a process that was killed.
@Suite struct DamagedLogTests {
    private let live = TemporaryDirectory()
    private let copy = TemporaryDirectory()
    private let queue = queueName("q")

    private func open(_ directory: TemporaryDirectory) throws -> SQLiteStore {
        try SQLiteStore(
            directory: directory.path,
            clock: HandClock(),
            logger: LogLines().logger,
            onFailure: { Issue.record("the store failed: \($0)") }
        )
    }

    /// The files as a kill would leave them after so many sends, each a commit of its own.
    private func kill(after sends: Int) throws {
        let store = try open(live)
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: queue)))
        for number in 0..<sends {
            guard case .success = store.apply(send(queue, "message \(number)")) else { throw StoreError.failed }
        }
        try copyFiles()
    }

    private func copyFiles() throws {
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        for name in ["holdfast.db", "holdfast.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(live.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
    }

    private var logPath: String { copy.path + "/holdfast.db-wal" }

    @Test func `a store with acknowledged commits behind damage is not opened and not changed`() throws {
        try kill(after: 20)
        var log = LogFixture.contents(logPath)
        let byte = log.count * 7 / 8
        log[byte] ^= 0x10
        try Data(log).write(to: URL(fileURLWithPath: logPath))
        let database = LogFixture.contents(copy.path + "/holdfast.db")
        #expect {
            _ = try open(copy)
        } throws: { error in
            guard case .logDamaged(let path, .frame(let offset, let commits)) = error as? SQLiteStoreError else {
                return false
            }
            return path == logPath && (byte - 4_120...byte).contains(offset) && (2...15).contains(commits)
        }
        // Nor is there a backup that would be without them.
        let backup = BackupRequest(path: live.path + "-backup.db")
        #expect(throws: SQLiteStoreError.self) {
            try OfflineBackup(backup, directory: copy.path).run { _ in }
        }
        #expect(!FileManager.default.fileExists(atPath: backup.path))
        #expect(LogFixture.contents(logPath) == log)
        #expect(LogFixture.contents(copy.path + "/holdfast.db") == database)
    }

    @Test func `a sector that is lost anywhere in front of the last commit is named`() throws {
        try kill(after: 20)
        let log = LogFixture.contents(logPath)
        let commits = LogFixture.commitFrames(of: log, pageSize: 4_096)
        func offset(_ frame: Int) -> Int { LogFixture.headerSize + frame * 4_120 }
        try #require(commits.count > 20)
        let end = offset(commits[commits.count - 2] + 1) / 512
        // All of the last commits, and some of those before, of which any two marks tell.
        let near = offset(commits[commits.count - 5]) / 512
        for sector in Array(stride(from: 1, to: near, by: 17)) + Array(near..<end) {
            for isZeroed in [true, false] {
                var damaged = log
                for byte in sector * 512..<(sector + 1) * 512 { damaged[byte] = isZeroed ? 0 : ~log[byte] }
                guard damaged != log else { continue }
                try Data(damaged).write(to: URL(fileURLWithPath: logPath))
                let damage = try WriteAheadLog(databasePath: copy.path + "/holdfast.db").inspect().damage
                #expect(damage != nil, "sector \(sector) of \(end), \(isZeroed)")
            }
        }
    }

    /// What SQLite would drop there looks like the rest of the transaction that found no room.
    @Test func `a store that finds no room and damage in its log erases nothing, and the next start names it`() throws {
        let failures = Mutex(0)
        var configuration = SQLiteStoreConfiguration()
        configuration.databasePagesMax = 300
        let store = try SQLiteStore(
            directory: live.path,
            clock: HandClock(),
            configuration: configuration,
            logger: LogLines().logger
        ) { _ in failures.withLock { $0 += 1 } }
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: queue)))
        for number in 0..<20 {
            guard case .success = store.apply(send(queue, "message \(number)")) else { throw StoreError.failed }
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: live.path + "/holdfast.db-wal"))
        defer { try? file.close() }
        let frame = 32 + 12 * 4_120
        try file.seek(toOffset: UInt64(frame + 8))
        try file.write(contentsOf: [0, 0, 0, 0])
        let large = String(repeating: "x", count: 200_000)
        while case .success = store.apply(send(queue, large)) {}
        store.close()
        #expect(failures.withLock { $0 } == 1)
        // The lock is kept until the process ends, so the next start has a copy.
        try copyFiles()
        #expect {
            _ = try open(copy)
        } throws: { error in
            guard case .logDamaged(logPath, .frame(frame, let commits)) = error as? SQLiteStoreError else {
                return false
            }
            return commits > 5
        }
    }

    @Test func `a start empties the log that it recovers, so that later crashes leave no older frames behind`() throws {
        try kill(after: 20)
        let before = LogFixture.contents(logPath).count
        #expect(before > 20 * 4_120)
        let store = try open(copy)
        defer { store.close() }
        #expect(LogFixture.contents(logPath).count < before / 2)
        #expect(store.receive(queue, count: 10).count == 10)
    }
}
