/// The requests of a load as bytes, assembled before the load starts.
///
/// They look as boto3 sends them: Python's spacing, the same headers, a signature of the right length. What differs
/// from request to request (numbers, receipt handles) is written between ready-made parts, so that the generator
/// spends its time in the kernel.
package struct Requests: Sendable {
    /// What the messages look like.
    package let shape: MessageShape

    /// The protocol they are written in.
    package let wire: WireProtocol

    private let send: SendTemplate
    private let delete: DeleteWriter
    private let receive: [UInt8]
    private let waitingReceive: [UInt8]

    /// How long a receive waits that comes after an empty one.
    private static let waitSeconds = 1

    /// Assembles the requests for one queue of one server.
    package init(endpoint: Endpoint, queueURL: String, shape: MessageShape, wire: WireProtocol = .json) {
        self.shape = shape
        self.wire = wire
        let head = RequestHead(endpoint, wire)
        send = SendTemplate(shape, head: head, queueURL: queueURL, wire)
        delete = DeleteWriter(head: head, queueURL: queueURL, wire)
        func receive(_ count: Int, waitSeconds: Int?) -> [UInt8] {
            let body: [UInt8]
            switch wire {
            case .json:
                let wait = waitSeconds.map { #", "WaitTimeSeconds": \#($0)"# } ?? ""
                body = Array(#"{"QueueUrl": "\#(queueURL)", "MaxNumberOfMessages": \#(count)\#(wait)}"#.utf8)
            case .query:
                let wait = waitSeconds.map { "&WaitTimeSeconds=\($0)" } ?? ""
                body =
                    Array("Action=ReceiveMessage&Version=2012-11-05&MaxNumberOfMessages=\(count)\(wait)&QueueUrl=".utf8)
                    + FormEncoding.encoded(queueURL)
            }
            return head.request("ReceiveMessage", body: body)
        }
        self.receive = receive(shape.batch, waitSeconds: nil)
        waitingReceive = receive(shape.batch, waitSeconds: Self.waitSeconds)
    }

    /// Any other request to the server, in the JSON protocol, with `body` as it stands.
    static func administration(endpoint: Endpoint, action: String, body: String) -> [UInt8] {
        RequestHead(endpoint, .json).request(action, body: Array(body.utf8))
    }

    /// Any other request to the server, in the Query protocol.
    static func administration(endpoint: Endpoint, action: String, form: [(String, String)]) -> [UInt8] {
        var body = Array("Action=\(action)&Version=2012-11-05".utf8)
        for (name, value) in form { body += Array("&\(name)=".utf8) + FormEncoding.encoded(value) }
        return RequestHead(endpoint, .query).request(action, body: body)
    }

    /// The request for the server's health.
    static func health(endpoint: Endpoint) -> [UInt8] {
        Array("GET /health HTTP/1.1\r\nHost: \(endpoint.authority)\r\n\r\n".utf8)
    }

    /// A send of as many messages as the shape says, numbered from `sequence`; `group` is asked for each one's group.
    package func writeSend(
        sequence: Int,
        into buffer: inout RequestBuffer,
        group: (_ entry: Int) -> Int = { _ in 0 }
    ) -> Operation {
        send.write(sequence: sequence, into: &buffer, group: group)
        return shape.batch > 1 ? .sendMessageBatch : .sendMessage
    }

    /// A receive of up to as many.
    package func writeReceive(waiting: Bool = false, into buffer: inout RequestBuffer) -> Operation {
        buffer.append(waiting ? waitingReceive : receive)
        return waiting ? .waitingReceiveMessage : .receiveMessage
    }

    /// A delete of some of what was received: of one message, or of up to ten with a shape of batches.
    package func writeDelete(
        _ handles: ReceiptHandles,
        _ range: Range<Int>,
        into buffer: inout RequestBuffer
    ) -> Operation {
        if shape.batch == 1 {
            precondition(range.count == 1)
            delete.writeOne(handles, range.lowerBound, into: &buffer)
            return .deleteMessage
        }
        delete.writeBatch(handles, range, into: &buffer)
        return .deleteMessageBatch
    }
}
