import QueueModel
import SQSWire
import Testing

private let forms = [
    "Action=CreateQueue&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Tag.1.Key=k&Tag.1.Value=v",
    "Action=GetQueueAttributes&QueueUrl=http%3A%2F%2Fh%2F0%2Fq&AttributeName.1=All",
    "Action=SendMessage&QueueUrl=q&MessageBody=a%0D%0A%C3%A9+b&DelaySeconds=5&MessageAttribute.1.Name=n"
        + "&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=AAEC",
    "Action=SendMessageBatch&QueueUrl=q&SendMessageBatchRequestEntry.1.Id=a"
        + "&SendMessageBatchRequestEntry.1.MessageBody=m"
        + "&SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Name=AWSTraceHeader",
    "Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=10&WaitTimeSeconds=0&MessageAttributeName.1=All",
    "Action=ChangeMessageVisibilityBatch&QueueUrl=q&ChangeMessageVisibilityBatchRequestEntry.1.Id=a"
        + "&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=h",
    "Action=StartMessageMoveTask&SourceArn=a&MaxNumberOfMessagesPerSecond=5",
]

private let fragments = [
    "%", "%0", "%00", "%FF", "%ED%A0%80", "&", "=", ".", "..", ".1", ".18446744073709551616", "+", "é", "\0",
    "Action=", "&Action=Nonsense&", "1.1.1.1.1.1.1.1.1.1.1",
].map { Array($0.utf8) }

private let codes: Set<String> = [
    "InvalidAction", "InvalidAttributeName", "InvalidParameterValue", "MissingParameter", "MalformedQueryString",
]

@Suite struct QueryMutationTests {
    @Test func `a damaged form is read or refused with an error of the caller`() {
        var read = 0
        var refused = 0
        for seed in 0..<20_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var bytes = Array(forms[generator.below(forms.count)].utf8)
            for _ in 0...generator.below(3) { damage(&bytes, &generator) }
            do {
                _ = try decodeQuery(bytes: bytes)
                read += 1
            } catch {
                refused += 1
                #expect(codes.contains(error.code), "seed \(seed)")
                #expect(error.isSenderFault, "seed \(seed)")
            }
        }
        // Both ways are walked, not one of them only.
        #expect(read > 1_000)
        #expect(refused > 1_000)
    }

    @Test func `a form cut short anywhere is read or refused with an error of the caller`() {
        for form in forms {
            let bytes = Array(form.utf8)
            for length in 0..<bytes.count {
                do {
                    _ = try decodeQuery(bytes: Array(bytes.prefix(length)))
                } catch {
                    #expect(codes.contains(error.code))
                }
            }
        }
    }

    @Test func `bytes at random are refused`() {
        for seed in 0..<5_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = (0...generator.below(64)).map { _ in UInt8(generator.below(256)) }
            #expect(throws: SQSError.self) { try decodeQuery(bytes: bytes) }
        }
    }

    @Test func `any text is the same in both protocols`() throws {
        for seed in 0..<300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let body = generator.text(lengthMax: 200)
            let form = "Action=SendMessage&QueueUrl=q&MessageBody=\(percentEncoded(body.utf8))"
            #expect(
                try decodeQuery(form)
                    == .sendMessage(SendMessageRequest(queueUrl: "q", message: MessageInput(body: Array(body.utf8))))
            )
        }
    }

    private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let at = generator.below(bytes.count)
        switch generator.below(5) {
        case 0: bytes[at] = UInt8(generator.below(256))
        case 1: bytes.remove(at: at)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + generator.below(12)))
        case 3: bytes.insert(contentsOf: fragments[generator.below(fragments.count)], at: at)
        default: bytes.swapAt(at, generator.below(bytes.count))
        }
    }
}
