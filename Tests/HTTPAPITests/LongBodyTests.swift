import HTTPAPI
import NIOCore
import NIOEmbedded
import Testing

@Suite struct LongBodyTests {
    private let configuration: HTTPServerConfiguration
    private let rooms: BodyRooms

    /// Where the bodies of most tests belong.
    private var room: BodyRoom { rooms.large }

    init() {
        var configuration = HTTPServerConfiguration.test
        configuration.requestBodySizeBytesMax = 60_000
        configuration.bodiesSizeBytesMax = 200_000
        configuration.ordinaryBodySizeBytesMax = 20_000
        self.configuration = configuration
        rooms = BodyRooms(configuration)
    }

    private func connect() throws -> EmbeddedConnection {
        try EmbeddedConnection(configuration, bodyRooms: rooms)
    }

    private func head(_ headers: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n\(headers)\r\n\r\n"
    }

    private func body(_ size: Int) -> String {
        "{" + String(repeating: " ", count: size - 2) + "}"
    }

    @Test func `a long body takes room from its head to its end`() throws {
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000"))
        #expect(room.freeSizeBytes == 50_000)
        try connection.receive(body(50_000))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a short body takes none`() throws {
        let connection = try connect()
        try connection.receive(head("Content-Length: 16000"))
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a body in chunks takes room for the longest one once it gets long`() throws {
        let connection = try connect()
        try connection.receive(head("Transfer-Encoding: chunked"))
        try connection.receive("3e80\r\n" + String(repeating: " ", count: 16_000) + "\r\n")
        #expect(room.freeSizeBytes == 100_000)
        try connection.receive("3e80\r\n" + String(repeating: " ", count: 16_000) + "\r\n")
        #expect(room.freeSizeBytes == 40_000)
        try connection.receive("2\r\n{}\r\n0\r\n\r\n")
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test(arguments: ["closes", "is refused", "times out"])
    func `a body that does not come to its end gives its room back`(why: String) throws {
        let connection = try connect()
        try connection.receive(head(why == "is refused" ? "Transfer-Encoding: chunked" : "Content-Length: 50000"))
        switch why {
        case "closes":
            connection.channel.close(promise: nil)
        case "is refused":
            try connection.receive("fa00\r\n" + String(repeating: " ", count: 40_000))
            #expect(room.freeSizeBytes == 40_000)
            try connection.receive(String(repeating: " ", count: 24_000))
            #expect(try connection.sent().hasPrefix("HTTP/1.1 413"))
        default:
            connection.wait(seconds: 30)
            #expect(try connection.sent().hasPrefix("HTTP/1.1 408"))
        }
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a body without room waits until the deadline and is told to try again`() throws {
        let holder = room.take(sizeBytes: 90_000) {}
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000"))
        connection.wait(seconds: 29)
        #expect(try connection.sent().isEmpty)
        connection.wait(seconds: 1)
        let answer = try connection.sent()
        #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(answer.contains("#ServiceUnavailable\""))
        room.giveBack(holder.share)
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a body that drips in is cut off early if others wait for its room`() throws {
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000"))
        connection.wait(seconds: 10)
        #expect(try connection.sent().isEmpty)
        let waiting = room.take(sizeBytes: 90_000) {}
        for _ in 0..<2 {
            try connection.receive(" ")
            connection.wait(seconds: 1)
        }
        let answer = try connection.sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains("RequestTimeoutException"))
        #expect(room.freeSizeBytes == 10_000)
        room.giveBack(waiting.share)
    }

    @Test func `a body that gets on is not cut off, whoever waits`() throws {
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000"))
        let waiting = room.take(sizeBytes: 90_000) {}
        try connection.receive("{" + String(repeating: " ", count: 19_999))
        connection.wait(seconds: 1)
        try connection.receive(String(repeating: " ", count: 20_000))
        connection.wait(seconds: 1)
        try connection.receive(String(repeating: " ", count: 9_999) + "}")
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        room.giveBack(waiting.share)
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a body of ordinary size does not wait for larger ones`() throws {
        let holder = room.take(sizeBytes: 90_000) {}
        let waiting = room.take(sizeBytes: 90_000) {}
        let connection = try connect()
        try connection.receive(head("Content-Length: 20000\r\nExpect: 100-continue"))
        #expect(try connection.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        // Others wait, but not for its room.
        connection.wait(seconds: 5)
        try connection.receive(body(20_000))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(rooms.freeSizeBytes == 110_000)
        room.giveBack(waiting.share)
        room.giveBack(holder.share)
    }

    @Test(arguments: [[20_000], [45_000, 0]])
    func `the larger a body, the faster it has to come if others wait for its room`(sizes: [Int]) throws {
        let rooms = BodyRooms(configurationForLarger)
        let connection = try EmbeddedConnection(configurationForLarger, bodyRooms: rooms)
        try connection.receive(head("Content-Length: 400000"))
        let secondPasses = { (second: Int) in
            try connection.receive(String(repeating: " ", count: sizes[second % sizes.count]))
            connection.wait(seconds: 1)
        }
        for second in 0..<6 {
            try secondPasses(second)
        }
        #expect(try connection.sent().isEmpty)
        let waiting = rooms.large.take(sizeBytes: 400_000) {}
        for second in 0..<2 {
            try secondPasses(second)
        }
        #expect(try connection.sent().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        rooms.large.giveBack(waiting.share)
        #expect(rooms.freeSizeBytes == 1_000_000)
    }

    @Test func `a large body comes to its end in ten seconds, however many wait`() throws {
        let rooms = BodyRooms(configurationForLarger)
        let connection = try EmbeddedConnection(configurationForLarger, bodyRooms: rooms)
        try connection.receive(head("Content-Length: 400000"))
        let waiting = rooms.large.take(sizeBytes: 400_000) {}
        let whole = body(400_000)
        for second in 0..<10 {
            try connection.receive(String(whole.dropFirst(40_000 * second).prefix(40_000)))
            connection.wait(seconds: 1)
        }
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        rooms.large.giveBack(waiting.share)
        #expect(rooms.freeSizeBytes == 1_000_000)
    }

    @Test func `a body behind an answer that is not taken does not keep its room from others`() throws {
        let connection = try connect()
        connection.channel.isWritable = false
        try connection.receive(head("Content-Length: 50000"))
        try connection.receive(body(50_000))
        connection.wait(seconds: 10)
        #expect(room.freeSizeBytes == 50_000)
        #expect(connection.isOpen)
        let waiting = room.take(sizeBytes: 90_000) {}
        connection.wait(seconds: 2)
        #expect(!connection.isOpen)
        room.giveBack(waiting.share)
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a client that waits for 100 Continue gets it when there is room`() throws {
        let holder = room.take(sizeBytes: 90_000) {}
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000\r\nExpect: 100-continue"))
        #expect(try connection.sent().isEmpty)
        room.giveBack(holder.share)
        connection.run()
        #expect(try connection.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.receive(body(50_000))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `a body that came whole is carried out without room`() throws {
        let holder = room.take(sizeBytes: 90_000) {}
        let connection = try connect()
        try connection.receive(head("Content-Length: 50000") + body(50_000))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        room.giveBack(holder.share)
        connection.run()
        try connection.receive(TestClient.request("ListQueues", "{}"))
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(room.freeSizeBytes == 100_000)
    }

    @Test func `whoever waits for room is not read from, and others go on`() throws {
        let server = try TestServer { $0 = change($0) }
        let first = try server.connect(withQueue: "orders")
        let second = try server.connectAndCall()
        let message = { (text: String) in
            TestClient.request(
                "SendMessage",
                #"{"QueueUrl":"orders","MessageBody":"\#(text)\#(String(repeating: " ", count: 59_000))"}"#
            )
        }
        try first.send(String(message("first").dropLast(1_000)))
        #expect(try server.connectAndCall().answer("ListQueues", "{}").status == 200)
        try second.send(message("second"))
        // What is answered behind the second's request on the same loop proves that it is being read no more.
        for _ in 0..<10 {
            #expect(try server.connectAndCall().answer("ListQueues", "{}").status == 200)
        }
        try first.send(String(message("first").suffix(1_000)))
        #expect(try first.readResponse().status == 200)
        #expect(try second.readResponse().status == 200)
        let bodies = try (0..<2).map { _ in
            let received = try first.answer("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
            return (received.messages.first?["Body"] as? String)?.prefix(5)
        }
        #expect(bodies == ["first", "secon"])
    }

    @Test func `whoever leaves the line for room is noticed`() throws {
        let server = try TestServer { $0 = change($0) }
        let holder = try server.connectAndCall()
        try holder.send(head("Content-Length: 60000"))
        let waiting = try server.connectAndCall()
        try waiting.send(head("Content-Length: 60000"))
        #expect(try server.connectAndCall().answer("ListQueues", "{}").status == 200)
        waiting.close()
        holder.close()
        try server.waitForConnections(atMost: 0)
        let client = try server.connectAndCall()
        try client.send(head("Content-Length: 60000") + body(60_000))
        #expect(try client.readResponse().status == 200)
    }

    /// Bodies whose tenth is more than what is too little of any body.
    private var configurationForLarger: HTTPServerConfiguration {
        var larger = configuration
        larger.requestBodySizeBytesMax = 400_000
        larger.bodiesSizeBytesMax = 1_000_000
        return larger
    }

    private func change(_ configuration: HTTPServerConfiguration) -> HTTPServerConfiguration {
        var changed = self.configuration
        changed.port = configuration.port
        return changed
    }
}
