/// A log whose header is not valid: SQLite takes it for empty, whatever frames follow.
///
/// A crash leaves that while the log begins anew: the header is written when all frames of the former generation are in
/// the database, synced, and none of the new generation is written yet. So the commits behind a bad header may be
/// dropped if the database holds every page as the last of them left it; else the header was damaged.
struct HeadlessLog {
    private let order: LogChecksum.ByteOrder

    /// What frame 0 may continue: the header's stored checksum, or the one it should have.
    private let beginnings: [LogChecksum]

    private var former: LogChecksum?
    private var formerSalts: UInt64 = 0
    private var salts: UInt64?
    private var uncommitted: [UInt32: Int] = [:]

    /// The frame that holds each page after the last commit.
    private(set) var frameIndexes: [UInt32: Int] = [:]

    /// The size of the database after the last commit.
    private(set) var pageCount: UInt32 = 0

    private(set) var commitCount = 0

    /// Takes the first 32 bytes of the file.
    init(header: UnsafeRawBufferPointer, order: LogChecksum.ByteOrder) {
        self.order = order
        var computed = LogChecksum()
        computed.add(UnsafeRawBufferPointer(rebasing: header[..<24]), order)
        beginnings = [LogChecksum(first: header.word(at: 24), second: header.word(at: 28)), computed]
    }

    /// Takes the next frame of the log.
    mutating func take(_ frame: LogFrame) {
        let stored = frame.storedChecksum
        let beginnings = former.map { [$0] } ?? beginnings
        let isSound =
            (former == nil || frame.salts == formerSalts) && frame.salts == salts ?? frame.salts
            && beginnings.contains { frame.checksum(after: $0, order) == stored }
        (former, formerSalts) = (stored, frame.salts)
        guard isSound, frame.pageNumber != 0 else { return }
        // The first frame that proves itself is of the latest generation: each begins at the start of the file.
        salts = frame.salts
        uncommitted[frame.pageNumber] = frame.index
        guard frame.isCommit else { return }
        frameIndexes.merge(uncommitted) { $1 }
        uncommitted.removeAll(keepingCapacity: true)
        pageCount = frame.databasePageCount
        commitCount += 1
    }

    /// Whether the database holds every page as the last commit left it.
    func isCheckpointed(in database: RawFile, log: LogFile) throws(SQLiteStoreError) -> Bool {
        let frameSize = LogFrame.headerSizeBytes + log.pageSize
        for (number, index) in frameIndexes where number <= pageCount {
            let frame = LogHeader.sizeBytes + index * frameSize + LogFrame.headerSizeBytes
            let logged = try log.file.bytes(at: frame, count: log.pageSize)
            let stored = try database.bytes(at: (Int(number) - 1) * log.pageSize, count: log.pageSize)
            guard logged == stored else { return false }
        }
        return true
    }
}
