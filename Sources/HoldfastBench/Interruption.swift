import Benchmark
import Dispatch
import Glibc
import Synchronization

/// Ends the measurement with all its servers on SIGINT and SIGTERM, for as long as it lives.
struct Interruption {
    private let sources: [any DispatchSourceSignal]
    private let ending: Ending

    /// Who ends the process, and cleans up before, is one thread alone.
    private final class Ending: Sendable {
        let turn = Mutex(())
    }

    /// Begins to listen; `cleanUp` is called before the process ends.
    init(cleanUp: @escaping @Sendable () -> Void) {
        let ending = Ending()
        self.ending = ending
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                ending.turn.withLock { _ in
                    ChildProcesses.killAll()
                    cleanUp()
                    exit(128 + number)
                }
            }
            source.resume()
            return source
        }
    }

    /// Does something on the way to the end; never returns if a signal came first, whose servers' errors are no news.
    func unlessInterrupted(_ body: () -> Void) {
        ending.turn.withLock { _ in body() }
    }
}
