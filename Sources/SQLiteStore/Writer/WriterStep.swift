import QueueModel

/// What the writer does in one go, while everybody else waits.
public enum WriterStep: String, Sendable, CaseIterable {
    /// All commands of one batch, those below included.
    case batch

    /// The commit of a batch that changed something, with its sync.
    case commit

    /// The log's way into the database, with both syncs.
    case checkpoint

    case sweep
    case purgeQueue
    case deleteQueue

    /// A step of a move task.
    case moveMessages

    /// A step of a backup, or a look at everything.
    case inspection

    /// The step that a command is by itself; nothing if only all of a batch are of interest.
    init?(_ command: Command) {
        switch command {
        case .sweep: self = .sweep
        case .purgeQueue: self = .purgeQueue
        case .deleteQueue: self = .deleteQueue
        case .moveMessages: self = .moveMessages
        default: return nil
        }
    }
}

/// How long the steps of one kind took.
public struct WriterStepTimes: Sendable, Equatable {
    /// How many there were.
    public private(set) var count = 0

    /// What they took together.
    public private(set) var totalNanoseconds: Int64 = 0

    /// What the longest took.
    public private(set) var longestNanoseconds: Int64 = 0

    mutating func add(nanoseconds: Int64) {
        count += 1
        totalNanoseconds += nanoseconds
        longestNanoseconds = max(longestNanoseconds, nanoseconds)
    }
}
