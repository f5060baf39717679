import Benchmark
import Dispatch
import Glibc

/// Ends the measurement with all its servers on SIGINT and SIGTERM, for as long as it lives.
struct Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen; `cleanUp` is called before the process ends.
    init(cleanUp: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                ChildProcesses.killAll()
                cleanUp()
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
