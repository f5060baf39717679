import HoldfastApp
import QueueModel

extension FuzzedDecoder {
    /// Only what was sealed opens, and only unchanged.
    static func checkReceipt(_ bytes: [UInt8]) throws {
        let seal = ReceiptSeal(key: Array(repeating: 7, count: 32))
        let other = ReceiptSeal(key: Array(repeating: 8, count: 32))
        let text = String(decoding: bytes, as: UTF8.self)
        if let receipt = seal.open(text) {
            try require(seal.seal(receipt) == text, "two handles open to one receipt")
            try require(other.open(text) == nil, "a handle opens with another key")
        }
        guard bytes.count >= 22 else { return }
        let number = { (range: Range<Int>) in bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        let receipt = Receipt(
            locator: number(0..<8),
            receiveCount: Int(number(8..<12)),
            receivedAt: Timestamp(milliseconds: Int64(bitPattern: number(12..<20)))
        )
        let handle = seal.seal(receipt)
        try require(seal.open(handle) == receipt, "\(receipt) does not come back out of its handle")
        var changed = Array(handle.utf8)
        changed[Int(bytes[20]) % changed.count] ^= bytes[21]
        let forged = String(decoding: changed, as: UTF8.self)
        try require(forged == handle || seal.open(forged) == nil, "a changed handle opens: \(forged)")
    }

    /// What is accepted is shown again to the letter, and is accepted again.
    static func checkPolicy(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        for name in [QueueAttributeName.policy, .redrivePolicy, .redriveAllowPolicy] {
            guard
                let accepted = try accepted({ () throws(SQSError) in try QueueAttributes().changed(by: [name: text]) })
            else { continue }
            let shown = accepted[name] ?? ""
            let again = try QueueAttributes().changed(by: [name: shown])
            try require(again == accepted, "\(name) shown as \(shown) is another one")
            try require(name == .redrivePolicy || shown == text, "\(name) is not shown as it was set")
            let stored = try QueueAttributes(stored: accepted.stored, isFifo: false)
            try require(stored == accepted, "\(name) is stored as another one: \(accepted.stored)")
        }
        if let policy = try accepted({ () throws(SQSError) in try RedrivePolicy(json: text) }) {
            try require(try RedrivePolicy(json: policy.json) == policy, "\(policy.json) is another policy")
        }
        _ = try accepted { () throws(SQSError) in try RedriveAllowPolicy(json: text) }
        try checkPermission(policy: text)
    }

    /// A permission that was added can be removed, and is gone then.
    private static func checkPermission(policy: String) throws {
        let arn = QueueARN(region: "us-east-1", account: "000000000000", queue: FuzzedBroker.queue)
        func adding(to policy: String) throws(SQSError) -> String {
            try QueuePolicy.adding(
                label: "fuzz",
                awsAccountIds: ["111122223333"],
                actions: ["SendMessage"],
                queueArn: arn,
                to: policy
            )
        }
        _ = try accepted { () throws(SQSError) in try QueuePolicy.removing(label: "a", from: policy) }
        // Others are never stored.
        guard try accepted({ () throws(SQSError) in try QueueAttributes().changed(by: [.policy: policy]) }) != nil
        else { return }
        guard let more = try accepted({ () throws(SQSError) in try adding(to: policy) }) else { return }
        try require(
            try accepted { () throws(SQSError) in try adding(to: more) } == nil,
            "one label was added twice to \(policy)"
        )
        let less = try QueuePolicy.removing(label: "fuzz", from: more)
        if let less {
            let again = try adding(to: less)
            try require(again == more, "adding, removing and adding gave \(again), not \(more)")
        }
    }

    /// The value, or nothing if it is refused with an error that blames the caller.
    private static func accepted<Value>(_ read: () throws(SQSError) -> Value) throws -> Value? {
        do throws(SQSError) {
            return try read()
        } catch {
            try checkForm(of: .failure(error), inputSizeBytes: 1_000_000)
            return nil
        }
    }

    /// A file is read or refused with words of our own; what was read is read again from a file made of it.
    static func checkConfiguration(_ bytes: [UInt8]) throws {
        guard let yaml = String(validating: bytes, as: UTF8.self) else { return }
        let file: ConfigurationFile
        do {
            file = try ConfigurationFile(yaml: yaml, path: "f")
        } catch let error as ConfigurationError {
            try require(!error.problems.isEmpty, "a file is refused without a reason")
            return
        }
        var lines: [String] = []
        for entry in file.entries {
            guard let setting = Setting.all.first(where: { $0.key == entry.key }) else {
                throw Violation("the unknown key \(entry.key) was let through")
            }
            _ = setting.problem(with: entry.text, from: "f")
            guard entry.text.unicodeScalars.allSatisfy({ (0x20..<0x7F).contains($0.value) }) else { return }
            let parts = entry.key.split(separator: ".")
            lines.append("\(parts[0]): { \(parts[1]): '\(entry.text.replacing("'", with: "''"))' }")
        }
        // Each section once, as the file itself had it.
        guard Set(lines.map { $0.prefix { $0 != ":" } }).count == lines.count else { return }
        let again = try ConfigurationFile(yaml: lines.joined(separator: "\n"), path: "f")
        try require(
            again.entries.map(\.text) == file.entries.map(\.text),
            "\(file.entries) came back as \(again.entries)"
        )
    }

    /// Tokens, handles and ARNs that a caller may have made up.
    static func checkToken(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let requests: [SQSRequest] = [
            .listQueues(ListQueuesRequest(maxResults: 1, nextToken: text)),
            .listDeadLetterSourceQueues(
                ListDeadLetterSourceQueuesRequest(queueUrl: "letters", maxResults: 1, nextToken: text)
            ),
            .cancelMessageMoveTask(CancelMessageMoveTaskRequest(taskHandle: text)),
            .startMessageMoveTask(StartMessageMoveTaskRequest(sourceArn: text, destinationArn: text)),
            .listMessageMoveTasks(ListMessageMoveTasksRequest(sourceArn: text)),
            .deleteMessage(DeleteMessageRequest(queueUrl: text, receiptHandle: text)),
            .deleteMessage(DeleteMessageRequest(queueUrl: "q", receiptHandle: text)),
            .purgeQueue(PurgeQueueRequest(queueUrl: text)),
        ]
        for request in requests {
            try checkAnswer(inputSizeBytes: bytes.count) { () throws(SQSError) in request }
        }
        if let arn = QueueARN(text) {
            try require(QueueARN(arn.text) == arn, "\(arn.text) is another ARN")
        }
        if let name = QueueName(text) {
            try require(name.text == text, "\(name.text) is another name")
            try require(QueueName(queueUrl: "http://h/1/\(text)") == name, "\(text) is not found in its URL")
        }
    }
}
