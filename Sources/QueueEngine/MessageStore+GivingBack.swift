import QueueModel

extension MessageStore {
    /// Ends the hiding of messages that nobody got.
    func giveBack(_ receipts: [Receipt], to queue: QueueName) {
        guard !receipts.isEmpty else { return }
        let command = ChangeMessageVisibilityCommand(
            queue: queue,
            entries: receipts.map { .init(receipt: $0, visibilityTimeoutSeconds: 0) },
            onlyLastReceive: true
        )
        // If it fails the messages come back when their visibility timeout ends.
        submit(Submission(.changeMessageVisibility(command)) { _ in })
    }

    /// Ends the hiding of what a receive brought whose caller has left.
    ///
    /// A caller who named the attempt will ask for the same messages again, which a change would refuse to them.
    func giveBack(_ received: ReceivedMessages, of command: ReceiveMessagesCommand) {
        guard command.attemptId == nil else { return }
        giveBack(received.messages.map(\.receipt), to: command.queue)
    }
}
