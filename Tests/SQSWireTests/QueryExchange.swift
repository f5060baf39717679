import NIOCore
import QueueModel
import SQSWire

/// Reads a request of the Query protocol whose parameters stand in a form.
func decodeQuery(_ form: String, path: String = "/", query: String? = nil) throws(SQSError) -> SQSRequest {
    try decodeQuery(bytes: Array(form.utf8), path: path, query: query)
}

/// Reads a request of the Query protocol whose form is given as bytes.
func decodeQuery(bytes: [UInt8], path: String = "/", query: String? = nil) throws(SQSError) -> SQSRequest {
    try AWSQuery.decode(
        QueryParameters(path: path[...], query: query.map { $0[...] }, form: ByteBuffer(bytes: bytes))
    )
}

/// The error that a request answers; nothing if it is read.
func queryRefusal(_ form: String, path: String = "/") -> SQSError? {
    do {
        _ = try decodeQuery(form, path: path)
        return nil
    } catch {
        return error
    }
}

/// An answer's body as text; the request's id is `id`.
func encodeQuery(_ result: SQSResult, as format: AWSQuery.Format = .xml) -> String {
    var buffer = ByteBuffer()
    AWSQuery.encode(result, requestId: "id", as: format, into: &buffer)
    return String(buffer: buffer)
}

/// An error's body as text; the request's id is `id`.
func encodeQuery(_ error: SQSError, as format: AWSQuery.Format = .xml) -> String {
    var buffer = ByteBuffer()
    AWSQuery.encode(error, requestId: "id", as: format, into: &buffer)
    return String(buffer: buffer)
}

/// The text as a form writes it, every byte that may be escaped being so.
func percentEncoded(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        let digits = String(byte, radix: 16, uppercase: byte % 2 == 0)
        text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
    }
    return text
}
