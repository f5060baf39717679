import QueueModel
import SQLite

extension Statement {
    /// Binds an id as its sixteen bytes.
    func bind(_ index: Int32, _ id: MessageID) {
        withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { bind(index, copying: $0) }
    }

    /// The id in a column.
    func messageId(_ column: Int32) -> MessageID {
        withBytes(column) { bytes in
            precondition(bytes.count == 16, "a stored id has \(bytes.count) bytes instead of 16")
            return MessageID(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
