/// What a queue's tags become.
public enum QueueTags {
    /// The tags after some were set.
    ///
    /// - Throws: InvalidParameterValue if the queue would have more than fifty (Quotas).
    public static func merging(
        _ new: [String: String],
        into tags: [String: String],
        of queue: QueueName
    ) throws(SQSError) -> [String: String] {
        let merged = tags.merging(new) { $1 }
        guard merged.count <= Limits.tagsMax else {
            throw .invalidParameterValue("Too many tags added for queue \(queue.text).")
        }
        return merged
    }
}
