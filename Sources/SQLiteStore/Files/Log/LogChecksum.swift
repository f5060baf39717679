/// The running checksum of a write-ahead log, as SQLite defines it (sqlite.org/fileformat2.html, section 4.2).
///
/// The header's begins with zero, and each frame's continues the one of the frame before.
struct LogChecksum: Equatable {
    var first: UInt32 = 0
    var second: UInt32 = 0

    /// How the words are read that are added; the log's magic number tells.
    enum ByteOrder {
        case little
        case big
    }

    /// Adds bytes, a multiple of eight.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ order: ByteOrder) {
        precondition(bytes.count.isMultiple(of: 8), "a checksum is taken over \(bytes.count) bytes")
        guard let start = bytes.baseAddress else { return }
        var (one, two) = (first, second)
        var word = start
        let end = start + bytes.count
        switch order {
        case .little:
            while word < end {
                one &+= UInt32(littleEndian: word.loadUnaligned(as: UInt32.self)) &+ two
                two &+= UInt32(littleEndian: word.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) &+ one
                word += 8
            }
        case .big:
            while word < end {
                one &+= UInt32(bigEndian: word.loadUnaligned(as: UInt32.self)) &+ two
                two &+= UInt32(bigEndian: word.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) &+ one
                word += 8
            }
        }
        (first, second) = (one, two)
    }
}
