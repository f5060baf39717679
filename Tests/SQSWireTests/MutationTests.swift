import QueueModel
import SQSWire
import Testing

/// Whole requests, one of each operation, to be damaged.
private let requests: [(operation: String, body: String)] = [
    ("CreateQueue", #"{"QueueName":"q","Attributes":{"DelaySeconds":"5","Policy":"{\"a\":1}"},"tags":{"k":"v"}}"#),
    ("GetQueueUrl", #"{"QueueName":"q","QueueOwnerAWSAccountId":"000000000000"}"#),
    ("ListQueues", #"{"QueueNamePrefix":"p","MaxResults":10,"NextToken":"t"}"#),
    ("GetQueueAttributes", #"{"QueueUrl":"http://h/0/q","AttributeNames":["All","Policy"]}"#),
    ("SetQueueAttributes", #"{"QueueUrl":"q","Attributes":{"VisibilityTimeout":"30"}}"#),
    ("PurgeQueue", #"{"QueueUrl":"q"}"#),
    (
        "SendMessage",
        #"{"QueueUrl":"q","MessageBody":"a\n\u00e9\ud83d\ude00é😀","DelaySeconds":0,"MessageAttributes":{"b":"#
            + #"{"DataType":"Binary","BinaryValue":"AAEC/w=="},"s":{"DataType":"String","StringValue":"x"}}}"#
    ),
    (
        "SendMessageBatch",
        #"{"QueueUrl":"q","Entries":[{"Id":"a","MessageBody":"x"},{"Id":"b","MessageBody":"y","DelaySeconds":1,"#
            + #""MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"t"}}}]}"#
    ),
    ("ReceiveMessage", #"{"QueueUrl":"q","AttributeNames":["All"],"MaxNumberOfMessages":10,"WaitTimeSeconds":20}"#),
    ("DeleteMessage", #"{"QueueUrl":"q","ReceiptHandle":"AQIDBA=="}"#),
    ("DeleteMessageBatch", #"{"QueueUrl":"q","Entries":[{"Id":"a","ReceiptHandle":"h"}]}"#),
    ("ChangeMessageVisibility", #"{"QueueUrl":"q","ReceiptHandle":"h","VisibilityTimeout":0}"#),
    (
        "ChangeMessageVisibilityBatch",
        #"{"QueueUrl":"q","Entries":[{"Id":"a","ReceiptHandle":"h","VisibilityTimeout":43200}]}"#
    ),
    ("TagQueue", #"{"QueueUrl":"q","Tags":{"team":"a","":""}}"#),
    ("UntagQueue", #"{"QueueUrl":"q","TagKeys":["team"]}"#),
    ("ListQueueTags", #"{"QueueUrl":"q"}"#),
    ("AddPermission", #"{"QueueUrl":"q","Label":"l","AWSAccountIds":["1"],"Actions":["*"]}"#),
    ("RemovePermission", #"{"QueueUrl":"q","Label":"l"}"#),
    ("ListDeadLetterSourceQueues", #"{"QueueUrl":"q","MaxResults":10,"NextToken":"t"}"#),
    ("StartMessageMoveTask", #"{"SourceArn":"a","DestinationArn":"b","MaxNumberOfMessagesPerSecond":500}"#),
    ("ListMessageMoveTasks", #"{"SourceArn":"a","MaxResults":10}"#),
    ("CancelMessageMoveTask", #"{"TaskHandle":"e30="}"#),
]

private let fragments = [
    "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "null", "true", "0", "-", "1e",
    "999999999999",
    "\u{FEFF}", "é", "😀", " ", "\0", "{\"Id\":", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
].map { Array($0.utf8) }

private let answers: Set<String> = [
    "InvalidAttributeName", "SerializationException", "MissingRequiredParameterException",
]

@Suite struct MutationTests {
    @Test func `a damaged request is read or refused with an error of the caller`() {
        var read = 0
        var refused = 0
        for seed in 0..<40_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let request = requests[generator.below(requests.count)]
            var bytes = Array(request.body.utf8)
            for _ in 0...generator.below(3) { damage(&bytes, &generator) }
            do {
                _ = try decode(request.operation, bytes: bytes)
                read += 1
            } catch {
                refused += 1
                #expect(answers.contains(error.type), "seed \(seed)")
                #expect(error.status == 400, "seed \(seed)")
            }
        }
        // Both ways are walked, not one of them only.
        #expect(read > 1_000)
        #expect(refused > 10_000)
    }

    @Test func `a request cut short anywhere is refused`() {
        for request in requests {
            let bytes = Array(request.body.utf8)
            for length in 1..<bytes.count {
                #expect(throws: SQSError.self) { try decode(request.operation, bytes: Array(bytes.prefix(length))) }
            }
        }
    }

    @Test func `bytes at random are refused`() {
        for seed in 0..<5_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = (0...generator.below(64)).map { _ in UInt8(generator.below(256)) }
            #expect(throws: SQSError.self) { try decode("SendMessage", bytes: bytes) }
        }
    }

    private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let at = generator.below(bytes.count)
        switch generator.below(7) {
        case 0: bytes[at] ^= 1 << UInt8(generator.below(8))
        case 1: bytes[at] = UInt8(generator.below(256))
        case 2: bytes.remove(at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + generator.below(12)))
        case 4: bytes.insert(contentsOf: fragments[generator.below(fragments.count)], at: at)
        case 5:
            let other = requests[generator.below(requests.count)].body
            let start = generator.below(other.utf8.count)
            bytes.insert(contentsOf: Array(other.utf8.dropFirst(start).prefix(generator.below(30))), at: at)
        default: bytes.swapAt(at, generator.below(bytes.count))
        }
    }
}
