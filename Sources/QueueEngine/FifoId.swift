import QueueModel

/// The form of MessageGroupId, MessageDeduplicationId and ReceiveRequestAttemptId.
enum FifoId {
    /// Checks that an id has 1 to 128 ASCII letters, digits and punctuation characters.
    ///
    /// - Throws: InvalidParameterValue in AWS's words.
    static func check(_ id: String, for parameter: String) throws(SQSError) {
        let bytes = id.utf8
        // Graphic ASCII: AWS's list of punctuation has every such character.
        guard (1...Limits.fifoIdLengthMax).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalidParameterValue(
                id,
                for: parameter,
                reason: "\(parameter) can only include alphanumeric and punctuation characters. "
                    + "1 to \(Limits.fifoIdLengthMax) in length."
            )
        }
    }
}
