import QueueModel

/// A move task with how far it has come.
struct MoveTask {
    /// What callers are told of it.
    var description: MessageMoveTask

    /// The source's number at the start: a purged or newly made queue has another.
    let sourceNumber: Int64

    /// Only messages with a smaller sequence are moved: those that stood in the queue at the start.
    let bound: Int64

    /// The sequence at which the next step goes on.
    var position: Int64 = 0

    /// Whether messages before the position were passed over on this way through the queue.
    var hasSkipped = false

    /// Whether messages were moved on this way through the queue.
    var hasMoved = false

    /// Starts over at the beginning of the queue.
    mutating func startOver() {
        position = 0
        hasSkipped = false
        hasMoved = false
    }

    /// Ends the task.
    mutating func end(_ status: MessageMoveTask.Status, failureReason: String? = nil) {
        description.status = status
        description.failureReason = failureReason
    }
}
