internal import Dispatch
internal import Glibc
internal import Synchronization

/// Lets a command undo what it has half done before SIGINT, SIGTERM or SIGHUP ends it; a second signal ends it at once.
final class Interruption {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private final class FirstSignal: Sendable {
        let number = Mutex<Int32?>(nil)
    }

    private let first = FirstSignal()
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen; `onSignal` is called once, on any thread, and so is `onSecond` before the second one ends the
    /// process.
    init(_ onSignal: @escaping @Sendable () -> Void, onSecond: (@Sendable () -> Void)? = nil) {
        sources = Interruption.signals.map { [first] number in
            // The default action would end the process before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if onSecond == nil { for number in Interruption.signals { signal(number, SIG_DFL) } }
                let isFirst = first.number.withLock { first in
                    defer { first = first ?? number }
                    return first == nil
                }
                if isFirst {
                    onSignal()
                } else if let onSecond {
                    onSecond()
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }

    /// Ends the process by the signal that was received, as shells expect it; returns if there was none.
    func endProcessIfReceived() {
        guard let number = first.number.withLock({ $0 }) else { return }
        signal(number, SIG_DFL)
        raise(number)
    }
}
