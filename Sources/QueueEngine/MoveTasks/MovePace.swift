/// How many messages a move task's steps may move, and when: never more than so many within a second.
struct MovePace: Sendable {
    /// Messages of one step of a task without a rate.
    static let messagesPerStep = 100
    static let tickMilliseconds: Int64 = 100
    static let ticksPerSecond = 10

    /// Messages a second, or nothing for as fast as it goes.
    private let rate: Int?
    /// What may be moved and is not yet, in tenths of a message.
    private var tenths: Int

    /// The pace of a task; its first step may come at once.
    init(messagesPerSecond rate: Int?) {
        self.rate = rate
        tenths = rate.map { max($0, MovePace.ticksPerSecond) } ?? 0
    }

    /// Messages that the step may move that is taken now.
    mutating func takeStep() -> Int {
        guard rate != nil else { return MovePace.messagesPerStep }
        defer { tenths %= MovePace.ticksPerSecond }
        return tenths / MovePace.ticksPerSecond
    }

    /// Gives back what a step was allowed to move and did not find; the next step may come at once with it.
    mutating func putBack(_ messages: Int) {
        guard rate != nil else { return }
        tenths += messages * MovePace.ticksPerSecond
    }

    /// Waits for the next step that moves a message.
    ///
    /// - Returns: milliseconds from the end of the last step, zero without a rate.
    mutating func waitForStep() -> Int64 {
        guard let rate else { return 0 }
        var ticks: Int64 = 0
        repeat {
            ticks += 1
            tenths += rate
        } while tenths < MovePace.ticksPerSecond
        return ticks * MovePace.tickMilliseconds
    }
}
