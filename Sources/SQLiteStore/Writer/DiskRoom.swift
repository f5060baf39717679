import Logging
import SQLite

/// What the writer knows of the room on the disk, and what it keeps for the moment when there is none.
struct DiskRoom {
    /// How much there is.
    enum State {
        case plenty

        /// New messages are refused; all else goes on.
        case short

        /// A write found none. Messages are not moved to dead-letter queues either, which copies them.
        case none
    }

    /// More than any batch writes.
    private static let batchSizeBytesMax: Int64 = 64 * 1_048_576

    private let look: @Sendable () -> FreeSpace.Room?
    private let ballast: Ballast
    private let logger: Logger
    private(set) var state = State.plenty

    init(ballast: Ballast, logger: Logger, look: @escaping @Sendable () -> FreeSpace.Room?) {
        self.ballast = ballast
        self.logger = logger
        self.look = look
    }

    /// Whether sends are taken only because they fit into free pages of the database.
    private var isLogKeptSmall = false

    /// Pages of the log past which it is copied into the database; with little room the log itself takes little.
    ///
    /// Without its ballast each commit is copied at once: what the database grows by must not wait for room that others
    /// take meanwhile.
    func checkpointPages(usually pages: Int) -> Int {
        if state != .plenty, !ballast.isThere { return 1 }
        // A disk that gets a smaller ballast is a small one.
        let isSmall = ballast.sizeBytes > 0 && ballast.sizeBytes < Ballast.sizeBytesMax
        return state == .plenty && !isSmall && !isLogKeptSmall
            ? pages : min(pages, DatabaseSettings.checkpointPagesWhenShort)
    }

    /// Looks how much there is.
    ///
    /// For sends there must be room for what the log holds, which has to fit into the database, for what sends leave
    /// alone, and for the ballast, which is made again with it. Free pages of the database count for half of what sends
    /// leave alone: the log can't use them.
    mutating func check(
        logPageCount: Int64,
        freePageCount: () throws(SQLiteError) -> Int64
    ) throws(SQLiteError) {
        guard let room = look() else { return }
        let logSizeBytes = logPageCount * 4_096
        let missing = ballast.isThere || ballast.hasFailed ? 0 : ballast.sizeBytes
        let least = room.reservedSizeBytes / 2
        let needed = logSizeBytes + room.reservedSizeBytes + missing
        isLogKeptSmall = room.freeSizeBytes < needed
        var isEnough = !isLogKeptSmall
        if isLogKeptSmall, room.freeSizeBytes >= least + missing {
            isEnough = room.freeSizeBytes + (try freePageCount()) * 4_096 >= needed
        }
        if isEnough {
            if missing > 0 {
                makeBallast()
            }
            change(to: .plenty)
        } else if state == .plenty || room.freeSizeBytes >= logSizeBytes + least {
            if state == .plenty, !ballast.isThere {
                // An earlier start gave it up, and the log was emptied since.
                ballast.keepRoomForLog()
            }
            change(to: .short)
        }
    }

    /// Gives up the ballast, since a write found no room.
    mutating func noteFull() {
        if ballast.release() {
            logger.error("the disk is full: the ballast is given up, so that receives and deletes go on")
        }
        change(to: .none)
    }

    /// Whether the disk has much more room than sends need, and gives it: the ballast could be made.
    ///
    /// To be asked when a write found none all the same.
    mutating func isPlentyAfterAll(logPageCount: Int64) -> Bool {
        guard let room = look() else { return false }
        let needed = logPageCount * 4_096 + room.reservedSizeBytes + ballast.sizeBytes
        guard room.freeSizeBytes > 2 * needed + DiskRoom.batchSizeBytesMax else { return false }
        ballast.make()
        return ballast.isThere || ballast.sizeBytes == 0
    }

    /// Keeps room for the next start; to be called when the log is gone, whose room it may take.
    func keepForNextStart() {
        guard let room = look(), !ballast.isThere, room.freeSizeBytes >= ballast.sizeBytes else { return }
        makeBallast()
    }

    private func makeBallast() {
        ballast.make()
        if ballast.hasFailed {
            logger.warning("there is no ballast for when the disk is full: the file can't be made")
        }
    }

    private mutating func change(to next: State) {
        defer { state = next }
        switch (state, next) {
        case (.plenty, .short), (.plenty, .none):
            logger.error("room on the disk is short: sends are refused until there is more")
        case (.short, .plenty), (.none, .plenty):
            logger.notice("there is room on the disk again: sends are taken")
        default: break
        }
    }
}
