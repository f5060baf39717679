import HTTPAPI
import Testing

@Suite struct SurplusConnectionTests {
    private static let create = #"{"QueueName":"q"}"#

    @Test func `with all connections in use the health is still told, and the connection closed`() throws {
        let server = try TestServer { $0.connectionsMax = 1 }
        let client = try server.connectAndCall()
        let prober = try server.connect()
        let health = try prober.get("/health")
        #expect(health.status == 200)
        #expect(health[header: "Connection"] == "close")
        #expect(try prober.isClosedByServer())
        withExtendedLifetime(client) {}
    }

    @Test func `other requests are refused as long as all connections are in use`() throws {
        let server = try TestServer { $0.connectionsMax = 1 }
        let client = try server.connectAndCall()
        let surplus = try server.connect()
        let refused = try surplus.answer("CreateQueue", Self.create)
        #expect(refused.status == 503)
        #expect(refused.string("__type") == "com.amazonaws.sqs#ServiceUnavailable")
        #expect(refused[header: "Connection"] == "close")
        #expect(try surplus.isClosedByServer())
        #expect(try client.answer("ListQueues", "{}").json?["QueueUrls"] == nil)
        client.close()
        try server.waitForConnections(atMost: 0)
        #expect(try server.connect().answer("CreateQueue", Self.create).status == 200)
    }

    @Test func `past those that are told so, connections are closed at once`() throws {
        let server = try TestServer {
            $0.connectionsMax = 1
            $0.surplusConnectionsMax = 2
        }
        let client = try server.connectAndCall()
        let surplus = try [server.connect(), server.connect()]
        #expect(try server.connect().isClosedByServer())
        #expect(try surplus[0].get("/health").status == 200)
        withExtendedLifetime(client) {}
    }

    @Test func `a surplus connection that sends nothing is soon closed`() throws {
        let connection = try EmbeddedConnection(isSurplus: true)
        try connection.receive("GET /health HTTP/1.1\r\n")
        #expect(try connection.sent().isEmpty)
        try connection.receive("Host: a\r\n\r\n")
        connection.run()
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK"))
        #expect(connection.wire.hasSentFIN)

        let server = try TestServer {
            $0.connectionsMax = 1
            $0.surplusDeadlineSeconds = 1
        }
        let client = try server.connectAndCall()
        #expect(try server.connect().isClosedByServer())
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }
}
