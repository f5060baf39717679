import Testing

@Suite struct QueryProtocolTests {
    private func content(_ element: String, of answer: TestClient.Response) -> String? {
        guard let start = answer.body.firstRange(of: "<\(element)>"),
            let end = answer.body.firstRange(of: "</\(element)>")
        else { return nil }
        return String(answer.body[start.upperBound..<end.lowerBound])
    }

    @Test func `a message goes in and out in XML, by the URL that creating its queue gave`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let created = try client.post("Action=CreateQueue&Version=2012-11-05&QueueName=orders")
        #expect(created.status == 200)
        #expect(created[header: "Content-Type"] == "text/xml")
        let url = try #require(content("QueueUrl", of: created))
        #expect(url == "http://localhost:9324/000000000000/orders")
        let sent = try client.post(
            "Action=SendMessage&MessageBody=a%0D%0A%26quot%3B+b&QueueUrl=\(url)&MessageAttribute.1.Name=n"
                + "&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v"
        )
        #expect(sent.status == 200)
        let received = try client.post(
            "Action=ReceiveMessage&MessageAttributeName.1=All&AttributeName.1=SenderId",
            path: "/000000000000/orders"
        )
        #expect(content("Body", of: received) == "a&#xD;\n&amp;quot; b")
        #expect(content("MessageId", of: received) == content("MessageId", of: sent))
        #expect(content("MD5OfMessageAttributes", of: received) == content("MD5OfMessageAttributes", of: sent))
        #expect(received.body.contains("<Name>SenderId</Name><Value>000000000000</Value>"))
        let handle = try #require(content("ReceiptHandle", of: received))
        let form = "Action=DeleteMessage&ReceiptHandle=\(handle.replacing("+", with: "%2B"))&QueueUrl=\(url)"
        let deleted = try client.post(form)
        #expect(deleted.status == 200)
        #expect(deleted.body.contains("<DeleteMessageResponse xmlns="))
        let counts = try client.get("/000000000000/orders?Action=GetQueueAttributes&AttributeName.1=All")
        #expect(counts.body.contains("<Name>ApproximateNumberOfMessages</Name><Value>0</Value>"))
        #expect(counts.body.contains("<Name>ApproximateNumberOfMessagesNotVisible</Name><Value>0</Value>"))
    }

    @Test func `the id in the body is the id in the header, in answers and errors`() throws {
        let server = try TestServer()
        let client = try server.connect()
        for answer in [
            try client.post("Action=ListQueues"), try client.post("Action=DeleteQueue&QueueUrl=none"),
            try client.post("Action=Nonsense"), try client.get("/?Action=ListQueues"), try client.get("/?Action=%"),
        ] {
            let id = try #require(answer[header: "x-amzn-RequestId"])
            #expect(content("RequestId", of: answer) == id)
            #expect(answer[header: "Content-Type"] == "text/xml")
        }
    }

    @Test func `errors have AWS's codes, words and statuses`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let missing = try client.post("Action=PurgeQueue", path: "/000000000000/none")
        #expect(missing.status == 400)
        #expect(content("Code", of: missing) == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(content("Message", of: missing) == "The specified queue does not exist for this wsdl version.")
        let invalid = try client.get("/000000000000/orders?Action=ListQueues")
        #expect(invalid.status == 400)
        #expect(content("Code", of: invalid) == "InvalidAction")
        #expect(content("Message", of: invalid) == "The action ListQueues is not valid for this endpoint.")
        let malformed = try client.get("/?Action=ListQueues&QueueNamePrefix=%zz")
        #expect(malformed.status == 404)
        #expect(content("Code", of: malformed) == "MalformedQueryString")
    }

    @Test func `a GET that accepts JSON gets JSON`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let headers = ["Accept: application/json"]
        let list = try client.get("/?Action=ListQueues", headers: headers)
        #expect(list[header: "Content-Type"] == "application/json")
        let response = try #require(list.json?["ListQueuesResponse"] as? [String: Any])
        let result = try #require(response["ListQueuesResult"] as? [String: [String]])
        #expect(result == ["queueUrls": ["http://localhost:9324/000000000000/orders"]])
        let metadata = try #require(response["ResponseMetadata"] as? [String: String])
        #expect(metadata["RequestId"] == list[header: "x-amzn-RequestId"])
        let error = try client.get("/000000000000/none?Action=PurgeQueue", headers: headers)
        #expect(error.status == 400)
        let members = try #require(error.json?["Error"] as? [String: String])
        #expect(members["Code"] == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(members["Detail"] == nil)
        #expect(try client.post("Action=ListQueues", headers: headers)[header: "Content-Type"] == "text/xml")
    }

    @Test func `the trace header of a form becomes a message's AWSTraceHeader`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        _ = try client.post(
            "Action=SendMessage&MessageBody=m",
            path: "/000000000000/orders",
            headers: ["X-Amzn-Trace-Id: Root=1-5759e988"]
        )
        let received = try client.get("/000000000000/orders?Action=ReceiveMessage&AttributeName.1=AWSTraceHeader")
        #expect(received.body.contains("<Name>AWSTraceHeader</Name><Value>Root=1-5759e988</Value>"))
    }

    @Test func `an empty receive is an empty element`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let received = try client.get("/000000000000/orders?Action=ReceiveMessage")
        #expect(received.status == 200)
        #expect(received.body.contains("<ReceiveMessageResult/>"))
    }

    @Test func `what a client that left would have received is there for the next one`() throws {
        let server = try TestServer()
        let other = try server.connect(withQueue: "orders")
        _ = try other.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#)
        let client = try server.connectAndCall()
        server.store.hold()
        try client.send("GET /000000000000/orders?Action=ReceiveMessage HTTP/1.1\r\nHost: a\r\n\r\n")
        server.waitUntilHolding(1)
        client.reset()
        try server.waitForConnections(atMost: 1)
        server.store.release()
        try server.settle()
        let received = try other.post("Action=ReceiveMessage&QueueUrl=orders&AttributeName.1=All&WaitTimeSeconds=20")
        #expect(content("Body", of: received) == "m")
    }
}
