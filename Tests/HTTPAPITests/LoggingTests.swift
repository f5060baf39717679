import Logging
import Synchronization
import Testing

@Suite struct LoggingTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

        func add(_ level: Logger.Level, _ text: String) {
            lines.withLock { $0.append((level, text)) }
        }

        var all: [(level: Logger.Level, text: String)] {
            lines.withLock { $0 }
        }
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add(event.level, "\(event.message) \(event.metadata ?? [:])")
        }
    }

    @Test func `the log tells operation, status and id of a request, and nothing that is secret`() throws {
        let lines = Lines()
        let server = try TestServer(logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        let client = try server.connect(withQueue: "orders")
        let secrets = ["Authorization: AWS4-HMAC-SHA256 Credential=AKIDSECRET, Signature=feedface"]
        let sent = try client.answer(
            "SendMessage",
            #"{"QueueUrl":"orders","MessageBody":"secretbody"}"#,
            path: "/secretpath",
            headers: secrets
        )
        let received = try client.answer("ReceiveMessage", #"{"QueueUrl":"orders"}"#, headers: secrets)
        let handle = try #require(received.messages.first?["ReceiptHandle"] as? String)
        _ = try client.answer("DeleteMessage", #"{"QueueUrl":"orders","ReceiptHandle":"\#(handle)x"}"#)
        _ = try client.answer("Evil\u{7}Operation", "{")
        let id = try #require(sent[header: "x-amzn-RequestId"])
        let text = lines.all.map(\.text)
        #expect(text.contains { $0.contains("AmazonSQS.SendMessage") && $0.contains("200") && $0.contains(id) })
        #expect(text.contains { $0.contains("ReceiptHandleIsInvalid") && $0.contains("400") })
        #expect(lines.all.allSatisfy { $0.level == .debug })
        for secret in ["AKIDSECRET", "feedface", "secretbody", "secretpath", handle, "Evil", "\u{7}"] {
            #expect(!text.contains { $0.contains(secret) })
        }
    }

    @Test func `the broker's own failures are logged as errors`() throws {
        let lines = Lines()
        let server = try TestServer(logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        server.store.fail()
        #expect(try server.connect().answer("ListQueues", "{}").status == 500)
        #expect(lines.all.contains { $0.level == .error && $0.text.contains("InternalFailure") })
    }
}
