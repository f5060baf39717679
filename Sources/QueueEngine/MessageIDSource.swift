import QueueModel
import Synchronization

/// Draws message ids: from the system's random numbers, or from a seed to have the same ones again.
final class MessageIDSource: Sendable {
    private let seeded: Mutex<SplitMix64?>

    init(seed: UInt64?) {
        seeded = Mutex(seed.map(SplitMix64.init))
    }

    func next() -> MessageID {
        let id = seeded.withLock { generator in generator?.draw() }
        if let id { return id }
        var system = SystemRandomNumberGenerator()
        return .random(using: &system)
    }

    /// A seed for whoever draws ids of its own.
    func nextSeed() -> UInt64 {
        let seed = seeded.withLock { generator in generator?.next() }
        if let seed { return seed }
        var system = SystemRandomNumberGenerator()
        return system.next()
    }
}
