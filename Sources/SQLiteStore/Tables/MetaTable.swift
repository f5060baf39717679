import SQLite

/// What there is one of.
struct MetaTable {
    private let read: Statement
    private let write: Statement

    init(_ connection: Connection) throws(SQLiteError) {
        read = try connection.prepare("select value from meta where name = ?1")
        write = try connection.prepare(
            "insert into meta (name, value) values (?1, ?2) on conflict do update set value = ?2"
        )
    }

    func integer(_ name: String) throws(SQLiteError) -> Int64? {
        defer { read.reset() }
        read.bind(1, name)
        return try read.step() ? read.integer(0) : nil
    }

    func set(_ name: String, to value: Int64) throws(SQLiteError) {
        write.bind(1, name)
        write.bind(2, value)
        try write.run()
    }

    func bytes(_ name: String) throws(SQLiteError) -> [UInt8]? {
        defer { read.reset() }
        read.bind(1, name)
        return try read.step() ? read.bytes(0) : nil
    }

    func set(_ name: String, to bytes: [UInt8]) throws(SQLiteError) {
        write.bind(1, name)
        bytes.withUnsafeBytes { write.bind(2, copying: $0) }
        try write.run()
    }

    /// The key that makes receipt handles, and the place of deduplication ids; drawn when the database is made.
    func receiptKey() throws(SQLiteError) -> [UInt8] {
        if let key = try bytes("receipt_key") { return key }
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try set("receipt_key", to: key)
        return key
    }
}
