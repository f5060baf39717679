import QueueModel
import Testing

@Suite struct QueueAttributesTests {
    private func changed(_ changes: [QueueAttributeName: String]) throws(SQSError) -> QueueAttributes {
        try QueueAttributes().changed(by: changes)
    }

    private func refusal(_ changes: [QueueAttributeName: String]) -> SQSError? {
        do {
            _ = try changed(changes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a new queue shows AWS's defaults and nothing that is not set`() {
        let attributes = QueueAttributes()
        let shown = QueueAttributeName.allCases.compactMap { name in attributes[name].map { (name, $0) } }
        #expect(
            Dictionary(uniqueKeysWithValues: shown) == [
                .delaySeconds: "0", .maximumMessageSize: "1048576", .messageRetentionPeriod: "345600",
                .receiveMessageWaitTimeSeconds: "0", .visibilityTimeout: "30", .sqsManagedSseEnabled: "true",
            ]
        )
        #expect(attributes.stored.isEmpty)
    }

    @Test(arguments: [
        (QueueAttributeName.delaySeconds, 0, 900), (.maximumMessageSize, 1_024, 1_048_576),
        (.messageRetentionPeriod, 60, 1_209_600), (.receiveMessageWaitTimeSeconds, 0, 20),
        (.visibilityTimeout, 0, 43_200),
    ])
    func `numbers are taken within their range and refused outside`(
        name: QueueAttributeName,
        least: Int,
        most: Int
    ) throws {
        for value in [least, most] {
            #expect(try changed([name: String(value)])[name] == String(value))
        }
        let refused = [
            String(least - 1), String(most + 1), "", " 1", "1 ", "+1", "1.0", "x", "٣", "99999999999999999999",
        ]
        for value in refused {
            #expect(refusal([name: value]) == .invalidAttributeValue(for: name.rawValue), "\(value)")
        }
    }

    @Test func `all changes happen or none`() {
        #expect(refusal([.delaySeconds: "1", .visibilityTimeout: "x"]) != nil)
    }

    @Test(arguments: [QueueAttributeName.policy, .redrivePolicy, .redriveAllowPolicy, .kmsMasterKeyId])
    func `an empty value takes a policy or a key away`(name: QueueAttributeName) throws {
        let value =
            switch name {
            case .policy: #"{"Statement":[]}"#
            case .redrivePolicy: #"{"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":1}"#
            case .redriveAllowPolicy: #"{"redrivePermission":"denyAll"}"#
            default: "alias/aws/sqs"
            }
        let set = try changed([name: value])
        #expect(set[name] == value)
        #expect(try set.changed(by: [name: ""])[name] == nil)
    }

    @Test(arguments: [
        QueueAttributeName.all, .queueArn, .createdTimestamp, .approximateNumberOfMessages, .fifoQueue,
        .contentBasedDeduplication,
    ])
    func `what can't be set is an unknown attribute`(name: QueueAttributeName) {
        #expect(refusal([name: "1"]) == .invalidAttributeName("Unknown Attribute \(name.rawValue)."))
    }

    @Test func `a key switches the other encryption off, and removing it leaves that off`() throws {
        let keyed = try changed([.kmsMasterKeyId: "k"])
        #expect(keyed[.sqsManagedSseEnabled] == "false")
        #expect(keyed[.kmsDataKeyReusePeriodSeconds] == "300")
        let unkeyed = try keyed.changed(by: [.kmsMasterKeyId: ""])
        #expect(unkeyed[.sqsManagedSseEnabled] == "false")
        #expect(unkeyed[.kmsDataKeyReusePeriodSeconds] == nil)
        #expect(
            refusal([.kmsMasterKeyId: "k", .sqsManagedSseEnabled: "true"])?.message
                == "You can use one type of server-side encryption (SSE) at one time. "
                + "You can either enable KMS SSE or SQS SSE."
        )
    }

    @Test func `what is stored builds the same attributes again`() throws {
        let sets: [[QueueAttributeName: String]] = [
            [:], [.delaySeconds: "5"], [.kmsDataKeyReusePeriodSeconds: "600"], [.sqsManagedSseEnabled: "false"],
            [.kmsMasterKeyId: "k", .kmsDataKeyReusePeriodSeconds: "60", .policy: #"{"Statement":[]}"#],
            [
                .redrivePolicy: #"{"maxReceiveCount":"7","deadLetterTargetArn":"arn:aws:sqs:r:1:d"}"#,
                .redriveAllowPolicy: #"{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:r:1:s"]}"#,
            ],
        ]
        for changes in sets {
            let attributes = try changed(changes)
            #expect(try QueueAttributes(stored: attributes.stored, isFifo: false) == attributes)
        }
        let unkeyed = try changed([.kmsMasterKeyId: "k"]).changed(by: [.kmsMasterKeyId: ""])
        #expect(try QueueAttributes(stored: unkeyed.stored, isFifo: false) == unkeyed)
    }

    @Test(arguments: ["x", "[]", "{}", "5"])
    func `a Policy without statements is refused`(policy: String) {
        #expect(refusal([.policy: policy]) == .invalidAttributeValue(for: "Policy"))
        let large = #"{"Statement":"\#(String(repeating: "x", count: Limits.policySizeBytesMax))"}"#
        #expect(refusal([.policy: large]) == .invalidAttributeValue(for: "Policy"))
    }

    @Test(arguments: [
        "x", "{}", #"{"redrivePermission":"some"}"#, #"{"redrivePermission":5}"#, #"{"redrivePermission":"byQueue"}"#,
        #"{"redrivePermission":"byQueue","sourceQueueArns":[]}"#,
        #"{"redrivePermission":"byQueue","sourceQueueArns":["x"]}"#,
        #"{"redrivePermission":"allowAll","sourceQueueArns":["arn:aws:sqs:r:1:s"]}"#,
    ])
    func `a RedriveAllowPolicy of another form is refused`(policy: String) {
        #expect(refusal([.redriveAllowPolicy: policy])?.code == "InvalidParameterValue")
    }
}
