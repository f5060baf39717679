import Migrations
import QueueModel
import SQLite

/// Whose database it is, of which version, and whether its tables and indexes are those of the migrations.
struct SchemaCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport) throws {
        let migrator = Migrator(connection: database.connection, path: database.path, migrations: Migration.all)
        do {
            try migrator.checkOwner()
            try migrator.checkVersion()
        } catch let error as SQLiteStoreError {
            report.add("schema", error.description)
            return
        }
        let version = Int(try database.connection.integer("pragma user_version") ?? 0)
        let found = try SchemaCheck.objects(database.connection)
        let expected = try SchemaCheck.objects(ofVersion: version)
        for (name, sql) in expected.sorted(by: { $0.key < $1.key }) where found[name] != sql {
            report.add("schema", found[name] == nil ? "\(name) is missing" : "\(name) is not as its migration made it")
        }
        for name in found.keys.sorted() where expected[name] == nil {
            report.add("schema", "\(name) does not belong there")
        }
    }

    /// The tables and indexes that the migrations make.
    private static func objects(ofVersion version: Int) throws -> [String: String] {
        let connection = try Connection(path: ":memory:")
        defer { try? connection.close() }
        let migrations = Migration.all.filter { $0.version <= version }
        let migrator = Migrator(connection: connection, path: ":memory:", migrations: migrations)
        _ = try migrator.run(now: Timestamp(milliseconds: 0))
        return try objects(connection)
    }

    private static func objects(_ connection: Connection) throws(SQLiteError) -> [String: String] {
        let rows = try connection.prepare(
            "select type || ' ' || name, sql from sqlite_schema where name not like 'sqlite_stat%'"
        )
        var objects: [String: String] = [:]
        while try rows.step() { objects[rows.text(0)] = rows.text(1) }
        return objects
    }
}
