/// Looks for commits that SQLite would drop without a word.
///
/// SQLite recovers a write-ahead log up to the first frame whose salts or checksum are wrong, and takes all behind it
/// for never written. After a power cut that is right. After damage to a frame in the middle it loses every commit from
/// there on, and where a checkpoint had copied some of them, it lays older pages over newer ones.
///
/// **What a crash can leave.** The writer syncs each transaction's frames before it begins the next one, writes the
/// header only when everything before is in the database, and syncs it before any frame; what a crash or a full disk
/// has left of a transaction loses its salts and checksums before the next one (`LeftoverFrames`). So the frames of the
/// current generation, those that bear the header's salts, are: any number of synced transactions, whole; then at most
/// one that was not synced, of which any sectors may be there and any not. Where they are not lie older bytes, of a
/// former generation, of what was erased, or none. So a bad frame belongs to the transaction that was not synced, and
/// so does all behind it that bears the current salts: there is one commit mark at most, on the last of these frames,
/// no page comes twice, and nothing lies behind the mark. (SQLite would fill sectors up with copies of the last frame
/// only if a write could harm the bytes beside it, which it holds impossible unless it was built to think otherwise.)
///
/// **What is refused.** Whatever no crash can leave, behind the first bad frame:
/// - a frame behind a commit mark: the mark's transaction was synced before that frame was written;
/// - a page that comes twice: these are two transactions. (In a transaction of more than 8,192 frames it proves
///   nothing, for SQLite may have spilled the page out of a full cache before.)
///
/// A commit mark and a page number count if the salts beside them are current, for one sector holds all three: whatever
/// became of the rest of the frame, they were written together. Where a sector ends between them and the salts they
/// count if the frame proves itself: its checksum continues the one that is stored in the frame before, or, if that is
/// what was damaged, the one the frame before should have.
///
/// **What remains.** Damage in the last transaction, and the loss of whole transactions from the end of the file,
/// look like a power cut. So does the loss of the only frame of the last transaction but one, or of its mark if it has
/// no page in common with the last.
struct LogScan {
    /// Frames that one transaction can have without having spilled a page twice: half of the page cache.
    private static let unspilledFramesMax = 8_192

    private let header: LogHeader

    // The frames that SQLite recovers.
    private var checksum: LogChecksum
    private(set) var frameCount = 0
    private(set) var commitCount = 0
    private(set) var committedFrameCount = 0
    private var framesOfLastTransaction = 0
    private var pagesOfLastTransaction: Set<UInt32> = []

    // What lies behind them.
    private(set) var firstBadOffset: Int?
    private(set) var commitsBeyond = 0

    /// Whether commits lie behind the first bad frame that a crash can't have left there.
    private(set) var isDamaged = false

    private var former: (stored: LogChecksum, computed: LogChecksum)

    /// Whether the last frame with the current salts has a mark that does not count yet.
    private var isFormerMarkUncertain = false

    init(header: LogHeader) {
        self.header = header
        checksum = header.checksum
        former = (checksum, checksum)
    }

    /// Takes the next frame of the log.
    mutating func take(_ frame: LogFrame) {
        if firstBadOffset == nil, takeGood(frame) { return }
        if firstBadOffset == nil {
            firstBadOffset = frame.offset
            takeFirstBad(frame)
        } else if frame.salts == header.salts {
            takeBeyond(frame)
        } else {
            // Of a former generation, or damaged: it proves nothing, but what follows may continue it.
            former = (frame.storedChecksum, frame.storedChecksum)
            framesOfLastTransaction += 1
        }
    }

    /// Takes a frame that SQLite would recover.
    private mutating func takeGood(_ frame: LogFrame) -> Bool {
        guard frame.salts == header.salts, frame.pageNumber != 0 else { return false }
        let computed = frame.checksum(after: checksum, header.byteOrder)
        guard computed == frame.storedChecksum else { return false }
        checksum = computed
        frameCount += 1
        if frame.isCommit {
            commitCount += 1
            committedFrameCount = frameCount
            framesOfLastTransaction = 0
            pagesOfLastTransaction.removeAll(keepingCapacity: true)
        } else {
            framesOfLastTransaction += 1
            _ = isFirst(ofItsPage: frame)
        }
        return true
    }

    private mutating func takeFirstBad(_ frame: LogFrame) {
        let computed = frame.checksum(after: checksum, header.byteOrder)
        // Only its salts are damaged: it proves itself by its checksum.
        let isProven = computed == frame.storedChecksum
        former = (frame.storedChecksum, computed)
        framesOfLastTransaction += 1
        // Of a former generation, most likely: its mark says nothing about this one.
        guard isProven || frame.salts == header.salts else { return }
        count(frame, isProven: isProven)
    }

    /// Takes a frame with the current salts behind the first bad one.
    private mutating func takeBeyond(_ frame: LogFrame) {
        let stored = frame.storedChecksum
        var computed = frame.checksum(after: former.stored, header.byteOrder)
        if computed != stored {
            let other = frame.checksum(after: former.computed, header.byteOrder)
            if other == stored {
                // Only the stored checksum of the frame before is damaged: that frame is proven, too.
                computed = other
                if isFormerMarkUncertain { commitsBeyond += 1 }
            }
        }
        if commitsBeyond > 0 { isDamaged = true }
        framesOfLastTransaction += 1
        count(frame, isProven: computed == stored)
        former = (stored, computed)
    }

    /// Counts the page and the mark of a frame that SQLite would drop, if it is certain that they are its own.
    private mutating func count(_ frame: LogFrame, isProven: Bool) {
        let isCertain = isProven || !frame.isCommitMarkInOtherSector
        isFormerMarkUncertain = frame.isCommit && !isCertain
        guard isCertain else { return }
        if !isFirst(ofItsPage: frame) { isDamaged = true }
        if frame.isCommit { commitsBeyond += 1 }
    }

    /// Whether the page has not come before, as far as that proves anything.
    private mutating func isFirst(ofItsPage frame: LogFrame) -> Bool {
        guard framesOfLastTransaction <= LogScan.unspilledFramesMax else { return true }
        return pagesOfLastTransaction.insert(frame.pageNumber).inserted
    }
}
