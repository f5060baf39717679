package import SQLite

/// Frames behind the last commit that bear the salts of the present generation: what is left of a transaction that
/// found no room for all of its frames, or that a crash cut short.
///
/// SQLite begins the next transaction over them and leaves what it does not reach. A crash in that one would then show
/// pieces of both, which can't be told from damage to acknowledged commits (`LogScan`). So they are erased before.
package struct LeftoverFrames {
    /// Where they begin in the file.
    package private(set) var offsets: [Int] = []

    /// Reads the log through SQLite's own file.
    package init(in log: OpenLog) throws(SQLiteError) {
        guard log.sizeBytes > LogHeader.sizeBytes else { return }
        let head = UnsafeMutableRawBufferPointer.allocate(byteCount: LogHeader.sizeBytes, alignment: 8)
        defer { head.deallocate() }
        guard try log.read(into: head, at: 0) == head.count, let header = LogHeader(UnsafeRawBufferPointer(head)) else {
            return
        }
        var checksum = header.checksum
        var isUnbroken = true
        try LogFile(file: log, pageSize: header.pageSize).forEachFrame { frame in
            guard frame.salts == header.salts else {
                isUnbroken = false
                return true
            }
            offsets.append(frame.offset)
            checksum = frame.checksum(after: checksum, header.byteOrder)
            isUnbroken = isUnbroken && checksum == frame.storedChecksum && frame.pageNumber != 0
            if isUnbroken, frame.isCommit { offsets.removeAll(keepingCapacity: true) }
            return true
        }
    }

    /// Takes their salts away, synced.
    ///
    /// If it fails half way, what is left is still of one transaction, and it is to be tried again.
    package func erase(from log: OpenLog) throws(SQLiteError) {
        guard !offsets.isEmpty else { return }
        for offset in offsets {
            try log.erase(offset..<offset + LogFrame.headerSizeBytes)
        }
        try log.sync()
    }
}
