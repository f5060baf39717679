/// Where a queue's messages go after too many receives.
public struct RedrivePolicy: Sendable, Hashable {
    /// The dead-letter queue.
    public let deadLetterTarget: QueueARN

    /// How often a message is received before the next receive moves it instead; 1 to 1,000.
    public let maxReceiveCount: Int

    /// Makes a policy of checked parts.
    public init(deadLetterTarget: QueueARN, maxReceiveCount: Int) {
        self.deadLetterTarget = deadLetterTarget
        self.maxReceiveCount = maxReceiveCount
    }
}
