/// What one broker holds, and what it is asked for, while it takes turns with others.
struct GrowthCase: Hashable {
    /// Messages of FIFO queues that were sent before, evenly over so many seconds, and are gone.
    struct Consumed: Hashable {
        let messages: Int
        let seconds: Int
    }

    /// As the tables name it.
    let title: String

    /// Message groups of its queues; nil if they are standard queues.
    var groups: Int?

    var queues = 1

    /// Whether messages go to each of its queues in turn, or all to one.
    var areAllBusy = false

    /// Messages that stand in its busy queues together.
    var standing = GrowthScenario.messagesMin

    /// What went through its queue before.
    var consumed: Consumed?
}

/// A case that is held against another.
struct GrowthComparison {
    let own: GrowthCase
    let base: GrowthCase

    /// How many times the CPU of the other it may need.
    var atMost = 1.3

    var title: String { "\(own.title) / \(base.title)" }
}
