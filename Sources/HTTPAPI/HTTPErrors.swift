internal import NIOHTTP1
internal import QueueModel

// What can be wrong with a request before SQS gets to see it. Types and statuses are those of "Common errors" in AWS's
// API references, where AWS has one; SQS's own reference has no words for them.
extension SQSError {
    /// The request is no HTTP, or not one that is understood here.
    static func malformedRequest(_ message: String) -> SQSError {
        SQSError(type: "MalformedHttpRequestException", message: message)
    }

    /// The body is longer than what is read.
    static func requestEntityTooLarge(maximumBytes: Int) -> SQSError {
        SQSError(
            type: "RequestEntityTooLargeException",
            message: "The request body must not be longer than \(maximumBytes) bytes.",
            status: 413
        )
    }

    /// Head and body took too long to arrive.
    static func requestTimeout(seconds: Int) -> SQSError {
        SQSError(
            type: "RequestTimeoutException",
            message: "The request did not arrive within \(seconds) seconds.",
            status: 408
        )
    }

    /// A long body comes too slowly while others wait for its room.
    static let requestTooSlow = SQSError(
        type: "RequestTimeoutException",
        message: "The request came too slowly while others were waiting.",
        status: 408
    )

    /// Target and headers are too long or too many.
    static let headTooLarge = SQSError(
        type: "MalformedHttpRequestException",
        message: "The request's headers are too long or too many.",
        status: 431
    )

    /// A method that nothing here answers to.
    static let methodNotAllowed = SQSError(
        type: "MalformedHttpRequestException",
        message: "The method is not allowed here.",
        status: 405
    )

    /// An `Expect` other than `100-continue`.
    static let expectationFailed = SQSError(
        type: "MalformedHttpRequestException",
        message: "The expectation can't be met.",
        status: 417
    )

    /// A body whose `Content-Type` is not that of the protocol; what AWS answers is not on record.
    static func wrongContentType(isJSON: Bool) -> SQSError {
        SQSError(
            type: "MalformedHttpRequestException",
            message: isJSON
                ? "The Content-Type of a request with X-Amz-Target must be application/x-amz-json-1.0."
                : "The Content-Type of a request without X-Amz-Target must be application/x-www-form-urlencoded.",
            status: 415
        )
    }

    /// The client ended its side in the middle of a request.
    static let incompleteRequest = malformedRequest("The request ended before it was complete.")

    /// The answer to what the HTTP parser could not read.
    static func unreadable(_ error: HTTPParserError) -> SQSError {
        switch error {
        case .headerOverflow: .headTooLarge
        case .invalidEOFState: .incompleteRequest
        default: .malformedRequest("The request is not valid HTTP.")
        }
    }
}
