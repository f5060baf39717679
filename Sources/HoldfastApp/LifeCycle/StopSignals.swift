internal import Dispatch
internal import Glibc

/// Turns SIGTERM and SIGINT into requests to stop, for as long as it lives.
///
/// Further signals while the broker stops change nothing: cutting the stop short would gain nothing but a recovery.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen.
    ///
    /// SIGPIPE is ignored: a client that has gone is an error of its connection alone.
    init(_ request: StopRequest) {
        let queue = DispatchQueue(label: "holdfast.signals")
        signal(SIGPIPE, SIG_IGN)
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            // The default action would end the process before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { request.give(.signal(name)) }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
