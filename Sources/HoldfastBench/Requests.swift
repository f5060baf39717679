import NIOCore

/// The requests of the load as bytes, assembled before the load starts.
///
/// They look as boto3 sends them: the JSON protocol with Python's spacing, the same headers, a signature of the
/// right length. What differs from request to request (a sequence number, receipt handles) is written between
/// ready-made parts, so that the generator spends its time in the kernel.
struct Requests: Sendable {
    /// Bytes of a message body: a sequence number and a filler.
    static let bodyBytes = 200

    /// Digits of the sequence number at the start of each body.
    static let sequenceDigits = 12

    /// Entries of a batch; SQS allows no more.
    static let batchSize = 10

    private static let filler = [UInt8](repeating: UInt8(ascii: "x"), count: bodyBytes - sequenceDigits)

    private let sendStart: [UInt8]
    private let sendEnd: [UInt8]
    private let sendBatchStart: [UInt8]
    private let receiveOne: [UInt8]
    private let receiveTen: [UInt8]
    private let deleteHead: [UInt8]
    private let deleteBatchHead: [UInt8]
    private let queueField: [UInt8]
    private let handlesField = Array(#", "ReceiptHandle": ""#.utf8)
    private let entriesField = Array(#", "Entries": ["#.utf8)

    /// Assembles the requests for one queue of one server.
    init(endpoint: Endpoint, queueURL: String) {
        let queue = #"{"QueueUrl": "\#(queueURL)""#
        queueField = Array(queue.utf8)

        let sendBody = Array((queue + #", "MessageBody": ""#).utf8)
        sendEnd = Self.filler + Array(#""}"#.utf8)
        let sendLength = sendBody.count + Self.sequenceDigits + sendEnd.count
        sendStart = Self.head(endpoint, action: "SendMessage", length: sendLength) + sendBody

        let entryBytes = Self.sendEntryStart(0).count + Self.bodyBytes + Self.sendEntryEnd.count
        let batchBody = Array(queue.utf8) + entriesField
        let batchLength = batchBody.count + Self.batchSize * entryBytes + (Self.batchSize - 1) * 2 + 2
        sendBatchStart = Self.head(endpoint, action: "SendMessageBatch", length: batchLength) + batchBody

        func receive(_ count: Int) -> [UInt8] {
            let body = Array((queue + #", "MaxNumberOfMessages": \#(count)}"#).utf8)
            return Self.head(endpoint, action: "ReceiveMessage", length: body.count) + body
        }
        receiveOne = receive(1)
        receiveTen = receive(Self.batchSize)
        deleteHead = Self.headWithoutLength(endpoint, action: "DeleteMessage")
        deleteBatchHead = Self.headWithoutLength(endpoint, action: "DeleteMessageBatch")
    }

    /// Any other request to the server, with `body` as it stands.
    static func administration(endpoint: Endpoint, action: String, body: String) -> [UInt8] {
        head(endpoint, action: action, length: body.utf8.count) + Array(body.utf8)
    }

    /// The request for the server's health.
    static func health(endpoint: Endpoint) -> [UInt8] {
        Array("GET /health HTTP/1.1\r\nHost: \(endpoint.authority)\r\n\r\n".utf8)
    }

    /// SendMessage of the message with this sequence number.
    func writeSend(sequence: Int, into buffer: inout ByteBuffer) {
        buffer.writeBytes(sendStart)
        Self.writeSequence(sequence, into: &buffer)
        buffer.writeBytes(sendEnd)
    }

    /// SendMessageBatch of ten messages, numbered from `sequence`.
    func writeSendBatch(sequence: Int, into buffer: inout ByteBuffer) {
        buffer.writeBytes(sendBatchStart)
        for entry in 0..<Self.batchSize {
            if entry > 0 { buffer.writeBytes(Self.separator) }
            buffer.writeBytes(Self.sendEntryStart(entry))
            Self.writeSequence(sequence + entry, into: &buffer)
            buffer.writeBytes(Self.filler)
            buffer.writeBytes(Self.sendEntryEnd)
        }
        buffer.writeBytes(Self.arrayEnd)
    }

    /// ReceiveMessage of up to one message or up to ten.
    func writeReceive(batch: Bool, into buffer: inout ByteBuffer) {
        buffer.writeBytes(batch ? receiveTen : receiveOne)
    }

    /// DeleteMessage with a receipt handle as it stood in the answer, JSON escapes included.
    func writeDelete(receiptHandle: [UInt8], into buffer: inout ByteBuffer) {
        let end = Self.entryEnd
        buffer.writeBytes(deleteHead)
        Self.writeLength(queueField.count + handlesField.count + receiptHandle.count + end.count, into: &buffer)
        buffer.writeBytes(queueField)
        buffer.writeBytes(handlesField)
        buffer.writeBytes(receiptHandle)
        buffer.writeBytes(end)
    }

    /// DeleteMessageBatch of up to ten messages.
    func writeDeleteBatch(receiptHandles: [[UInt8]], into buffer: inout ByteBuffer) {
        precondition((1...Self.batchSize).contains(receiptHandles.count))
        var length = queueField.count + entriesField.count + 2
        for (entry, handle) in receiptHandles.enumerated() {
            length += (entry > 0 ? 2 : 0) + Self.deleteEntryStart(entry).count + handle.count + Self.entryEnd.count
        }
        buffer.writeBytes(deleteBatchHead)
        Self.writeLength(length, into: &buffer)
        buffer.writeBytes(queueField)
        buffer.writeBytes(entriesField)
        for (entry, handle) in receiptHandles.enumerated() {
            if entry > 0 { buffer.writeBytes(Self.separator) }
            buffer.writeBytes(Self.deleteEntryStart(entry))
            buffer.writeBytes(handle)
            buffer.writeBytes(Self.entryEnd)
        }
        buffer.writeBytes(Self.arrayEnd)
    }

    // Entry ids are one digit, so every start has the same length.
    private static let sendEntryStarts = (0..<batchSize).map { Array(#"{"Id": "\#($0)", "MessageBody": ""#.utf8) }
    private static let deleteEntryStarts = (0..<batchSize).map { Array(#"{"Id": "\#($0)", "ReceiptHandle": ""#.utf8) }
    private static let sendEntryEnd = Array(#""}"#.utf8)
    private static let entryEnd = Array(#""}"#.utf8)
    private static let arrayEnd = Array("]}".utf8)
    private static let separator = Array(", ".utf8)

    private static func sendEntryStart(_ entry: Int) -> [UInt8] { sendEntryStarts[entry] }
    private static func deleteEntryStart(_ entry: Int) -> [UInt8] { deleteEntryStarts[entry] }

    private static func writeSequence(_ sequence: Int, into buffer: inout ByteBuffer) {
        var rest = sequence
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: sequenceDigits) { bytes in
            for index in (0..<sequenceDigits).reversed() {
                bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return sequenceDigits
        }
    }

    private static func writeLength(_ length: Int, into buffer: inout ByteBuffer) {
        buffer.writeString("\(length)\r\n\r\n")
    }

    private static func head(_ endpoint: Endpoint, action: String, length: Int) -> [UInt8] {
        headWithoutLength(endpoint, action: action) + Array("\(length)\r\n\r\n".utf8)
    }

    /// Up to and with `Content-Length: `.
    private static func headWithoutLength(_ endpoint: Endpoint, action: String) -> [UInt8] {
        let signature = String(repeating: "0123456789abcdef", count: 4)
        let lines = [
            "POST / HTTP/1.1",
            "Host: \(endpoint.authority)",
            "Accept-Encoding: identity",
            "X-Amz-Target: AmazonSQS.\(action)",
            "x-amzn-query-mode: true",
            "Content-Type: application/x-amz-json-1.0",
            "User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.2 "
                + "md/pyimpl#CPython m/Z,b,D cfg/retry-mode#legacy Botocore/1.40.0",
            "X-Amz-Date: 20250101T000000Z",
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250101/us-east-1/sqs/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode, Signature=\(signature)",
            "amz-sdk-invocation-id: 6f1f8a4c-5a0e-4d7e-9d0a-2f6f2f1c7b11",
            "amz-sdk-request: attempt=1",
            "Content-Length: ",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
