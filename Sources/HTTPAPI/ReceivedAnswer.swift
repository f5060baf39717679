internal import QueueEngine
internal import QueueModel

/// Messages on their way to a client; if they can't reach it, they are given back to their queue.
struct ReceivedAnswer {
    private(set) var result: ReceiveMessageResult
    let queueUrl: String

    /// What it takes of the room for long answers, as long as it is kept.
    private(set) var share: AnswerRoom.Share?

    init?(_ result: Result<SQSResult, SQSError>, queueUrl: String) {
        guard case .success(.receiveMessage(let received)) = result, !received.messages.isEmpty else { return nil }
        self.result = received
        self.queueUrl = queueUrl
    }

    /// Lets go of a long answer's bodies, which are encoded now.
    mutating func keepOnlyHandles(_ share: AnswerRoom.Share, encodedSizeBytes: Int) {
        share.resize(toBytes: encodedSizeBytes)
        self.share = share
        for index in result.messages.indices {
            result.messages[index].body = []
            result.messages[index].messageAttributes = []
        }
    }

    func giveBack(to engine: QueueEngine) {
        engine.giveBack(result, queueUrl: queueUrl)
    }
}

extension SQSRequest {
    /// QueueUrl of a receive whose messages go back if they can't reach the client, else an empty text.
    ///
    /// A client that named the attempt asks for the same messages again, which giving back would take from it.
    var queueUrlToGiveBackTo: String {
        if case .receiveMessage(let receive) = self, receive.receiveRequestAttemptId == nil {
            receive.queueUrl
        } else {
            ""
        }
    }
}
