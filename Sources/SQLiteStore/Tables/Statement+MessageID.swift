import QueueModel
import SQLite

extension Statement {
    /// Binds an id as its sixteen bytes.
    func bind(_ index: Int32, _ id: MessageID) {
        withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { bind(index, copying: $0) }
    }

    /// The id in a column.
    ///
    /// - Throws: an error for damage if there are not sixteen bytes.
    func messageId(_ column: Int32) throws(SQLiteError) -> MessageID {
        let id = withBytes(column) { bytes -> MessageID? in
            guard bytes.count == 16 else { return nil }
            return MessageID(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        guard let id else { throw .corrupt("a stored id has not 16 bytes") }
        return id
    }
}
