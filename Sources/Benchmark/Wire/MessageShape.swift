/// What the messages of a load look like.
package struct MessageShape: Sendable {
    /// Digits of the sequence number at the start of each body.
    package static let sequenceDigits = 12

    /// Entries of a batch; SQS allows no more.
    package static let batchMax = 10

    /// Bytes of a body: a sequence number and a filler.
    package var bodyBytes: Int

    /// Message groups of a FIFO queue; nil for a standard queue.
    package var groups: Int?

    /// Messages of one request; one stands for the operations that are no batches.
    package var batch: Int

    /// Puts a shape together.
    package init(bodyBytes: Int = 200, groups: Int? = nil, batch: Int = 1) {
        precondition(bodyBytes >= Self.sequenceDigits && (1...Self.batchMax).contains(batch))
        self.bodyBytes = bodyBytes
        self.groups = groups
        self.batch = batch
    }
}
