import DequeModule
import QueueModel

/// The polls that are parked on one queue, by arrival, and the moment at which the first of them is to be woken.
struct PollLine {
    private var polls: Deque<Poll> = []
    private(set) var timer: Timer?

    /// What wakes the first poll.
    struct Timer {
        /// When, in the store's time.
        let deadline: Timestamp
        /// Tells this timer from the ones before it.
        let number: UInt64
        let handle: any TimerHandle
    }

    var isEmpty: Bool {
        polls.isEmpty
    }

    /// Puts a poll in its place; one that was woken for nothing gets its old one back.
    mutating func park(_ poll: Poll) {
        polls.insert(poll, at: place(of: poll))
    }

    /// Takes a poll out; false if it is not here.
    mutating func remove(_ poll: Poll) -> Bool {
        let index = place(of: poll)
        guard index < polls.count, polls[index] === poll else { return false }
        polls.remove(at: index)
        return true
    }

    /// Takes the first polls out.
    mutating func takeFirst(_ count: Int) -> [Poll] {
        let count = min(count, polls.count)
        defer { polls.removeFirst(count) }
        return Array(polls.prefix(count))
    }

    mutating func takeAll() -> [Poll] {
        takeFirst(polls.count)
    }

    mutating func setTimer(_ new: Timer?) {
        timer?.handle.cancel()
        timer = new
    }

    /// The index of the first poll that did not come before this one.
    private func place(of poll: Poll) -> Int {
        // Nearly always it is the newest.
        guard let last = polls.last, last.order >= poll.order else { return polls.count }
        var low = 0
        var high = polls.count
        while low < high {
            let middle = (low + high) / 2
            if polls[middle].order < poll.order { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
