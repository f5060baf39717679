/// The limits of the service, each with the source it was taken from.
///
/// "Quotas" is the page "Amazon SQS message quotas" / "queue quotas" of the SQS Developer Guide; "recorded" means an
/// answer recorded against AWS.
public enum Limits {
    /// Body and attributes of one message, and all entries of one batch together (Quotas).
    public static let messageSizeBytesMax = 1_048_576

    /// Smallest and largest `MaximumMessageSize` (SetQueueAttributes in the API reference; recorded since 2025).
    public static let maximumMessageSizeBytes = 1_024...1_048_576

    /// `MessageRetentionPeriod` (Quotas: one minute to fourteen days).
    public static let messageRetentionPeriodSeconds = 60...1_209_600

    /// `DelaySeconds` of a queue and of a message (Quotas: up to fifteen minutes).
    public static let delaySeconds = 0...900

    /// `VisibilityTimeout` of a queue, a receive and a change; also the total since the receive (Quotas: twelve hours).
    public static let visibilityTimeoutSeconds = 0...43_200

    /// `WaitTimeSeconds` and `ReceiveMessageWaitTimeSeconds` (Quotas: up to twenty seconds).
    public static let waitTimeSeconds = 0...20

    /// `MaxNumberOfMessages` (ReceiveMessage in the API reference).
    public static let maxNumberOfMessages = 1...10

    /// `KmsDataKeyReusePeriodSeconds` (SetQueueAttributes in the API reference: one minute to a day).
    public static let kmsDataKeyReusePeriodSeconds = 60...86_400

    /// `maxReceiveCount` of a RedrivePolicy (SetQueueAttributes in the API reference).
    public static let maxReceiveCount = 1...1_000

    /// Entries of one batch (Quotas).
    public static let batchEntriesMax = 10

    /// Letters of a batch entry's id (recorded).
    public static let batchEntryIdLengthMax = 80

    /// Message attributes of one message (Quotas).
    public static let messageAttributesMax = 10

    /// Letters of a message attribute's name and of its type (Developer Guide, "message metadata").
    public static let messageAttributeNameLengthMax = 256

    /// Letters of a queue name, `.fifo` included (Quotas).
    public static let queueNameLengthMax = 80

    /// Tags of a queue (Quotas).
    public static let tagsMax = 50

    /// Letters of a tag's key (Developer Guide, "cost allocation tags").
    public static let tagKeyLengthMax = 128

    /// Letters of a tag's value, which may be empty (Developer Guide, "cost allocation tags").
    public static let tagValueLengthMax = 256

    /// Letters of a permission's label (AddPermission in the API reference).
    public static let permissionLabelLengthMax = 80

    /// Letters of a MessageGroupId, a MessageDeduplicationId and a ReceiveRequestAttemptId (API reference).
    public static let fifoIdLengthMax = 128

    /// Actions of one AddPermission (recorded).
    public static let permissionActionsMax = 7

    /// MaxNumberOfMessagesPerSecond of a move task (StartMessageMoveTask in the API reference).
    public static let moveTaskMessagesPerSecond = 1...500

    /// Tasks that ListMessageMoveTasks lists (API reference).
    public static let moveTasksListedMax = 10

    /// Seconds between two purges of a queue, and between deleting a queue and using its name again (API reference).
    public static let purgeIntervalSeconds = 60

    /// Received and not yet deleted messages of a standard queue; one more short poll is `OverLimit` (Quotas).
    public static let inFlightMessagesMax = 120_000

    /// `MaxResults` of a listing (ListQueues in the API reference).
    public static let maxResults = 1...1_000

    /// ARNs in a RedriveAllowPolicy (SetQueueAttributes in the API reference).
    public static let redriveAllowPolicySourcesMax = 10

    /// Bytes of a queue's Policy (Quotas).
    public static let policySizeBytesMax = 8_192

    /// Bytes of a queue's RedrivePolicy and of its RedriveAllowPolicy (our own limit: ten ARNs need less).
    public static let redrivePolicySizeBytesMax = 8_192

    /// Bytes of a queue's KmsMasterKeyId (KMS's API reference: a KeyId has at most 2,048 letters).
    public static let kmsMasterKeyIdSizeBytesMax = 2_048

    /// Bytes of AWSTraceHeader, which counts for no size limit (our own limit; X-Ray's headers have about a hundred).
    public static let traceHeaderSizeBytesMax = 1_024

    /// Significant digits of an attribute of type Number (Developer Guide, "message metadata").
    public static let numberDigitsMax = 38

    /// Powers of ten between which an attribute of type Number lies (Developer Guide, "message metadata").
    public static let numberPowersOfTen = -128...126

    /// Raw bytes of one HTTP body: 1 MiB of content blown up by JSON escapes or percent-encoding (our own limit).
    public static let requestBodySizeBytesMax = 7 * 1_048_576
}
