import Crypto
import SQLite

/// What there is one of.
struct MetaTable {
    private let connection: Connection
    private let read: Statement
    private let write: Statement

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
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

    /// The key that makes receipt handles, and the place of deduplication ids and message groups; drawn before the
    /// first queue is made.
    ///
    /// - Throws: an error for damage if it is not the one that was drawn: with another one, messages of a group would
    ///   be given out of order.
    func receiptKey() throws(SQLiteError) -> [UInt8] {
        if let key = try storedReceiptKey() { return key }
        try checkReceiptKey()
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try connection.execute("begin immediate")
        try set("receipt_key", to: key)
        try set("receipt_key_digest", to: MetaTable.digest(key))
        try connection.execute("commit")
        return key
    }

    /// Throws an error for damage if there is no key that matches its digest though one was drawn.
    func checkReceiptKey() throws(SQLiteError) {
        guard try storedReceiptKey() == nil else { return }
        guard try bytes("receipt_key") == nil, try integer("next_queue_number") == nil else {
            throw .corrupt("the key that makes receipt handles is missing, or not the one that was drawn")
        }
    }

    /// The key, or nothing if there is none that matches its digest.
    func storedReceiptKey() throws(SQLiteError) -> [UInt8]? {
        guard let key = try bytes("receipt_key"), key.count == 32,
            try bytes("receipt_key_digest") == MetaTable.digest(key)
        else { return nil }
        return key
    }

    /// The start of a SHA-256, which tells nothing of the key.
    private static func digest(_ key: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array("receipt key".utf8) + key).prefix(8))
    }
}
