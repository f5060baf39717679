import HTTPAPI
import Logging
import NIOCore
import Testing

@Suite struct LoggingTests {
    @Test func `the log tells operation, status and id of a request, and nothing that is secret`() throws {
        let log = LogRecorder()
        let server = try TestServer(logger: log.logger)
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
        let text = log.lines.map(\.text)
        #expect(text.contains { $0.contains("AmazonSQS.SendMessage") && $0.contains("200") && $0.contains(id) })
        #expect(text.contains { $0.contains("ReceiptHandleIsInvalid") && $0.contains("400") })
        #expect(log.lines.allSatisfy { $0.level == .debug })
        for secret in ["AKIDSECRET", "feedface", "secretbody", "secretpath", handle, "Evil", "\u{7}"] {
            #expect(!text.contains { $0.contains(secret) })
        }
    }

    @Test func `the broker's own failures are logged as errors`() throws {
        let log = LogRecorder()
        let server = try TestServer(logger: log.logger)
        server.store.fail()
        #expect(try server.connect().answer("ListQueues", "{}").status == 500)
        #expect(log.lines.contains { $0.level == .error && $0.text.contains("InternalFailure") })
    }

    @Test func `connections that are turned away are logged, once a minute at most`() throws {
        let log = LogRecorder()
        let limit = ConnectionLimit(connectionsMax: 1, logger: log.logger)
        let start = NIODeadline.now()
        #expect(limit.admit(now: start) == .served)
        #expect(log.lines.isEmpty)
        for seconds in [0, 1, 59, 60, 119, 120] {
            #expect(limit.admit(now: start + .seconds(Int64(seconds))) == .closed)
        }
        #expect(log.lines.count == 3)
        #expect(log.lines.allSatisfy { $0.level == .warning && $0.text.contains("connections_max") })
        #expect(limit.connections == 1)
        limit.connectionClosed()
        #expect(limit.admit(now: start) == .served)
    }

    @Test func `the server logs that it turns connections away`() throws {
        let log = LogRecorder()
        let server = try TestServer(logger: log.logger) { $0.connectionsMax = 1 }
        let client = try server.connectAndCall()
        for _ in 0..<3 {
            #expect(try server.connect().answer("ListQueues", "{}").status == 503)
        }
        #expect(log.lines.count { $0.level >= .warning } == 1)
        withExtendedLifetime(client) {}
    }
}
