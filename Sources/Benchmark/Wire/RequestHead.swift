/// The first lines of the load's requests, as boto3 sends them.
struct RequestHead {
    private let endpoint: Endpoint
    private let wire: WireProtocol

    /// For requests to an endpoint.
    init(_ endpoint: Endpoint, _ wire: WireProtocol) {
        self.endpoint = endpoint
        self.wire = wire
    }

    /// A whole request.
    func request(_ action: String, body: [UInt8]) -> [UInt8] {
        withoutLength(action) + Array("\(body.count)\r\n\r\n".utf8) + body
    }

    /// Up to and with `Content-Length: `.
    func withoutLength(_ action: String) -> [UInt8] {
        let signature = String(repeating: "0123456789abcdef", count: 4)
        let own: [String]
        let signed: String
        switch wire {
        case .json:
            own = [
                "X-Amz-Target: AmazonSQS.\(action)", "x-amzn-query-mode: true",
                "Content-Type: application/x-amz-json-1.0",
            ]
            signed = "content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode"
        case .query:
            own = ["Content-Type: application/x-www-form-urlencoded; charset=utf-8"]
            signed = "content-type;host;x-amz-date"
        }
        let lines =
            ["POST \(endpoint.path) HTTP/1.1", "Host: \(endpoint.authority)", "Accept-Encoding: identity"] + own
            + [
                "User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.2 "
                    + "md/pyimpl#CPython m/Z,b,D cfg/retry-mode#legacy Botocore/1.40.0",
                "X-Amz-Date: 20250101T000000Z",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250101/us-east-1/sqs/aws4_request, "
                    + "SignedHeaders=\(signed), Signature=\(signature)",
                "amz-sdk-invocation-id: 6f1f8a4c-5a0e-4d7e-9d0a-2f6f2f1c7b11",
                "amz-sdk-request: attempt=1",
                "Content-Length: ",
            ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
