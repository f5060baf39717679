import QueueModel

extension ModelGenerator {
    mutating func createQueue(_ queue: QueueName) -> Command {
        // A second creation mostly gives no attributes, for those drawn would hardly ever be equal.
        let isPlain = random.isTrue(percent: 30)
        var attributes = isPlain ? [:] : attributes(of: queue, countMax: 5, badPercent: 2)
        attributes[.fifoQueue] = queue.isFifo ? "true" : nil
        let delay = kinds.contains(.intervals) && random.isTrue(percent: 20) ? 60 : 0
        return .createQueue(
            CreateQueueCommand(
                queue: queue,
                attributes: attributes,
                tags: kinds.contains(.tags) && random.isTrue(percent: 30) ? tags() : [:],
                recreationDelaySeconds: delay
            )
        )
    }

    mutating func purgeQueue() -> Command {
        let interval = kinds.contains(.intervals) && random.isTrue(percent: 50) ? 60 : 0
        return .purgeQueue(PurgeQueueCommand(queue: queue(), intervalSeconds: interval))
    }

    /// Creates a queue that mostly sends its messages on to one that is there.
    mutating func firstCreation(of queue: QueueName) -> Command {
        var attributes = attributes(of: queue, countMax: 4, badPercent: 0)
        attributes[.redrivePolicy] = nil
        attributes[.kmsMasterKeyId] = nil
        attributes[.fifoThroughputLimit] = nil
        let there = queues.filter { $0 > queue && $0.isFifo == queue.isFifo }
        if !there.isEmpty, random.isTrue(percent: 75) {
            attributes[.redrivePolicy] = redrivePolicy(to: random.one(of: there))
        }
        return .createQueue(CreateQueueCommand(queue: queue, attributes: attributes))
    }

    mutating func listQueues() -> Command {
        .listQueues(
            ListQueuesCommand(
                prefix: random.one(of: ["", "", "b", "b-", "b.f", "x"]),
                after: random.isTrue(percent: 30) ? queue() : nil,
                limit: random.number(in: 1...6)
            )
        )
    }

    /// Some attributes with values that make much happen; some values are refused.
    mutating func attributes(
        of queue: QueueName,
        countMax: Int,
        badPercent: Int = 8
    ) -> [QueueAttributeName: String] {
        var attributes: [QueueAttributeName: String] = [:]
        for _ in 0..<random.number(in: 1...countMax) {
            let name =
                queue.isFifo && random.isTrue(percent: 30)
                ? random.one(of: ModelGenerator.fifoAttributeNames) : random.one(of: ModelGenerator.attributeNames)
            attributes[name] = value(of: name)
        }
        if random.isTrue(percent: badPercent) {
            attributes[random.one(of: [.delaySeconds, .visibilityTimeout])] = random.one(of: ["-1", "43201", "x", ""])
        }
        return attributes
    }

    /// A DeduplicationScope, with the FifoThroughputLimit that goes with both values.
    mutating func deduplicationScopeChange() -> [QueueAttributeName: String] {
        [.deduplicationScope: value(of: .deduplicationScope), .fifoThroughputLimit: "perQueue"]
    }

    /// Those that change what happens to messages come more often.
    private static let attributeNames: [QueueAttributeName] = [
        .redrivePolicy, .redrivePolicy, .redrivePolicy, .redrivePolicy, .messageRetentionPeriod,
        .messageRetentionPeriod, .messageRetentionPeriod, .visibilityTimeout, .visibilityTimeout, .delaySeconds,
        .maximumMessageSize, .receiveMessageWaitTimeSeconds, .policy, .redriveAllowPolicy, .kmsMasterKeyId,
        .kmsDataKeyReusePeriodSeconds, .sqsManagedSseEnabled,
    ]

    private static let fifoAttributeNames: [QueueAttributeName] = [
        .contentBasedDeduplication, .deduplicationScope, .deduplicationScope, .fifoThroughputLimit, .delaySeconds,
        .delaySeconds,
    ]

    private mutating func redrivePolicy(to queue: QueueName) -> String {
        RedrivePolicy(
            deadLetterTarget: QueueARN(region: "us-east-1", account: "000000000000", queue: queue),
            maxReceiveCount: random.one(of: [1, 1, 2, 3])
        ).json
    }

    private mutating func value(of name: QueueAttributeName) -> String {
        switch name {
        case .redrivePolicy:
            if random.isTrue(percent: 10) { return "" }
            return redrivePolicy(to: queue())
        case .deduplicationScope: return random.one(of: ["queue", "messageGroup"])
        case .fifoThroughputLimit: return random.one(of: ["perQueue", "perMessageGroupId"])
        case .messageRetentionPeriod: return random.one(of: ["60", "60", "75", "300", "86400", "1209600"])
        case .visibilityTimeout: return random.one(of: ["0", "1", "2", "5", "30", "43200"])
        case .delaySeconds: return random.one(of: ["0", "0", "1", "3", "900"])
        case .maximumMessageSize: return random.one(of: ["1024", "1048576"])
        case .receiveMessageWaitTimeSeconds: return random.one(of: ["0", "7", "20"])
        case .policy: return random.one(of: ["", #"{"Statement":[]}"#])
        case .redriveAllowPolicy:
            let source = QueueARN(region: "us-east-1", account: "000000000000", queue: queue()).text
            let byQueue = #"{"redrivePermission":"byQueue","sourceQueueArns":["\#(source)"]}"#
            return random.one(of: ["", "", #"{"redrivePermission":"denyAll"}"#, byQueue])
        case .kmsMasterKeyId: return random.one(of: ["", "alias/aws/sqs"])
        case .kmsDataKeyReusePeriodSeconds: return random.one(of: ["60", "300", "86400"])
        default: return random.one(of: ["true", "false"])
        }
    }
}
