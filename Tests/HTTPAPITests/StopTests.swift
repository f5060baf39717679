import HTTPAPI
import NIOCore
import QueueEngine
import Testing

@Suite struct StopTests {
    @Test func `stopping closes idle connections and refuses new ones`() throws {
        let server = try TestServer()
        let client = try server.connect()
        #expect(try client.answer("ListQueues", "{}").status == 200)
        try server.server.stop().wait()
        #expect(try client.isClosedByServer())
        #expect(throws: TestClient.Failure.self) { try server.connect() }
    }

    @Test func `stopping answers the requests under way and closes their connections`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.call("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#)
        server.waitUntilHolding(1)
        let stopped = server.server.stop()
        try server.settle()
        server.store.release()
        let answer = try client.readResponse()
        #expect(answer.status == 200)
        #expect(answer[header: "Connection"] == "close")
        client.close()
        try stopped.wait()
    }

    @Test func `long polls that are ended before are answered`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        try client.call("ReceiveMessage", #"{"QueueUrl":"orders","WaitTimeSeconds":20}"#)
        #expect(try server.serves())
        let stopped = server.server.stop()
        server.engine.endLongPolls()
        #expect(try client.readResponse().status == 200)
        client.close()
        try stopped.wait()
    }

    @Test func `stopping cuts off what is still there after the deadline`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.call("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#)
        server.waitUntilHolding(1)
        try server.server.stop(deadlineSeconds: 0).wait()
        #expect(try client.isClosedByServer())
    }
}
