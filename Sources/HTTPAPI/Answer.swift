internal import NIOCore
internal import NIOHTTP1
internal import QueueModel
internal import SQSWire

/// An answer before it has its request's id and its place on a connection.
struct Answer {
    /// In which protocol the answer is.
    enum Shape {
        case awsJSON
        case query(AWSQuery.Format)
    }

    /// The status.
    var status: HTTPResponseStatus

    /// Content-Type.
    var contentType: String

    /// The body, behind room for the head; may be empty.
    var body: ByteBuffer

    /// Headers that only this answer has.
    var extraHeaders: [(String, String)] = []

    /// The code of the error it tells, for the log.
    var errorCode: String?

    /// Whether the answer tells the length of a body without having one, because it answers HEAD.
    var isBodyLeftOut = false

    /// What an operation gave.
    static func result(
        _ result: SQSResult,
        shape: Shape,
        requestId: RequestId,
        into body: consuming ByteBuffer
    ) -> Answer {
        var body = body
        body.reserveCapacity(minimumWritableBytes: result.expectedSizeBytes)
        switch shape {
        case .awsJSON:
            AWSJSON.encode(result, into: &body)
            return Answer(status: .ok, contentType: AWSJSON.contentType, body: body)
        case .query(let format):
            AWSQuery.encode(result, requestId: requestId.text, as: format, into: &body)
            return Answer(status: .ok, contentType: format.contentType, body: body)
        }
    }

    /// An error in the shape of the protocol that the request spoke.
    static func error(
        _ error: SQSError,
        shape: Shape,
        requestId: RequestId,
        into body: consuming ByteBuffer
    ) -> Answer {
        var body = body
        let status = HTTPResponseStatus(statusCode: error.status)
        switch shape {
        case .awsJSON:
            AWSJSON.encode(error, into: &body)
            return Answer(
                status: status,
                contentType: AWSJSON.contentType,
                body: body,
                extraHeaders: [
                    ("x-amzn-query-error", AWSJSON.queryErrorHeader(error)),
                    ("x-amzn-errortype", AWSJSON.errorTypeHeader(error)),
                ],
                errorCode: error.code
            )
        case .query(let format):
            AWSQuery.encode(error, requestId: requestId.text, as: format, into: &body)
            return Answer(status: status, contentType: format.contentType, body: body, errorCode: error.code)
        }
    }

    /// What AWS answers to a request that names no operation (recorded).
    static func unknownOperation(into body: consuming ByteBuffer) -> Answer {
        var body = body
        body.writeStaticString("<UnknownOperationException/>\n")
        return Answer(
            status: .notFound,
            contentType: "application/xml",
            body: body,
            errorCode: "UnknownOperationException"
        )
    }

    /// Whether the store commits.
    static func health(isHealthy: Bool, to method: HTTPMethod, into body: consuming ByteBuffer) -> Answer {
        var body = body
        body.writeStaticString(isHealthy ? "OK" : "the store does not commit")
        return Answer(
            status: isHealthy ? .ok : .serviceUnavailable,
            contentType: "text/plain",
            body: body,
            errorCode: isHealthy ? nil : "Unhealthy",
            isBodyLeftOut: method == .HEAD
        )
    }
}

extension SQSResult {
    /// About how long the encoded result is, so that its buffer seldom has to grow.
    fileprivate var expectedSizeBytes: Int {
        guard case .receiveMessage(let result) = self else { return 512 }
        return result.messages.reduce(64) { sum, message in
            // Quotes and line ends grow when they are escaped.
            sum + message.body.count + message.body.count / 8 + 768
        }
    }
}
