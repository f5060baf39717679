internal import NIOCore

/// How long a connection may take over what it is doing: a pure account of moments, told what happens.
///
/// Two clocks run side by side, because the next pipelined request may be under way while the last answer is still
/// being taken.
struct ConnectionDeadlines {
    /// What has taken too long.
    enum Expiry: Equatable {
        /// No request came.
        case idle

        /// Head and body did not arrive in time.
        case request

        /// The client did not take an answer.
        case answer

        /// A closing connection was drained long enough.
        case linger
    }

    private enum Phase {
        case idle, receiving, performing, lingering
    }

    private let idleTimeout: TimeAmount
    private let requestTimeout: TimeAmount
    private let answerTimeout: TimeAmount
    private let lingerTimeout: TimeAmount

    private var phase = Phase.idle
    private var phaseEnd: NIODeadline
    private var untakenAnswers = 0
    private var answerEnd = NIODeadline.distantFuture

    /// The account of a connection that was accepted now.
    init(_ configuration: HTTPServerConfiguration, now: NIODeadline) {
        idleTimeout = .seconds(Int64(configuration.idleTimeoutSeconds))
        requestTimeout = .seconds(Int64(configuration.headAndBodyDeadlineSeconds))
        answerTimeout = .seconds(Int64(configuration.writeDeadlineSeconds))
        lingerTimeout = .seconds(Int64(configuration.lingerSeconds))
        phaseEnd = now + idleTimeout
    }

    /// Whether the connection waits for a request of which nothing has come.
    var isIdle: Bool {
        phase == .idle && areAnswersTaken
    }

    /// Whether a whole request is here that has no answer yet.
    var isPerforming: Bool {
        phase == .performing
    }

    /// Whether the client has taken all answers that were written.
    var areAnswersTaken: Bool {
        untakenAnswers == 0
    }

    /// When to look again: never later than a deadline, even one that is set after this was asked.
    func nextCheck(now: NIODeadline) -> NIODeadline {
        min(phaseEnd, answerEnd, now + min(idleTimeout, requestTimeout, answerTimeout, lingerTimeout))
    }

    /// What has taken too long by now.
    func expiry(now: NIODeadline) -> Expiry? {
        if answerEnd <= now {
            return .answer
        }
        guard phaseEnd <= now else { return nil }
        switch phase {
        case .idle: return .idle
        case .receiving: return .request
        case .lingering: return .linger
        case .performing: return nil
        }
    }

    /// The first bytes of a request came; the same request's later ones gain it no time.
    mutating func requestBegan(now: @autoclosure () -> NIODeadline) {
        guard phase == .idle else { return }
        phase = .receiving
        phaseEnd = now() + requestTimeout
    }

    /// A whole request is here: how long it takes from now on is not the client's doing.
    mutating func requestArrived() {
        guard phase != .lingering else { return }
        phase = .performing
        phaseEnd = .distantFuture
    }

    /// An answer was written; the client still has to take it.
    mutating func answerWritten(now: NIODeadline) {
        if untakenAnswers == 0 {
            answerEnd = now + answerTimeout
        }
        untakenAnswers += 1
        guard phase != .lingering else { return }
        phase = .idle
        phaseEnd = now + idleTimeout
    }

    /// The client's side took an answer.
    mutating func answerTaken(now: @autoclosure () -> NIODeadline) {
        untakenAnswers -= 1
        answerEnd = untakenAnswers == 0 ? .distantFuture : now() + answerTimeout
    }

    /// The last answer was taken; only the client's own close is awaited.
    mutating func lingeringBegan(now: NIODeadline) {
        phase = .lingering
        phaseEnd = now + lingerTimeout
    }
}
