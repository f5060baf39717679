package import SQLite

/// Frames behind the last commit that bear the salts of the present generation: what is left of a transaction that
/// found no room for all of its frames, or that a crash cut short.
///
/// SQLite begins the next transaction over them and leaves what it does not reach. A crash in that one would then show
/// pieces of both, which can't be told from damage to acknowledged commits (`LogScan`). So they are erased before.
package struct LeftoverFrames {
    /// Where they begin in the file.
    package private(set) var offsets: [Int] = []

    /// Reads the log through SQLite's own file, outside of a transaction.
    ///
    /// - Parameters:
    ///   - log: the log.
    ///   - committedFrameCount: how many of its first frames are committed, as SQLite knows it. A transaction that is
    ///     whole behind them was told to have failed: its last write happened, but for bytes that were there already.
    /// - Throws: an error of damage if one of the commits is damaged, or if there are two behind them: what lies
    ///   behind looks like leftovers, and is not. The next start names it.
    package init(in log: OpenLog, committedFrameCount: Int) throws(SQLiteError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: LogHeader.sizeBytes, alignment: 8)
        defer { bytes.deallocate() }
        var soundFrameCount = 0
        var commitsBehind = 0
        var isDamaged = false
        if try log.read(into: bytes, at: 0) == bytes.count, let header = LogHeader(UnsafeRawBufferPointer(bytes)) {
            var scan = LogScan(header: header)
            try LogFile(file: log, pageSize: header.pageSize).forEachFrame { frame in
                scan.take(frame)
                if frame.salts == header.salts { offsets.append(frame.offset) }
                guard scan.firstBadOffset == nil, frame.isCommit else { return true }
                if frame.index < committedFrameCount {
                    offsets.removeAll(keepingCapacity: true)
                    soundFrameCount = scan.frameCount
                } else {
                    commitsBehind += 1
                }
                return true
            }
            isDamaged = scan.isDamaged
        }
        guard !isDamaged, soundFrameCount >= committedFrameCount, commitsBehind <= 1 else {
            throw .corrupt("commits in the write-ahead log do not follow one another from frame \(soundFrameCount) on")
        }
    }

    /// Erases those in a connection's log, if it has any.
    package static func erase(from connection: Connection) throws(SQLiteError) {
        guard let log = try OpenLog(of: connection) else { return }
        let commits = try connection.committedWalPageCount(in: log)
        try LeftoverFrames(in: log, committedFrameCount: commits).erase(from: log)
    }

    /// Takes their salts and checksums away, synced: with its checksum the first of them would still continue the
    /// commits before it.
    ///
    /// Nothing else of them, for a part of a page number could be another one's.
    ///
    /// If it fails half way, what is left is still of one transaction, and it is to be tried again.
    package func erase(from log: OpenLog) throws(SQLiteError) {
        guard !offsets.isEmpty else { return }
        for offset in offsets {
            try log.erase(LogFrame.proofRange(at: offset))
        }
        try log.sync()
    }
}
