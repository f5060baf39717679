import Glibc

/// A queue made for a measurement, with the ledger of what went through it.
struct BenchQueue: Sendable {
    /// Its server.
    let target: Target

    /// Its name.
    let name: String

    /// Requests for it.
    let requests: Requests

    /// Sent, received, deleted.
    let ledger: Ledger

    /// Its URL as the server gave it.
    let url: String

    /// Longer than any measurement: what comes twice is then an error of the server.
    private static let visibilityTimeoutSeconds = 3_600

    /// Creates the queue, with an empty ledger; the name gets the bench's process id, so that it is a new one.
    init(target: Target, name: String) throws {
        let name = "\(name)-\(getpid())"
        let attributes = #"{"VisibilityTimeout": "\#(Self.visibilityTimeoutSeconds)"}"#
        let body = #"{"QueueName": "\#(name)", "Attributes": \#(attributes)}"#
        try self.init(target: target, name: name, ledger: Ledger(), action: "CreateQueue", body: body)
    }

    /// The same queue with the same ledger, after its server was started again, perhaps on another port.
    func reopened(on target: Target) throws -> BenchQueue {
        let body = #"{"QueueName": "\#(name)"}"#
        return try BenchQueue(target: target, name: name, ledger: ledger, action: "GetQueueUrl", body: body)
    }

    /// Creates a queue for `body` and removes it afterwards, also if that fails.
    static func with<Result>(target: Target, name: String, _ body: (BenchQueue) throws -> Result) throws -> Result {
        let queue = try BenchQueue(target: target, name: name)
        let deletion = #"{"QueueUrl": "\#(queue.url)"}"#
        do {
            let result = try body(queue)
            _ = try ask(target, "DeleteQueue", deletion)
            return result
        } catch {
            // The first error is the one to tell.
            _ = try? ask(target, "DeleteQueue", deletion)
            throw error
        }
    }

    /// Throws if the ledger does not balance, or the server counts other than `standing` messages.
    ///
    /// For a single consumer that ran undisturbed: nothing is lost, doubled or left behind.
    func check(standing: Int) throws {
        guard ledger.doubled == 0 else { throw BenchError("\(ledger.doubled) messages were received twice") }
        guard ledger.received == ledger.deleted, ledger.sent - ledger.received == standing else {
            throw BenchError(
                "messages are lost: \(ledger.sent) sent, \(ledger.received) received, \(ledger.deleted) deleted, "
                    + "\(standing) should stand in the queue"
            )
        }
        let names = [
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let body = #"{"QueueUrl": "\#(url)", "AttributeNames": [\#(list)]}"#
        let answer = try Self.ask(target, "GetQueueAttributes", body)
        let counts = names.map { name in answer.withUnsafeBytes { Self.string("\"\(name)\"", in: $0) } }
        guard counts == ["\(standing)", "0", "0"] else {
            let text = String(decoding: answer, as: UTF8.self)
            throw BenchError("\(standing) messages should stand in the queue, but the server says \(text)")
        }
    }

    private init(target: Target, name: String, ledger: Ledger, action: String, body: String) throws {
        let answer = try Self.ask(target, action, body)
        guard let url = answer.withUnsafeBytes({ Self.string(#""QueueUrl""#, in: $0) }) else {
            throw BenchError("\(action) answered without a QueueUrl: \(String(decoding: answer, as: UTF8.self))")
        }
        self.target = target
        self.name = name
        self.ledger = ledger
        self.requests = Requests(endpoint: target.endpoint, queueURL: url)
        self.url = url
    }

    private static func string(_ key: String, in bytes: UnsafeRawBufferPointer) -> String? {
        var scanner = JSONScanner(bytes)
        return scanner.nextString(Array(key.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func ask(_ target: Target, _ action: String, _ body: String) throws -> [UInt8] {
        let generator = try LoadGenerator(target.endpoint, connections: 1)
        defer { generator.close() }
        let bytes = Requests.administration(endpoint: target.endpoint, action: action, body: body)
        let request = SingleRequest(bytes)
        do {
            _ = try generator.run(request)
        } catch {
            throw BenchError("\(action): \(error)")
        }
        return request.answer
    }
}
