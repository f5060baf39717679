/// Removes, in one small step, expired messages and the rests of purged and deleted queues.
public struct SweepCommand: Sendable, Equatable {
    /// Rows that one step removes at most.
    public var rowsMax: Int

    /// Puts a command together.
    public init(rowsMax: Int = 500) {
        self.rowsMax = rowsMax
    }
}

/// Asks for the right to do a chore, so that of several brokers on one store only one does it.
public struct LeaseChoreCommand: Sendable, Equatable {
    /// The chore, such as `sweep`.
    public var chore: String

    /// Who asks.
    public var holder: String

    /// Seconds for which it is granted.
    public var seconds: Int

    /// Puts a command together.
    public init(chore: String, holder: String, seconds: Int) {
        self.chore = chore
        self.holder = holder
        self.seconds = seconds
    }
}
