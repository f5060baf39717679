internal import NIOCore
internal import NIOHTTP1

// Pipelining: what a client sends behind a request that is not answered yet waits here, and nothing more is read
// meanwhile.
extension ConnectionHandler {
    /// What came too early.
    enum HeldEvent {
        case part(HTTPServerRequestPart)
        case unreadable(HTTPParserError)
        case inputClosed
    }

    /// Places for what came too early that a connection keeps.
    private static let heldCapacityKept = 64

    /// Whether a whole request is here that has no answer yet.
    var isBusy: Bool {
        switch state {
        case .waiting, .performing: true
        case .idle, .receiving, .closing: false
        }
    }

    /// Whether what comes now has to wait for its turn.
    var holdsEvents: Bool {
        isBusy || !held.isEmpty
    }

    /// Goes on with what is held, up to the end of the next request, and reads on if nothing is.
    ///
    /// The answer to each request calls this again: the first call takes them all in turn, however many there are.
    func goOn(context: ChannelHandlerContext) {
        guard !isGoingOn else { return }
        isGoingOn = true
        defer { isGoingOn = false }
        while !isBusy, let event = held.popFirst() {
            switch event {
            case .part(let part): take(part, context: context)
            case .unreadable(let error): refuse(.unreadable(error))
            case .inputClosed: inputIsOver()
            }
        }
        if isBusy, case .inputClosed? = held.first {
            // Its answer is the last one, and should say so.
            held.removeFirst()
            inputIsOver()
        }
        if held.isEmpty, held.capacity > Self.heldCapacityKept {
            // A burst of requests would be paid for by the connection as long as it lives.
            held = CircularBuffer(initialCapacity: 0)
        }
        if !isBusy {
            watch.requestAnswered()
        }
    }
}
