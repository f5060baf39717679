/// One receive of one message.
///
/// No two receives share a receipt, so a receipt handle is new with each receive.
public struct Receipt: Sendable, Hashable {
    /// Where the store finds the message; it means nothing to anybody else.
    public let locator: UInt64

    /// The message's receive count as of that receive.
    public let receiveCount: Int

    /// The moment of that receive, from which the twelve hours of visibility run.
    public let receivedAt: Timestamp

    /// Puts a receipt together.
    public init(locator: UInt64, receiveCount: Int, receivedAt: Timestamp) {
        self.locator = locator
        self.receiveCount = receiveCount
        self.receivedAt = receivedAt
    }
}
