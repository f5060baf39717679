import Benchmark
import Glibc
import Logging
import Migrations
import QueueModel
import SQLite
import SQLiteStore

/// The yardstick S: what SQLite itself needs for the statements of a cycle, in commits of as many messages as there
/// are commands in one, with nothing around them.
final class SQLiteYardstick {
    /// CPU of one run.
    struct Sample {
        var messages = 0
        var cpuSeconds = 0.0
        var elapsedSeconds = 0.0
    }

    /// Medians over the rounds.
    struct Cost: Encodable {
        var cycleMicroseconds: Double
        var cyclesPerSecond: Double

        init(_ samples: [Sample]) {
            cycleMicroseconds = Median.of(samples.map { $0.cpuSeconds * 1e6 / Double($0.messages) })
            cyclesPerSecond = Median.of(samples.map { Double($0.messages) / $0.elapsedSeconds })
        }
    }

    private let connection: SQLite.Connection
    private let begin: Statement
    private let commit: Statement
    private let statements: [String: Statement]
    private var next: Int64 = 1

    /// Makes a database of its own with the store's tables and settings.
    init(directory: String) throws {
        connection = try SQLite.Connection(path: "\(directory)/sqlite-yardstick.db")
        try connection.execute(
            """
            pragma locking_mode = exclusive; pragma page_size = 4096; pragma auto_vacuum = incremental;
            pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0;
            pragma secure_delete = off; pragma cell_size_check = on; pragma cache_size = -65536;
            """
        )
        for migration in Migration.all {
            try connection.execute(migration.sql)
        }
        connection.watchWalPages()
        begin = try connection.prepare("begin immediate")
        commit = try connection.prepare("commit")
        var prepared: [String: Statement] = [:]
        for (name, sql) in HotStatements.all { prepared[name] = try connection.prepare(sql) }
        statements = prepared
        for _ in 0..<10 { try insert(100) }
    }

    /// Inserts, hands out and removes one message a command.
    func cycle(commits: Int) throws -> Sample {
        var sample = Sample()
        let (cpu, elapsed) = (now(CLOCK_THREAD_CPUTIME_ID), now(CLOCK_MONOTONIC))
        for _ in 0..<commits {
            let count = StoreShape.commandsPerCommit
            let first = next - 1_000
            try insert(count)
            try lease(first, count)
            try remove(first, count)
            if connection.walPageCount > 4_096 { try connection.checkpoint(.passive) }
            sample.messages += count
        }
        sample.cpuSeconds = now(CLOCK_THREAD_CPUTIME_ID) - cpu
        sample.elapsedSeconds = now(CLOCK_MONOTONIC) - elapsed
        return sample
    }

    private func insert(_ count: Int) throws {
        let body = [UInt8](repeating: 0x78, count: StoreShape.bodyBytes)
        let id = [UInt8](repeating: 0x5a, count: 16)
        try begin.run()
        let insert = statement("messages.insert")
        for _ in 0..<count {
            insert.bind(1, 1 << 40 | next)
            id.withUnsafeBytes { insert.bind(2, copying: $0) }
            insert.bind(3, next)
            insert.bind(4, "000000000000")
            id.withUnsafeBytes { insert.bind(5, copying: $0) }
            body.withUnsafeBytes { insert.bind(6, copying: $0) }
            try insert.run()
            next += 1
        }
        try end()
    }

    private func lease(_ first: Int64, _ count: Int) throws {
        try begin.run()
        let (find, insert) = (statement("messages.find"), statement("leases.insert"))
        for sequence in first..<first + Int64(count) {
            find.bind(1, 1 << 40 | sequence)
            guard try find.step() else { throw BenchmarkError("a message of the yardstick is missing") }
            _ = find.bytes(4)
            find.reset()
            for (index, value) in [1 << 40 | sequence, 1, 1, next, 1, next, next, 0].enumerated() {
                insert.bind(Int32(index + 1), value)
            }
            try insert.run()
        }
        try end()
    }

    private func remove(_ first: Int64, _ count: Int) throws {
        try begin.run()
        let (find, lease, message) = (
            statement("leases.find"), statement("leases.delete"), statement("messages.delete")
        )
        for sequence in first..<first + Int64(count) {
            find.bind(1, 1 << 40 | sequence)
            guard try find.step() else { throw BenchmarkError("a lease of the yardstick is missing") }
            find.reset()
            lease.bind(1, 1 << 40 | sequence)
            try lease.run()
            message.bind(1, 1 << 40 | sequence)
            try message.run()
        }
        try end()
    }

    private func end() throws {
        let write = statement("queue_state.write")
        for index in 1...8 { write.bind(Int32(index), index == 1 ? 1 : next) }
        try write.run()
        try commit.run()
    }

    private func statement(_ name: String) -> Statement {
        guard let statement = statements[name] else { preconditionFailure("no statement \(name)") }
        return statement
    }

    private func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
