// Two threads add to one number, `locked` or `unlocked`: ThreadSanitizer must report the second and must not the first,
// else what it says of the test suite means nothing.
import Dispatch
import Synchronization

final class Sum: @unchecked Sendable {
    let locked = Mutex(0)
    var unlocked = 0
}

@main struct Race {
    static func main() {
        let sum = Sum()
        let isLocked = CommandLine.arguments.last == "locked"
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<20_000 {
                if isLocked {
                    sum.locked.withLock { $0 += 1 }
                } else {
                    sum.unlocked += 1
                }
            }
        }
    }
}
