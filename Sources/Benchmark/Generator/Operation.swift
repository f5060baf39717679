/// What a request of the load does; latencies are kept for each.
package enum Operation: Int, CaseIterable, Sendable {
    /// The yardstick's request: a SendMessage to the hello server.
    case hello
    case sendMessage
    case sendMessageBatch
    case receiveMessage
    /// A receive with WaitTimeSeconds, which a load makes when there was nothing to receive.
    case waitingReceiveMessage
    case deleteMessage
    case deleteMessageBatch
    /// Anything before and after the load: creating a queue, asking for its counts, health.
    case administration

    /// SQS's name of the action, or what else it is.
    package var name: String {
        switch self {
        case .hello: "Hello"
        case .sendMessage: "SendMessage"
        case .sendMessageBatch: "SendMessageBatch"
        case .receiveMessage: "ReceiveMessage"
        case .waitingReceiveMessage: "ReceiveMessage, waiting"
        case .deleteMessage: "DeleteMessage"
        case .deleteMessageBatch: "DeleteMessageBatch"
        case .administration: "Administration"
        }
    }
}
