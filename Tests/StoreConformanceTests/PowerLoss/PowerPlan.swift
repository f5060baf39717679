/// When in a store's life the power is cut.
enum PowerPlan: CustomStringConvertible {
    /// At the n-th change from the start on: while the database is made or recovered, or soon after.
    case opening(change: Int)

    /// At the n-th change from a group of commands on.
    case commands(step: Int, change: Int)

    /// At the n-th sync from a group of commands on: all is written, and nothing of it may be on the disk.
    case sync(step: Int, number: Int)

    /// At the n-th change from the beginning of a checkpoint on.
    case checkpoint(number: Int, change: Int)

    /// At the n-th change from the beginning of the stop on.
    case closing(change: Int)

    /// After a stop.
    case afterClosing

    static func draw(_ random: inout SplitMix64, steps: Int, isFirstStart: Bool) -> PowerPlan {
        switch random.number(in: 1...100) {
        case ...20:
            // Making the database takes some four hundred changes, recovering it none to some.
            return .opening(change: random.number(in: 1...random.one(of: isFirstStart ? [20, 450] : [4, 40])))
        case ...35:
            return .sync(step: random.number(in: 0...steps - 1), number: random.number(in: 1...5))
        case ...60:
            let change = random.number(in: 1...random.one(of: [10, 60]))
            return .commands(step: random.number(in: 0...steps - 1), change: change)
        case ...85:
            let change = random.number(in: 1...random.one(of: [6, 40]))
            return .checkpoint(number: random.number(in: 1...random.one(of: [1, 4])), change: change)
        case ...95:
            return .closing(change: random.number(in: 1...random.one(of: [6, 40])))
        default:
            return .afterClosing
        }
    }

    var description: String {
        switch self {
        case .opening(let change): "at change \(change) from the start on"
        case .commands(let step, let change): "at change \(change) from group \(step) on"
        case .sync(let step, let number): "at sync \(number) from group \(step) on"
        case .checkpoint(let number, let change): "at change \(change) of checkpoint \(number)"
        case .closing(let change): "at change \(change) of the stop"
        case .afterClosing: "after the stop"
        }
    }
}

/// What a run must find because something is wrong on purpose.
enum Weakness {
    case none
    /// The store does not sync its commits.
    case commitsAreNotSynced
    /// The disk does not sync the write-ahead log when it is told to.
    case logIsNotSynced
    /// The disk does not sync the database when it is told to, which is at checkpoints.
    case databaseIsNotSynced
}
