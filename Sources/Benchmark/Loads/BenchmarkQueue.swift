internal import Glibc

/// A queue made for a measurement, with the ledger of what went through it.
package struct BenchmarkQueue {
    /// Its server.
    package let target: Target

    /// Its name.
    package let name: String

    /// Its URL as the server gave it.
    package let url: String

    /// Sent, received, deleted; of this queue, or of several together.
    package let ledger: Ledger

    /// The protocol it is spoken to in.
    package let wire: WireProtocol

    /// What its messages look like.
    package let shape: MessageShape

    /// Longer than any measurement: what comes twice is then an error of the server.
    private static let visibilityTimeoutSeconds = 3_600

    /// Creates the queue, with an empty ledger if none is given; the name gets the process id and, for groups, its
    /// ending, so that it is a new one.
    package init(
        target: Target,
        name: String,
        shape: MessageShape = MessageShape(),
        wire: WireProtocol = .json,
        connections: Int = 1,
        ledger: Ledger? = nil
    ) throws {
        let name = "\(name)-\(getpid())" + (shape.groups == nil ? "" : ".fifo")
        var attributes = [("VisibilityTimeout", "\(Self.visibilityTimeoutSeconds)")]
        if shape.groups != nil { attributes.append(("FifoQueue", "true")) }
        let ledger = ledger ?? Ledger(shape, connections: connections)
        let url = try Self.askForURL(target.endpoint, wire, "CreateQueue", name: name, attributes: attributes)
        self.init(target: target, name: name, url: url, ledger: ledger, shape: shape, wire: wire)
    }

    /// The same queue with the same ledger, after its server was started again, perhaps on another port.
    package func reopened(on target: Target) throws -> BenchmarkQueue {
        let url = try Self.askForURL(target.endpoint, wire, "GetQueueUrl", name: name, attributes: [])
        return BenchmarkQueue(target: target, name: name, url: url, ledger: ledger, shape: shape, wire: wire)
    }

    /// Requests of its protocol and shape; with another number of messages in each if one is given.
    package func requests(batch: Int? = nil) -> Requests {
        var shape = shape
        shape.batch = batch ?? shape.batch
        return Requests(endpoint: target.endpoint, queueURL: url, shape: shape, wire: wire)
    }

    /// Removes the queue.
    package func delete() throws {
        switch wire {
        case .json: _ = try Self.ask(target.endpoint, "DeleteQueue", #"{"QueueUrl": "\#(url)"}"#)
        case .query: _ = try Self.ask(target.endpoint, "DeleteQueue", form: [("QueueUrl", url)])
        }
    }

    /// Creates a queue for `body` and removes it afterwards, also if that fails.
    package static func with<Result>(
        target: Target,
        name: String,
        shape: MessageShape = MessageShape(),
        wire: WireProtocol = .json,
        connections: Int = 1,
        _ body: (BenchmarkQueue) throws -> Result
    ) throws -> Result {
        let queue = try BenchmarkQueue(target: target, name: name, shape: shape, wire: wire, connections: connections)
        do {
            let result = try body(queue)
            try queue.delete()
            return result
        } catch {
            // The first error is the one to tell.
            try? queue.delete()
            throw error
        }
    }

    /// Throws if the ledger does not balance with `standing` messages, or the server counts others in this queue.
    ///
    /// For a single consumer that ran undisturbed: nothing is lost, doubled, out of order or left behind.
    package func check(standing: Int) throws {
        try ledger.check(standing: standing)
        try checkCount(standing)
    }

    /// Throws if the server counts others than so many messages in this queue, all of them available.
    package func checkCount(_ count: Int) throws {
        let names = [
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let body = #"{"QueueUrl": "\#(url)", "AttributeNames": [\#(list)]}"#
        let answer = try Self.ask(target.endpoint, "GetQueueAttributes", body)
        let counts = names.map { name in
            answer.withUnsafeBytes { bytes in
                var scanner = AnswerScanner(bytes, .json)
                return scanner.next(jsonKey: name).map { String(decoding: $0, as: UTF8.self) }
            }
        }
        guard counts == ["\(count)", "0", "0"] else {
            let text = String(decoding: answer, as: UTF8.self)
            throw BenchmarkError("\(count) messages should stand in the queue, but the server says \(text)")
        }
    }
}

extension BenchmarkQueue {
    private init(
        target: Target,
        name: String,
        url: String,
        ledger: Ledger,
        shape: MessageShape,
        wire: WireProtocol
    ) {
        self.target = target
        self.name = name
        self.url = url
        self.ledger = ledger
        self.shape = shape
        self.wire = wire
    }

    private static func askForURL(
        _ endpoint: Endpoint,
        _ wire: WireProtocol,
        _ action: String,
        name: String,
        attributes: [(String, String)]
    ) throws -> String {
        let answer: [UInt8]
        switch wire {
        case .json:
            let fields = attributes.map { #""\#($0)": "\#($1)""# }.joined(separator: ", ")
            let field = attributes.isEmpty ? "" : ", \"Attributes\": {\(fields)}"
            answer = try ask(endpoint, action, #"{"QueueName": "\#(name)"\#(field)}"#)
        case .query:
            var form = [("QueueName", name)]
            for (index, attribute) in attributes.enumerated() {
                form.append(("Attribute.\(index + 1).Name", attribute.0))
                form.append(("Attribute.\(index + 1).Value", attribute.1))
            }
            answer = try ask(endpoint, action, form: form)
        }
        let url = answer.withUnsafeBytes { bytes in
            var scanner = AnswerScanner(bytes, wire)
            return scanner.next(.queueURL).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let url else {
            let text = String(decoding: answer.prefix(500), as: UTF8.self)
            throw BenchmarkError("\(action) answered without a QueueUrl: \(text)", kind: .answer)
        }
        // The one escape that an encoder may put into a URL; the load writes the URL into JSON as it is.
        return url.replacing("\\/", with: "/")
    }

    private static func ask(_ endpoint: Endpoint, _ action: String, _ body: String) throws -> [UInt8] {
        try ask(endpoint, action, Requests.administration(endpoint: endpoint, action: action, body: body))
    }

    private static func ask(_ endpoint: Endpoint, _ action: String, form: [(String, String)]) throws -> [UInt8] {
        try ask(endpoint, action, Requests.administration(endpoint: endpoint, action: action, form: form))
    }

    private static func ask(_ endpoint: Endpoint, _ action: String, _ request: [UInt8]) throws -> [UInt8] {
        let generator = try LoadGenerator(endpoint, connections: 1)
        let load = SingleRequest(request)
        do {
            _ = try generator.run(load)
        } catch {
            throw BenchmarkError("\(action): \(error)", kind: error.kind)
        }
        return load.answer
    }
}
