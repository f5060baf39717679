import QueueModel

/// The attributes of CreateQueue and SetQueueAttributes, as far as they can be checked without the queue.
enum QueueAttributeChanges {
    /// Reads the names; the first bad one in their order is told.
    ///
    /// - Throws: InvalidAttributeName for a name that is unknown, can't be set, or is for FIFO queues only and
    ///   the queue is none.
    static func read(
        _ attributes: [String: String],
        of queue: QueueName
    ) throws(SQSError) -> [QueueAttributeName: String] {
        var changes: [QueueAttributeName: String] = [:]
        for (text, value) in attributes.sorted(by: { $0.key < $1.key }) {
            let name = try QueueAttributeName(named: text)
            guard !name.isReadOnly else { throw .unknownAttribute(text) }
            switch name {
            case .deduplicationScope where !queue.isFifo, .fifoThroughputLimit where !queue.isFifo:
                // Recorded at CreateQueue.
                throw .invalidAttributeName("You can specify the \(text) only when FifoQueue is set to true.")
            case _ where name.isForFifoOnly && !queue.isFifo:
                throw .unknownAttribute(text)
            default:
                changes[name] = value
            }
        }
        return changes
    }

    /// Checks that a RedrivePolicy names a queue of ours; whether that queue exists is for the store to say.
    static func checkRedrivePolicy(
        in changes: [QueueAttributeName: String],
        identity: ServiceIdentity
    ) throws(SQSError) {
        let name = QueueAttributeName.redrivePolicy
        guard let json = changes[name], !json.isEmpty else { return }
        guard identity.owns(try RedrivePolicy(json: json).deadLetterTarget) else {
            throw .invalidParameterValue(json, for: name.rawValue, reason: "Dead letter target does not exist.")
        }
    }
}
