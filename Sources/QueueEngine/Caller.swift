import Synchronization

/// Who made a request, and whether somebody still waits for its answer.
///
/// There is one for each request.
public final class Caller: Sendable {
    /// `http://host:port` as the caller reaches us, for queue URLs.
    public let baseUrl: String

    /// What becomes the SenderId of its messages.
    public let senderId: String

    /// The header `X-Amzn-Trace-Id`, which becomes a message's AWSTraceHeader if the message has none of its own.
    public let traceHeader: String?

    private let gone = Atomic(false)
    private let share = Mutex<AnswerRoom.Share?>(nil)
    private let leaveHandler = Mutex<(@Sendable () -> Void)?>(nil)

    /// Makes a caller that waits.
    public init(baseUrl: String, senderId: String, traceHeader: String? = nil) {
        self.baseUrl = baseUrl
        self.senderId = senderId
        self.traceHeader = traceHeader
    }

    /// Whether nobody waits for the answer any more.
    public var isGone: Bool {
        gone.load(ordering: .sequentiallyConsistent)
    }

    /// To be called when the connection closes; a parked poll ends, a receive that has not begun takes nothing.
    public func leave() {
        gone.store(true, ordering: .sequentiallyConsistent)
        let handler = leaveHandler.withLock { handler in
            defer { handler = nil }
            return handler
        }
        handler?()
    }

    /// Keeps what its answer takes of the room for all answers.
    func keep(_ share: AnswerRoom.Share) {
        self.share.withLock { $0 = share }
    }

    /// What its answer takes of the room for all answers, to be kept until the client has the answer; nothing for a
    /// short one.
    public func takeAnswerShare() -> AnswerRoom.Share? {
        share.withLock { share in
            defer { share = nil }
            return share
        }
    }

    /// Sets who hears of `leave()` in place of who was set before, or nobody.
    ///
    /// It does not hear of a caller who has already left: look at `isGone` afterwards.
    package func onLeave(_ handler: (@Sendable () -> Void)?) {
        leaveHandler.withLock { $0 = handler }
    }
}
