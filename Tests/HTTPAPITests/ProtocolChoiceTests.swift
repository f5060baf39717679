import Testing

@Suite struct ProtocolChoiceTests {
    @Test(arguments: ["/", "/000000000000/orders", "/anything/at/all?x=1", "//"])
    func `AWS JSON is spoken on every path`(path: String) throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let answer = try client.answer("GetQueueUrl", #"{"QueueName":"orders"}"#, path: path)
        #expect(answer.status == 200)
        #expect(answer[header: "Content-Type"] == "application/x-amz-json-1.0")
    }

    @Test(arguments: [
        ("", 200), ("Content-Type: \r\n", 200), ("Content-Type: application/x-amz-json-1.0\r\n", 200),
        ("Content-Type: Application/X-Amz-JSON-1.0 ; charset=utf-8\r\n", 200),
        ("Content-Type: application/x-amz-json-1.1\r\n", 200), ("Content-Type: application/json\r\n", 200),
        ("Content-Type: text/plain\r\n", 415), ("Content-Type: application/xml\r\n", 415),
        ("Content-Type: application/x-www-form-urlencoded\r\n", 415), ("Content-Type: application/jsonp\r\n", 415),
    ])
    func `AWS JSON is refused under a content type that is not JSON's`(type: String, status: Int) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nX-AMZ-TARGET: AmazonSQS.ListQueues\r\n\(type)Content-Length: 2\r\n\r\n{}"
        )
        let answer = try client.readResponse()
        #expect(answer.status == status)
        if status != 200 {
            #expect(answer[header: "x-amzn-query-error"] == "MalformedHttpRequestException;Sender")
        }
        // The connection goes on.
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test func `errors of AWS JSON have the code in a header and the type in the body`() throws {
        let server = try TestServer()
        let answer = try server.connect().answer("GetQueueUrl", #"{"QueueName":"none"}"#)
        #expect(answer.status == 400)
        #expect(answer[header: "x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender")
        #expect(answer.string("__type") == "com.amazonaws.sqs#QueueDoesNotExist")
    }

    @Test func `the target wins over an action`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let form = "Action=DeleteQueue&QueueUrl=orders"
        try client.send(
            "POST /?\(form) HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
        )
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        #expect(answer.string("__type") == "com.amazon.coral.service#SerializationException")
        #expect(try client.answer("GetQueueUrl", #"{"QueueName":"orders"}"#).status == 200)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x?NotAction=1&y HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
    ])
    func `a request without any operation is not found, in XML`(request: String) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(request)
        let answer = try client.readResponse()
        #expect(answer.status == 404)
        #expect(answer[header: "Content-Type"] == "application/xml")
        #expect(answer.body.hasPrefix("<UnknownOperationException/>"))
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test(arguments: ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
    func `other methods are not allowed`(method: String) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.readResponse()
        #expect(answer.status == 405)
        #expect(answer[header: "Allow"] == "GET, POST")
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test func `CONNECT is refused and closed`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
        #expect(try client.readResponse().status == 405)
        #expect(try client.isClosedByServer())
    }

    @Test func `a request that offers another protocol is answered in this one, and closed`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let answer = try client.answer(
            "ListQueues",
            "{}",
            headers: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]
        )
        #expect(answer.status == 200)
        #expect(answer[header: "Connection"] == "close")
        #expect(try client.isClosedByServer())
    }

    @Test func `the trace header becomes a message's AWSTraceHeader`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        _ = try client.answer(
            "SendMessage",
            #"{"QueueUrl":"orders","MessageBody":"m"}"#,
            headers: ["X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793"]
        )
        let received = try client.answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","MessageSystemAttributeNames":["All"]}"#
        )
        let attributes = received.messages.first?["Attributes"] as? [String: String]
        #expect(attributes?["AWSTraceHeader"] == "Root=1-5759e988-bd862e3fe1be46a994272793")
        #expect(attributes?["SenderId"] == "000000000000")
    }
}
