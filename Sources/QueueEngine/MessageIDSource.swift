import QueueModel
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Draws message ids: from the system's random numbers, or from a seed to have the same ones again.
final class MessageIDSource: Sendable {
    private let numbers: Mutex<Numbers>

    init(seed: UInt64?) {
        numbers = Mutex(Numbers(seeded: seed.map(SplitMix64.init)))
    }

    func next() -> MessageID {
        numbers.withLock { .random(using: &$0) }
    }

    /// A seed for whoever draws ids of its own.
    func nextSeed() -> UInt64 {
        numbers.withLock { $0.next() }
    }

    private struct Numbers: RandomNumberGenerator {
        var seeded: SplitMix64?
        private var drawn = SystemNumbers()

        init(seeded: SplitMix64?) {
            self.seeded = seeded
        }

        mutating func next() -> UInt64 {
            seeded?.next() ?? drawn.next()
        }
    }
}

/// The system's random numbers, taken 32 at a time: a system call costs as much as all else about an id.
private struct SystemNumbers {
    private static let count = 32

    private var numbers = [UInt64](repeating: 0, count: count)
    private var used = count

    mutating func next() -> UInt64 {
        if used == SystemNumbers.count {
            let status = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
            precondition(status == 0, "the system has no random numbers")
            used = 0
        }
        defer { used += 1 }
        return numbers[used]
    }
}
