import QueueModel

/// A message that came into its group, or is gone from it.
struct GroupChange {
    /// Bytes of a change in a row: the hash of its group and the key of its message.
    static let sizeBytes = 16

    let hash: GroupHash
    let key: MessageKey
    let isRemoval: Bool

    /// Appends it to the changes of a row.
    func append(to bytes: inout [UInt8]) {
        let word = isRemoval ? key.rawValue | .min : key.rawValue
        withUnsafeBytes(of: (hash.bits.bigEndian, word.bigEndian)) {
            bytes.append(contentsOf: $0)
        }
    }
}

/// A row of `group_changes`: changes, and behind them a hash over its number and all of them.
enum GroupChangeRow {
    /// Changes of one row at most: so many fit into one page.
    static let changesMax = 240

    private static let hashSizeBytes = 8

    /// The row that holds these changes.
    static func bytes(number: Int64, changes: ArraySlice<UInt8>, _ hasher: GroupHasher) -> [UInt8] {
        let hash = changes.withUnsafeBytes { GroupChangeRow.hash(number, $0, hasher) }
        return withUnsafeBytes(of: hash.bigEndian) { Array(changes) + $0 }
    }

    /// The changes of a row, or nothing if they are not those that were written.
    static func changes(number: Int64, _ bytes: UnsafeRawBufferPointer, _ hasher: GroupHasher) -> [GroupChange]? {
        let end = bytes.count - hashSizeBytes
        guard end > 0, end.isMultiple(of: GroupChange.sizeBytes),
            word(bytes, end) == hash(number, UnsafeRawBufferPointer(rebasing: bytes[..<end]), hasher)
        else { return nil }
        return stride(from: 0, to: end, by: GroupChange.sizeBytes).map { start in
            let key = Int64(bitPattern: word(bytes, start + 8))
            return GroupChange(
                hash: GroupHash(bits: word(bytes, start)),
                key: MessageKey(rawValue: key & .max),
                isRemoval: key < 0
            )
        }
    }

    private static func hash(_ number: Int64, _ changes: UnsafeRawBufferPointer, _ hasher: GroupHasher) -> UInt64 {
        hasher.hash(number: number, changes)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
}
