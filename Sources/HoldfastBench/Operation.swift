/// What a request of the load does; latencies are kept for each.
enum Operation: Int, CaseIterable, Sendable {
    /// The yardstick's request: a SendMessage to the hello server.
    case hello
    case sendMessage
    case sendMessageBatch
    case receiveMessage
    case deleteMessage
    case deleteMessageBatch
    /// Anything before and after the load: creating a queue, asking for its counts, health.
    case administration

    /// SQS's name of the action, or what else it is.
    var name: String {
        switch self {
        case .hello: "Hello"
        case .sendMessage: "SendMessage"
        case .sendMessageBatch: "SendMessageBatch"
        case .receiveMessage: "ReceiveMessage"
        case .deleteMessage: "DeleteMessage"
        case .deleteMessageBatch: "DeleteMessageBatch"
        case .administration: "Administration"
        }
    }
}
