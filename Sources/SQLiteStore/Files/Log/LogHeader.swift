/// The 32 bytes at the start of a write-ahead log (sqlite.org/fileformat2.html, section 4.1).
struct LogHeader {
    static let sizeBytes = 32

    let byteOrder: LogChecksum.ByteOrder
    let pageSize: Int

    /// Both salts: they are new with each generation, that is whenever the log begins anew from its start.
    let salts: UInt64

    /// The checksum that the first frame continues.
    let checksum: LogChecksum

    /// Reads a header, or nothing if it is not one: SQLite then takes the whole log for empty, and says nothing.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= LogHeader.sizeBytes else { return nil }
        switch bytes.word(at: 0) {
        case 0x377f_0682: byteOrder = .little
        case 0x377f_0683: byteOrder = .big
        default: return nil
        }
        pageSize = Int(bytes.word(at: 8))
        guard (512...65_536).contains(pageSize), pageSize & (pageSize - 1) == 0 else { return nil }
        salts = UInt64(bytes.word(at: 16)) << 32 | UInt64(bytes.word(at: 20))
        checksum = LogChecksum(first: bytes.word(at: 24), second: bytes.word(at: 28))
        var computed = LogChecksum()
        computed.add(UnsafeRawBufferPointer(rebasing: bytes[..<24]), byteOrder)
        guard computed == checksum else { return nil }
    }
}

extension UnsafeRawBufferPointer {
    /// The big-endian word at an offset: all fields of a log's headers are such.
    func word(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
