/// The attributes of a queue that can be set, each with its value in force.
public struct QueueAttributes: Sendable, Equatable {
    /// Seconds that new messages stay hidden.
    public private(set) var delaySeconds = 0

    /// Bytes that a message may have, attributes counted.
    public private(set) var maximumMessageSizeBytes = Limits.messageSizeBytesMax

    /// Seconds from sending after which a message is gone.
    public private(set) var messageRetentionPeriodSeconds = 345_600

    /// Seconds that a receive waits if it does not say.
    public private(set) var receiveMessageWaitTimeSeconds = 0

    /// Seconds that received messages stay hidden if the receive does not say.
    public private(set) var visibilityTimeoutSeconds = 30

    /// The access policy's JSON, or nothing.
    public private(set) var policy: String?

    /// Where messages go after too many receives, or nothing.
    public private(set) var redrivePolicy: RedrivePolicy?

    /// Which queues may use this one as their dead-letter queue, as JSON, or nothing for all.
    public private(set) var redriveAllowPolicy: String?

    /// The KMS key's id, or nothing.
    public private(set) var kmsMasterKeyId: String?

    /// Seconds that a KMS data key is used again; shown only together with a key.
    public private(set) var kmsDataKeyReusePeriodSeconds = 300

    /// Whether the queue uses keys that SQS owns.
    public private(set) var sqsManagedSseEnabled = true

    /// Whether the queue is a FIFO queue, which never changes.
    public let isFifo: Bool

    /// FIFO: whether a message without MessageDeduplicationId gets the SHA-256 of its body for one.
    public private(set) var contentBasedDeduplication = false

    /// FIFO: whether a deduplication id counts for the queue or for a message group.
    public private(set) var deduplicationScope = DeduplicationScope.queue

    /// FIFO: what the throughput quota counts for; stored and shown, for there is no quota.
    public private(set) var fifoThroughputLimit = FifoThroughputLimit.perQueue

    /// The defaults of a new queue, as AWS has them.
    public init(isFifo: Bool = false) {
        self.isFifo = isFifo
    }

    /// Takes back what `stored` gave.
    ///
    /// The texts of Policy and RedriveAllowPolicy are not judged again: what was accepted once must not keep a store
    /// from starting.
    public init(stored: [QueueAttributeName: String], isFifo: Bool) throws(SQSError) {
        self.isFifo = isFifo
        for (name, value) in stored.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            switch name {
            case .policy: policy = value
            case .redriveAllowPolicy: redriveAllowPolicy = value
            default: try set(name, to: value)
            }
        }
    }

    /// The values that differ from a new queue's: enough to build these attributes again.
    public var stored: [QueueAttributeName: String] {
        let fresh = QueueAttributes(isFifo: isFifo)
        var values: [QueueAttributeName: String] = [:]
        for name in QueueAttributeName.allCases where self[name] != fresh[name] {
            values[name] = self[name]
        }
        // Shown only together with a key, but kept without one too.
        if kmsDataKeyReusePeriodSeconds != fresh.kmsDataKeyReusePeriodSeconds {
            values[.kmsDataKeyReusePeriodSeconds] = String(kmsDataKeyReusePeriodSeconds)
        }
        return values
    }

    /// An attribute as GetQueueAttributes shows it; nothing if it is not set or not one that can be set.
    public subscript(name: QueueAttributeName) -> String? {
        switch name {
        case .delaySeconds: String(delaySeconds)
        case .maximumMessageSize: String(maximumMessageSizeBytes)
        case .messageRetentionPeriod: String(messageRetentionPeriodSeconds)
        case .receiveMessageWaitTimeSeconds: String(receiveMessageWaitTimeSeconds)
        case .visibilityTimeout: String(visibilityTimeoutSeconds)
        case .policy: policy
        case .redrivePolicy: redrivePolicy?.json
        case .redriveAllowPolicy: redriveAllowPolicy
        case .kmsMasterKeyId: kmsMasterKeyId
        case .kmsDataKeyReusePeriodSeconds: kmsMasterKeyId == nil ? nil : String(kmsDataKeyReusePeriodSeconds)
        case .sqsManagedSseEnabled: String(sqsManagedSseEnabled)
        case .fifoQueue: isFifo ? "true" : nil
        case .contentBasedDeduplication: isFifo ? String(contentBasedDeduplication) : nil
        case .deduplicationScope: isFifo ? deduplicationScope.rawValue : nil
        case .fifoThroughputLimit: isFifo ? fifoThroughputLimit.rawValue : nil
        default: nil
        }
    }

    /// The first attribute, in the order of names, that has another value here than a request to create the same queue
    /// again gives it; attributes that it leaves out don't matter.
    ///
    /// - Throws: InvalidAttributeValue, InvalidAttributeName or InvalidParameterValue for a value of a wrong form.
    public func firstDiffering(from given: [QueueAttributeName: String]) throws(SQSError) -> QueueAttributeName? {
        for (name, value) in given.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try QueueAttributes.checkSize(of: value, for: name)
            var other = self
            try other.set(name, to: value)
            guard hasSame(name, as: other) else { return name }
        }
        return nil
    }

    /// Whether an attribute is the same in both, byte by byte.
    ///
    /// A `String` equals whatever Unicode calls the same, and two such policies are two.
    private func hasSame(_ name: QueueAttributeName, as other: QueueAttributes) -> Bool {
        // Kept, but not shown without a key.
        guard kmsDataKeyReusePeriodSeconds == other.kmsDataKeyReusePeriodSeconds else { return false }
        return switch (self[name], other[name]) {
        case (let mine?, let others?): mine.utf8.elementsEqual(others.utf8)
        case (nil, nil): true
        default: false
        }
    }

    /// These attributes after a request's changes.
    ///
    /// An empty value takes a policy or a key away.
    ///
    /// - Throws: InvalidAttributeValue, InvalidAttributeName or InvalidParameterValue in AWS's words; that a
    ///   dead-letter queue exists is for the store to check.
    public func changed(by changes: [QueueAttributeName: String]) throws(SQSError) -> QueueAttributes {
        var result = self
        for (name, value) in changes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try QueueAttributes.checkSize(of: value, for: name)
            try result.set(name, to: value)
        }
        if result.fifoThroughputLimit == .perMessageGroupId, result.deduplicationScope != .messageGroup {
            throw .invalidAttributeValue(
                for: QueueAttributeName.fifoThroughputLimit.rawValue,
                reason: "perMessageGroupId is allowed only when the value for DeduplicationScope is messageGroup."
            )
        }
        if result.kmsMasterKeyId != nil {
            // Recorded: naming a key switches the other kind off; naming both is refused.
            if changes[.sqsManagedSseEnabled] == "true" {
                throw .invalidAttributeName(
                    "You can use one type of server-side encryption (SSE) at one time. "
                        + "You can either enable KMS SSE or SQS SSE."
                )
            }
            result.sqsManagedSseEnabled = false
        }
        return result
    }

    private mutating func set(_ name: QueueAttributeName, to value: String) throws(SQSError) {
        switch name {
        case .delaySeconds:
            delaySeconds = try number(value, in: Limits.delaySeconds, for: name)
        case .maximumMessageSize:
            maximumMessageSizeBytes = try number(value, in: Limits.maximumMessageSizeBytes, for: name)
        case .messageRetentionPeriod:
            messageRetentionPeriodSeconds = try number(value, in: Limits.messageRetentionPeriodSeconds, for: name)
        case .receiveMessageWaitTimeSeconds:
            receiveMessageWaitTimeSeconds = try number(value, in: Limits.waitTimeSeconds, for: name)
        case .visibilityTimeout:
            visibilityTimeoutSeconds = try number(value, in: Limits.visibilityTimeoutSeconds, for: name)
        case .kmsDataKeyReusePeriodSeconds:
            kmsDataKeyReusePeriodSeconds = try number(value, in: Limits.kmsDataKeyReusePeriodSeconds, for: name)
        case .kmsMasterKeyId:
            guard value.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
                throw .invalidAttributeValue(for: name.rawValue)
            }
            kmsMasterKeyId = value.isEmpty ? nil : value
        case .sqsManagedSseEnabled:
            guard value == "true" || value == "false" else { throw .invalidAttributeValue(for: name.rawValue) }
            sqsManagedSseEnabled = value == "true"
        case .policy:
            policy = try QueuePolicyForm.checkedPolicy(value)
        case .redrivePolicy:
            redrivePolicy = value.isEmpty ? nil : try RedrivePolicy(json: value)
        case .redriveAllowPolicy:
            if !value.isEmpty {
                _ = try RedriveAllowPolicy(json: value)
            }
            redriveAllowPolicy = value.isEmpty ? nil : value
        default:
            guard isFifo else { throw .unknownAttribute(name.rawValue) }
            try setFifo(name, to: value)
        }
    }

    private mutating func setFifo(_ name: QueueAttributeName, to value: String) throws(SQSError) {
        switch name {
        case .fifoQueue:
            guard value == "true" else {
                throw .invalidAttributeValue(for: name.rawValue, reason: "Modifying queue type is not supported.")
            }
        case .contentBasedDeduplication:
            guard value == "true" || value == "false" else { throw .invalidAttributeValue(for: name.rawValue) }
            contentBasedDeduplication = value == "true"
        case .deduplicationScope:
            guard let scope = DeduplicationScope(rawValue: value) else {
                throw .invalidAttributeValue(for: name.rawValue)
            }
            deduplicationScope = scope
        case .fifoThroughputLimit:
            guard let limit = FifoThroughputLimit(rawValue: value) else {
                throw .invalidAttributeValue(for: name.rawValue)
            }
            fifoThroughputLimit = limit
        default:
            throw .unknownAttribute(name.rawValue)
        }
    }

    /// Refuses what is too long before anybody parses it or repeats it in an error.
    private static func checkSize(of value: String, for name: QueueAttributeName) throws(SQSError) {
        let limit =
            switch name {
            case .policy: Limits.policySizeBytesMax
            case .redrivePolicy, .redriveAllowPolicy: Limits.redrivePolicySizeBytesMax
            case .kmsMasterKeyId: Limits.kmsMasterKeyIdSizeBytesMax
            default: Int.max
            }
        guard value.utf8.count <= limit else {
            throw .invalidAttributeValue(for: name.rawValue, reason: "It must not be longer than \(limit) bytes.")
        }
    }

    private func number(
        _ value: String,
        in range: ClosedRange<Int>,
        for name: QueueAttributeName
    ) throws(SQSError) -> Int {
        // Digits only: Int would also take a sign.
        guard !value.isEmpty, value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(value), range.contains(number)
        else { throw .invalidAttributeValue(for: name.rawValue) }
        return number
    }
}
