import Crypto
package import Migrations
package import QueueModel
package import SQLite

/// Brings the schema up to date: SQL files, forward only, one transaction each.
package struct Migrator {
    let connection: Connection
    let path: String
    let migrations: [Migration]
    var failPoint: (@Sendable (FailPoint) -> Void)?

    package init(connection: Connection, path: String, migrations: [Migration]) {
        self.connection = connection
        self.path = path
        self.migrations = migrations
    }

    /// Looks whether the file is ours, before anything is changed in it.
    func checkOwner() throws {
        let version = try connection.integer("pragma user_version") ?? 0
        if version == 0 {
            guard try connection.integer("select count(*) from sqlite_schema") == 0 else {
                throw SQLiteStoreError.notOurDatabase(path)
            }
        } else {
            guard try connection.integer("pragma application_id") == DatabaseSettings.applicationId else {
                throw SQLiteStoreError.notOurDatabase(path)
            }
        }
    }

    /// Applies what is missing.
    ///
    /// - Returns: the names of the migrations that were applied now.
    package func run(now: Timestamp) throws -> [String] {
        let version = try checkVersion()
        var applied: [String] = []
        for migration in migrations where migration.version > version {
            try apply(migration, now: now)
            applied.append(migration.name)
        }
        return applied
    }

    /// Refuses a database that was written by a newer Holdfast or by another text of a migration.
    ///
    /// - Returns: the version of the database.
    @discardableResult
    func checkVersion() throws -> Int {
        let version = Int(try connection.integer("pragma user_version") ?? 0)
        let latest = migrations.last?.version ?? 0
        guard version <= latest else {
            throw SQLiteStoreError.databaseTooNew(path, version: version, latest: latest)
        }
        if version > 0 {
            try verifyApplied()
        }
        return version
    }

    private func apply(_ migration: Migration, now: Timestamp) throws(SQLiteError) {
        // A start on a full disk leaves in the log what a crash has cut short.
        try LeftoverFrames.erase(from: connection)
        try connection.execute("begin immediate")
        try connection.execute(
            """
            create table if not exists migrations (
                version integer primary key,
                name text not null,
                checksum text not null,
                applied_at integer not null
            ) strict
            """
        )
        failPoint?(.inMigration)
        try connection.execute(migration.sql)
        failPoint?(.inMigration)
        let record = try connection.prepare(
            "insert into migrations (version, name, checksum, applied_at) values (?1, ?2, ?3, ?4)"
        )
        record.bind(1, Int64(migration.version))
        record.bind(2, migration.name)
        record.bind(3, Migrator.checksum(migration))
        record.bind(4, now.milliseconds)
        try record.run()
        try connection.execute("pragma application_id = \(DatabaseSettings.applicationId)")
        try connection.execute("pragma user_version = \(migration.version)")
        failPoint?(.inMigration)
        try connection.execute("commit")
        failPoint?(.inMigration)
    }

    /// A file that was edited after it was applied would leave databases that differ without a trace.
    private func verifyApplied() throws {
        let rows = try connection.prepare("select version, checksum from migrations")
        while try rows.step() {
            let version = Int(rows.integer(0))
            guard let migration = migrations.first(where: { $0.version == version }),
                rows.text(1) == Migrator.checksum(migration)
            else { throw SQLiteStoreError.migrationChanged(path, version: version) }
        }
    }

    private static func checksum(_ migration: Migration) -> String {
        let hex = Array("0123456789abcdef")
        return SHA256.hash(data: Array(migration.sql.utf8)).reduce(into: "") { text, byte in
            text.append(hex[Int(byte >> 4)])
            text.append(hex[Int(byte & 0xF)])
        }
    }
}
