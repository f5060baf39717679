/// A log whose header is not valid: SQLite takes it for empty, whatever frames follow.
///
/// A crash leaves that while the log begins anew: the header is written when all frames of the former generation are in
/// the database, synced, and none of the new generation is written yet. So the commits behind a bad header may be
/// dropped if the database holds every page as the last of them left it; else the header was damaged.
///
/// A generation may be a single frame in front of those of the one before. Nothing proves that frame, for what it
/// continues is the header. Then its page alone has to be in the database.
struct HeadlessLog {
    private let order: LogChecksum.ByteOrder

    /// What frame 0 may continue: the header's stored checksum, or the one it should have.
    private let beginnings: [LogChecksum]

    private var former: LogChecksum?
    private var formerSalts: UInt64 = 0
    private var salts: UInt64?

    /// The first frame if it could be a generation of its own.
    private var single: (salts: UInt64, pageNumber: UInt32)?
    private var uncommitted: [UInt32: Int] = [:]

    /// The frame that holds each page after the last commit.
    private(set) var frameIndexes: [UInt32: Int] = [:]

    /// The size of the database after the last commit.
    private(set) var pageCount: UInt32 = 0

    private var provenCommitCount = 0

    /// The commits of the latest generation, as far as they can be known.
    var commitCount: Int { latestSingle == nil ? provenCommitCount : 1 }

    /// The first frame if it is the latest generation: the first salt counts up from one to the next.
    private var latestSingle: (salts: UInt64, pageNumber: UInt32)? {
        guard let single, let salts else { return nil }
        return Int32(truncatingIfNeeded: Int64(single.salts >> 32) - Int64(salts >> 32)) > 0 ? single : nil
    }

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
        // Where a block of zeros lies, its frames prove one another.
        guard frame.pageNumber != 0 else { return }
        if frame.index == 0, frame.isCommit { single = (frame.salts, frame.pageNumber) }
        guard isSound else { return }
        // The first frame that proves itself is of the latest generation: each begins at the start of the file.
        salts = frame.salts
        uncommitted[frame.pageNumber] = frame.index
        guard frame.isCommit else { return }
        frameIndexes.merge(uncommitted) { $1 }
        uncommitted.removeAll(keepingCapacity: true)
        pageCount = frame.databasePageCount
        provenCommitCount += 1
    }

    /// Whether the database holds every page as the last commit left it.
    func isCheckpointed(in database: RawFile, log: LogFile<RawFile>) throws(SQLiteStoreError) -> Bool {
        if let latestSingle {
            return try isPage(latestSingle.pageNumber, of: database, inFrame: 0, of: log)
        }
        for (number, index) in frameIndexes where number <= pageCount {
            guard try isPage(number, of: database, inFrame: index, of: log) else { return false }
        }
        return true
    }

    private func isPage(
        _ number: UInt32,
        of database: RawFile,
        inFrame index: Int,
        of log: LogFile<RawFile>
    ) throws(SQLiteStoreError) -> Bool {
        let frameSize = LogFrame.headerSizeBytes + log.pageSize
        let frame = LogHeader.sizeBytes + index * frameSize + LogFrame.headerSizeBytes
        let logged = try log.file.bytes(at: frame, count: log.pageSize)
        return try database.bytes(at: (Int(number) - 1) * log.pageSize, count: log.pageSize) == logged
    }
}
