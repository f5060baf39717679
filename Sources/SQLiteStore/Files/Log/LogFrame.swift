/// One page in a write-ahead log with its header of 24 bytes (sqlite.org/fileformat2.html, section 4.1).
///
/// It lends the bytes it was read from.
struct LogFrame {
    static let headerSizeBytes = 24

    /// Counts from 0.
    let index: Int
    let bytes: UnsafeRawBufferPointer

    var pageNumber: UInt32 { bytes.word(at: 0) }

    /// The size of the database in pages if the frame ends a transaction, else 0.
    var databasePageCount: UInt32 { bytes.word(at: 4) }

    var isCommit: Bool { databasePageCount != 0 }

    var salts: UInt64 { UInt64(bytes.word(at: 8)) << 32 | UInt64(bytes.word(at: 12)) }

    /// Where the salts and the checksum of a frame lie that begins at an offset.
    static func proofRange(at offset: Int) -> Range<Int> { offset + 8..<offset + 24 }

    /// The checksum that was written with the frame.
    var storedChecksum: LogChecksum { LogChecksum(first: bytes.word(at: 16), second: bytes.word(at: 20)) }

    var page: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[LogFrame.headerSizeBytes...]) }

    /// Where the frame begins in the file.
    var offset: Int { LogHeader.sizeBytes + index * bytes.count }

    /// The checksum that the frame has if it follows one with this checksum.
    func checksum(after former: LogChecksum, _ order: LogChecksum.ByteOrder) -> LogChecksum {
        var checksum = former
        checksum.add(UnsafeRawBufferPointer(rebasing: bytes[..<8]), order)
        checksum.add(page, order)
        return checksum
    }

    /// Whether page number and commit mark lie in another sector than the rest of the header, so that a power cut can
    /// leave the old ones beside new salts.
    ///
    /// Sectors have 512 bytes or a multiple of that, and headers begin at multiples of eight.
    var isCommitMarkInOtherSector: Bool { (offset + 8).isMultiple(of: 512) }
}
