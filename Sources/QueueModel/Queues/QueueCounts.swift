/// How many messages a queue holds, by what can be done with them.
public struct QueueCounts: Sendable, Hashable {
    /// Can be received now: ApproximateNumberOfMessages.
    public var visible: Int

    /// Received and still hidden: ApproximateNumberOfMessagesNotVisible.
    public var inFlight: Int

    /// Not yet available for the first time: ApproximateNumberOfMessagesDelayed.
    public var delayed: Int

    /// Puts three counts together.
    public init(visible: Int = 0, inFlight: Int = 0, delayed: Int = 0) {
        self.visible = visible
        self.inFlight = inFlight
        self.delayed = delayed
    }
}
