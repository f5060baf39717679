import Benchmark
import QueueModel

/// What a store holds while it is measured, by itself or in a whole broker.
enum StoreCase: String, CaseIterable, Sendable {
    case small
    case standing
    case oneOfManyQueues
    case manyQueues
    case fifo
    case fifoStanding
    case fifoThousandGroups
    case fifoManyGroups
    case fifoOneGroup
    case fifoHugeGroup
    case fifoFullWindow

    /// As the table names it.
    func title(_ sizes: StoreSizes) -> String {
        switch self {
        case .small: "standard, 1,000 standing"
        case .standing: "standard, \(Double(sizes.standing).formatted(decimals: 0)) standing"
        case .oneOfManyQueues: "one busy of \(Double(sizes.queues).formatted(decimals: 0)) queues"
        case .manyQueues: "all of \(Double(sizes.queues).formatted(decimals: 0)) queues busy"
        case .fifo: "FIFO, 1,000 standing in 64 groups"
        case .fifoStanding: "FIFO, \(Double(sizes.standing).formatted(decimals: 0)) standing in 64 groups"
        case .fifoThousandGroups: "FIFO, 1,000 groups"
        case .fifoManyGroups: "FIFO, \(Double(sizes.groups).formatted(decimals: 0)) groups"
        case .fifoOneGroup: "FIFO, 1,000 in one group"
        case .fifoHugeGroup: "FIFO, \(Double(sizes.standing).formatted(decimals: 0)) in one group"
        case .fifoFullWindow: "FIFO, \(Double(sizes.window).formatted(decimals: 0)) sent in six minutes"
        }
    }

    var isFifo: Bool {
        switch self {
        case .small, .standing, .oneOfManyQueues, .manyQueues: false
        case .fifo, .fifoStanding, .fifoThousandGroups, .fifoManyGroups, .fifoOneGroup, .fifoHugeGroup,
            .fifoFullWindow:
            true
        }
    }

    /// The case that it may cost little more than.
    var base: StoreCase {
        switch self {
        case .fifoOneGroup, .fifoHugeGroup: .fifoOneGroup
        default: isFifo ? .fifo : .small
        }
    }

    /// Commands of one commit.
    ///
    /// Of one group only one receive has messages, until they are deleted.
    var commandsPerCommit: Int { base == .fifoOneGroup ? 1 : StoreShape.commandsPerCommit }

    /// How many times the base's CPU it may need.
    var allowedRatio: Double { self == .manyQueues ? 2 : 1.3 }

    func queueCount(_ sizes: StoreSizes) -> Int {
        switch self {
        case .oneOfManyQueues, .manyQueues: sizes.queues
        default: 1
        }
    }

    func groupCount(_ sizes: StoreSizes) -> Int {
        switch self {
        case .fifoThousandGroups: 1_000
        case .fifoManyGroups: sizes.groups
        case .fifoOneGroup, .fifoHugeGroup: 1
        default: 64
        }
    }

    func standingCount(_ sizes: StoreSizes) -> Int {
        switch self {
        case .small, .oneOfManyQueues, .fifo, .fifoThousandGroups, .fifoOneGroup: 1_000
        case .standing, .fifoStanding, .fifoHugeGroup: sizes.standing
        case .manyQueues: sizes.queues * 10
        case .fifoManyGroups: sizes.groups
        case .fifoFullWindow: sizes.window
        }
    }
}

/// How large the large cases are.
struct StoreSizes: Sendable {
    var standing = 1_000_000
    var queues = 10_000
    var groups = 1_000_000
    var window = 6 * 60 * Int(BenchClock.messagesPerSecond)

    /// All of them divided by a number.
    init(dividedBy divisor: Int = 1) {
        standing /= divisor
        queues /= divisor
        groups /= divisor
        window /= divisor
    }
}
