import Logging
import QueueModel
import Synchronization

/// How many bytes of long answers are on their way to clients, for all callers together.
///
/// A client that does not read costs the broker the whole answer, and there may be thousands of them. An answer counts
/// from the outcome of its receive until it was taken or is lost; short ones do not count, there are only so many
/// connections. While the room is used up, receives are held back.
public final class AnswerRoom: Sendable {
    /// Bytes of bodies and attributes from which on an answer counts.
    package static let longSizeBytesMin = 16 * 1_024

    private let sizeBytesMax: Int
    private let logger: Logger
    private let used = Atomic<Int>(0)
    private let hasWarned = Atomic(false)

    init(sizeBytesMax: Int, logger: Logger) {
        self.sizeBytesMax = sizeBytesMax
        self.logger = logger
    }

    /// Whether the answers on their way use all of it; the last one may have gone past it.
    public var isUsedUp: Bool {
        usedSizeBytes >= sizeBytesMax
    }

    /// To be told when a receive is held back: the log tells it once, and again after there was much room.
    func noteHoldingBack() {
        guard !hasWarned.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            "receives are held back: clients have not read what they received (server.buffers_mib_max)",
            metadata: ["answers_bytes_max": "\(sizeBytesMax)"]
        )
    }

    private func give(backBytes sizeBytes: Int) {
        if used.subtract(sizeBytes, ordering: .relaxed).newValue < sizeBytesMax / 2, hasWarned.load(ordering: .relaxed)
        {
            hasWarned.store(false, ordering: .relaxed)
        }
    }

    /// Bytes in use.
    package var usedSizeBytes: Int {
        used.load(ordering: .relaxed)
    }

    /// What an answer takes of the room; nothing for a short one.
    func share(of received: ReceivedMessages) -> Share? {
        let sizeBytes = received.messages.reduce(0) { $0 + $1.content.body.count + $1.content.attributes.bytes.count }
        return sizeBytes < AnswerRoom.longSizeBytesMin ? nil : Share(sizeBytes, of: self)
    }

    /// A part of the room, which is free again when nobody keeps this any more.
    public final class Share: Sendable {
        private let room: AnswerRoom
        private let sizeBytes: Atomic<Int>

        init(_ sizeBytes: Int, of room: AnswerRoom) {
            self.room = room
            self.sizeBytes = Atomic(sizeBytes)
            room.used.add(sizeBytes, ordering: .relaxed)
        }

        deinit {
            room.give(backBytes: sizeBytes.load(ordering: .relaxed))
        }

        /// Counts what the answer takes now that it is encoded.
        public func resize(toBytes newSizeBytes: Int) {
            let old = sizeBytes.exchange(newSizeBytes, ordering: .relaxed)
            room.used.add(newSizeBytes - old, ordering: .relaxed)
        }
    }
}
