import HTTPAPI
import NIOCore
import QueueModel
import ReferenceStore
import Testing

@Suite struct DeadlineTests {
    private let list = TestClient.request("ListQueues", "{}")

    @Test func `a connection on which nothing comes is closed after the idle timeout`() throws {
        let connection = try EmbeddedConnection()
        connection.wait(seconds: 74)
        #expect(connection.isOpen)
        connection.wait(seconds: 1)
        #expect(!connection.isOpen)
        #expect(try connection.sent().isEmpty)
    }

    @Test func `every request starts the idle timeout anew`() throws {
        let connection = try EmbeddedConnection()
        for _ in 0..<5 {
            connection.wait(seconds: 74)
            try connection.receive(list)
            #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        }
        connection.wait(seconds: 74)
        #expect(connection.isOpen)
        connection.wait(seconds: 1)
        #expect(!connection.isOpen)
    }

    @Test func `a head that drips in is answered 408 after the deadline`() throws {
        let connection = try EmbeddedConnection()
        connection.wait(seconds: 70)
        for byte in list.prefix(29) {
            try connection.receive(String(byte))
            connection.wait(seconds: 1)
        }
        #expect(try connection.sent().isEmpty)
        connection.wait(seconds: 1)
        let answer = try connection.sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains("Connection: close\r\n"))
        #expect(answer.contains("<Code>RequestTimeoutException</Code>"))
        #expect(connection.wire.hasSentFIN)
    }

    @Test func `a body that drips in is answered 408 in the shape of its protocol`() throws {
        let connection = try EmbeddedConnection()
        try connection.receive(String(list.dropLast(2)))
        connection.wait(seconds: 15)
        try connection.receive("{")
        connection.wait(seconds: 14)
        #expect(try connection.sent().isEmpty)
        connection.wait(seconds: 1)
        let answer = try connection.sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains(#""__type":"com.amazonaws.sqs#RequestTimeoutException""#))
    }

    @Test func `the deadline of a pipelined request begins with its head`() throws {
        let connection = try EmbeddedConnection()
        try connection.receive(list + String(list.dropLast(1)))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        connection.wait(seconds: 29)
        #expect(try connection.sent().isEmpty)
        connection.wait(seconds: 1)
        #expect(try connection.sent().hasPrefix("HTTP/1.1 408"))
    }

    @Test func `a request under way has all the time it needs`() throws {
        let connection = try EmbeddedConnection()
        connection.store.hold()
        try connection.receive(TestClient.request("CreateQueue", #"{"QueueName":"q"}"#))
        connection.wait(seconds: 1_000)
        #expect(connection.isOpen)
        connection.store.release()
        connection.run()
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(connection.isOpen)
    }

    @Test func `a client that does not take its answer is cut off after the write deadline`() throws {
        let connection = try EmbeddedConnection()
        connection.wire.isHolding = true
        try connection.receive(list)
        connection.wait(seconds: 29)
        #expect(connection.isOpen)
        connection.wait(seconds: 1)
        #expect(!connection.isOpen)
    }

    @Test func `messages in an answer that was cut off are given back`() throws {
        let connection = try EmbeddedConnection()
        try connection.receive(TestClient.request("CreateQueue", #"{"QueueName":"q"}"#))
        try connection.receive(TestClient.request("SendMessage", #"{"QueueUrl":"q","MessageBody":"m"}"#))
        connection.wire.isHolding = true
        try connection.receive(TestClient.request("ReceiveMessage", #"{"QueueUrl":"q"}"#))
        let queue = { connection.store.reference.snapshot().queues.values.first }
        #expect(try #require(queue()?.messages.first).availableAt > connection.clock.now())
        connection.wait(seconds: 30)
        #expect(!connection.isOpen)
        #expect(try #require(queue()?.messages.first).availableAt <= connection.clock.now())
    }

    @Test func `a closing connection is drained for a while and then cut off`() throws {
        let connection = try EmbeddedConnection()
        try connection.receive("garbage\r\n\r\n")
        #expect(try connection.sent().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(connection.wire.hasSentFIN)
        connection.wait(seconds: 4)
        try connection.receive(list)
        #expect(try connection.sent().isEmpty)
        #expect(connection.isOpen)
        connection.wait(seconds: 1)
        #expect(!connection.isOpen)
    }
}
