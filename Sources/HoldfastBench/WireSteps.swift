import NIOCore
import QueueModel
import SQSWire

/// The steps between a request's bytes and the engine, and back.
enum WireSteps {
    private static let queueURL = "http://127.0.0.1:9324/000000000000/bench"
    private static let body = String(repeating: "x", count: 200)

    /// All of them; throws if one of the inputs can't be decoded.
    static func all() throws -> [MicroStep] {
        let json = ByteBuffer(string: #"{"QueueUrl": "\#(queueURL)", "MessageBody": "\#(body)"}"#)
        let form = ByteBuffer(
            string: "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2F127.0.0.1%3A9324%2F000000000000%2F"
                + "bench&MessageBody=\(body)"
        )
        // Once outside the loops, so that an error is told.
        _ = try AWSJSON.decode(target: "AmazonSQS.SendMessage", body: json)
        _ = try AWSQuery.decode(QueryParameters(path: "/", query: nil, form: form))
        let ten = SQSResult.receiveMessage(ReceiveMessageResult(messages: (0..<10).map(message)))
        let bytes = Array(body.utf8)
        return [
            MicroStep("decode SendMessage, JSON") { count in
                for _ in 0..<count { keep(try? AWSJSON.decode(target: "AmazonSQS.SendMessage", body: json)) }
            },
            MicroStep("decode SendMessage, Query") { count in
                for _ in 0..<count {
                    keep(try? AWSQuery.decode(QueryParameters(path: "/", query: nil, form: form)))
                }
            },
            MicroStep("encode ReceiveMessage of ten, JSON") { count in
                for _ in 0..<count {
                    var buffer = ByteBuffer()
                    AWSJSON.encode(ten, into: &buffer)
                    keep(buffer)
                }
            },
            MicroStep("encode ReceiveMessage of ten, Query") { count in
                for _ in 0..<count {
                    var buffer = ByteBuffer()
                    AWSQuery.encode(ten, requestId: "00000000-0000-0000-0000-000000000000", as: .xml, into: &buffer)
                    keep(buffer)
                }
            },
            MicroStep("MD5 of a body, as text") { count in
                for _ in 0..<count { keep(MD5Digest(of: bytes).text) }
            },
        ]
    }

    private static func message(_ number: Int) -> Message {
        Message(
            messageId: MessageID(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)),
            receiptHandle: String(repeating: "r", count: 88),
            md5OfBody: MD5Digest(high: 0, low: 0),
            body: Array(body.utf8)
        )
    }

    /// Uses a value in a way that the optimizer can't see through.
    @inline(never)
    private static func keep<Value>(_ value: Value) {
        withExtendedLifetime(value) {}
    }
}
