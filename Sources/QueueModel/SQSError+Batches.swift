// Recorded; the codes are botocore's.
extension SQSError {
    /// A batch without entries; `entry` is the entry's shape, such as `SendMessageBatchRequestEntry`.
    public static func emptyBatchRequest(entry: String) -> SQSError {
        batch("EmptyBatchRequest", "There should be at least one \(entry) in the request.")
    }

    /// A batch with more than ten entries.
    public static func tooManyEntriesInBatchRequest(count: Int) -> SQSError {
        batch(
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are \(Limits.batchEntriesMax). You have sent \(count)."
        )
    }

    /// A batch entry whose id has a wrong form.
    public static let invalidBatchEntryId = batch(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
            + "It can be at most \(Limits.batchEntryIdLengthMax) letters long."
    )

    /// Two batch entries with one id.
    public static func batchEntryIdsNotDistinct(id: String) -> SQSError {
        batch("BatchEntryIdsNotDistinct", "Id \(id) repeated.")
    }

    /// A batch whose messages are too long together.
    public static func batchRequestTooLong(sizeBytes: Int) -> SQSError {
        batch(
            "BatchRequestTooLong",
            "Batch requests cannot be longer than \(Limits.messageSizeBytesMax) bytes."
                + " You have sent \(sizeBytes) bytes."
        )
    }

    private static func batch(_ type: String, _ message: String) -> SQSError {
        SQSError(type: type, code: "AWS.SimpleQueueService.\(type)", message: message)
    }
}
