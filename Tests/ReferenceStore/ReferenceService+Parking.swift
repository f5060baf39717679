import QueueModel

extension ReferenceService {
    /// Takes damaged messages out of their queue; nobody asks what is kept of them.
    mutating func parkMessages(_ command: ParkMessagesCommand) throws(StoreError) -> Int {
        var queue = try queue(command.queue)
        let before = queue.messages.count
        for receipt in command.receipts where receipt.queueNumber == queue.number {
            queue.messages.removeAll {
                $0.sequence == receipt.sequence && $0.receiveCount == receipt.receiveCount
                    && $0.receivedAt == receipt.receivedAt && $0.content.verifiedMD5OfBody() == nil
            }
        }
        queues[command.queue] = queue
        return before - queue.messages.count
    }
}
