import Logging

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

    private let look: @Sendable () -> FreeSpace.Room?
    private let ballast: Ballast
    private let logger: Logger
    private(set) var state = State.plenty

    init(ballast: Ballast, logger: Logger, look: @escaping @Sendable () -> FreeSpace.Room?) {
        self.ballast = ballast
        self.logger = logger
        self.look = look
    }

    /// Pages of the log past which it is copied into the database; with little room the log itself takes little.
    func checkpointPages(usually pages: Int) -> Int {
        // A disk that gets a smaller ballast is a small one.
        let isSmall = ballast.sizeBytes > 0 && ballast.sizeBytes < Ballast.sizeBytesMax
        return state == .plenty && !isSmall ? pages : min(pages, DatabaseSettings.checkpointPagesWhenShort)
    }

    /// Looks how much there is.
    ///
    /// For sends there must be room for what the log holds, which has to fit into the database, for what sends leave
    /// alone, and for the ballast, which is made again with it.
    mutating func check(logSizeBytes: Int64) {
        guard let room = look() else { return }
        let missing = ballast.isThere || ballast.hasFailed ? 0 : ballast.sizeBytes
        if room.freeSizeBytes >= logSizeBytes + room.reservedSizeBytes + missing {
            if missing > 0 {
                makeBallast()
            }
            change(to: .plenty)
        } else if state == .plenty || room.freeSizeBytes >= logSizeBytes + room.reservedSizeBytes / 2 {
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
