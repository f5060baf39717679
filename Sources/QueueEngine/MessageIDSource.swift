import QueueModel
import Synchronization

/// Draws message ids: from the system's random numbers, or from a seed to have the same ones again.
struct MessageIDSource: ~Copyable {
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
}
