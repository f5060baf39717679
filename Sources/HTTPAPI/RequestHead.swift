internal import NIOHTTP1
internal import QueueModel
internal import SQSWire

/// What kind of body a request has, as far as the endpoint tells them apart.
enum MediaType {
    /// There is none, or an empty one.
    case unnamed

    /// The service model has `application/x-amz-json-1.0`; what HTTP tools call JSON is taken, too.
    case json

    /// What the Query protocol sends.
    case form

    case other

    /// Reads `Content-Type`, whose parameters say nothing that is needed.
    init(contentType: String) {
        var contentType = contentType
        self = contentType.withUTF8 { letters in
            let end = letters.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") || $0 == 0x09 }
            return MediaType(name: UnsafeBufferPointer(rebasing: letters[..<(end ?? letters.count)]))
        }
    }

    private init(name: UnsafeBufferPointer<UInt8>) {
        if name.isEmpty {
            self = .unnamed
        } else if name.isWord("application/x-amz-json-1.0") || name.isWord("application/x-amz-json-1.1")
            || name.isWord("application/json")
        {
            self = .json
        } else {
            self = name.isWord("application/x-www-form-urlencoded") ? .form : .other
        }
    }
}

/// What the endpoint needs to know of a request's head, read in one pass over its headers.
///
/// A class, for it is handed from function to function, and each copy of a struct would copy its strings one by one.
final class RequestHead {
    /// The method.
    let method: HTTPMethod

    /// The path of the target, without its query.
    let path: Substring

    /// The target's query, or nothing.
    let query: Substring?

    /// The host the caller used, in the form it was written; nothing if the request (of HTTP/1.0) names none.
    private(set) var host: String?

    /// `X-Amz-Target`: which operation of AWS JSON is meant.
    private(set) var target: String?

    /// `X-Amzn-Trace-Id`.
    private(set) var traceHeader: String?

    /// `Content-Length`, or nothing for a body that comes in chunks.
    private(set) var contentLength: Int?

    /// What `Content-Type` says the body is.
    private(set) var mediaType = MediaType.unnamed

    /// Whether `Accept` asks for JSON.
    private(set) var acceptsJSON = false

    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var expectsContinue = false

    /// Whether the connection may serve another request after this one.
    private(set) var isKeepAlive: Bool

    /// Whether the request speaks HTTP/1.0.
    let isVersion1Point0: Bool

    /// What is wrong with the head, if anything is.
    private(set) var refusal: SQSError?

    /// Reads a head; a host that is the known one needs no second look at its form.
    init(_ head: HTTPRequestHead, knownHost: String? = nil) {
        method = head.method
        isVersion1Point0 = head.version == .http1_0
        // Nothing more is read after CONNECT, which asks for a tunnel.
        isKeepAlive = head.isKeepAlive && head.method != .CONNECT
        let authority: Substring?
        (authority, path, query) = RequestHead.split(target: head.uri)
        var hosts = 0
        var expectation: String?
        var transferCoding: String?
        for (name, value) in head.headers {
            // The length tells most headers apart without a look at their letters.
            switch name.utf8.count {
            case 4 where name.isHeader("host"):
                host = value
                hosts += 1
            case 6 where name.isHeader("expect"):
                expectation = value
            case 6 where name.isHeader("accept"):
                acceptsJSON = value.lowercased().contains("application/json")
            case 7 where name.isHeader("upgrade"):
                // No other protocol is spoken here, and NIO's decoder reads nothing more after such a request.
                isKeepAlive = false
            case 12 where name.isHeader("x-amz-target"):
                refuse(target == nil ? nil : .malformedRequest("X-Amz-Target is given more than once."))
                target = value
            case 12 where name.isHeader("content-type"):
                mediaType = MediaType(contentType: value)
            case 14 where name.isHeader("content-length"):
                contentLength = Int(value)
            case 15 where name.isHeader("x-amzn-trace-id"):
                traceHeader = value
            case 17 where name.isHeader("transfer-encoding"):
                transferCoding = transferCoding.map { "\($0), \(value)" } ?? value
            default:
                continue
            }
        }
        checkHost(count: hosts, authority: authority, knownHost: knownHost)
        if let transferCoding {
            checkTransferCoding(transferCoding)
        }
        if let expectation, !isVersion1Point0 {
            expectsContinue = expectation.isHeader("100-continue")
            refuse(expectsContinue ? nil : .expectationFailed)
        }
    }

    /// The protocol that the request speaks, for answers and errors alike.
    ///
    /// `X-Amz-Target` alone makes it AWS JSON; the Query protocol has JSON, too, for a GET that accepts it (recorded).
    var answerShape: Answer.Shape {
        if method == .POST, target != nil { return .awsJSON }
        return .query(method == .GET && acceptsJSON ? .json : .xml)
    }

    private func checkHost(count: Int, authority: Substring?, knownHost: String?) {
        guard count == 1 || count == 0 && isVersion1Point0 else {
            refuse(.malformedRequest("The request must have exactly one Host header."))
            return
        }
        if let authority {
            // RFC 9112, 3.2.2: an absolute target wins over Host.
            host = String(authority)
        }
        if let host, host != knownHost, !HostForm.isValid(host) {
            refuse(.malformedRequest("The Host header is not a host with an optional port."))
        }
    }

    private func checkTransferCoding(_ coding: String) {
        if isVersion1Point0 || contentLength != nil {
            // Two readers could find two different ends of such a request: this is how requests are smuggled.
            refuse(.malformedRequest("The length of the body is given in two ways."))
        } else if !coding.isHeader("chunked") {
            refuse(.malformedRequest("The transfer coding is not supported."))
        }
    }

    private func refuse(_ error: SQSError?) {
        if refusal == nil {
            refusal = error
        }
    }

    /// The authority (of an absolute target only), the path and the query of a request target.
    private static func split(target: String) -> (authority: Substring?, path: Substring, query: Substring?) {
        var rest = target[...]
        var authority: Substring?
        if rest.utf8.first != UInt8(ascii: "/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = rest[..<end]
            rest = rest[end...]
        }
        guard let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (authority, rest, nil) }
        return (authority, rest[..<mark], rest[rest.utf8.index(after: mark)...])
    }
}

extension String {
    /// Whether the text is this lower-case word, in whatever case it is written itself.
    fileprivate func isHeader(_ word: StaticString) -> Bool {
        guard utf8.count == word.utf8CodeUnitCount else { return false }
        var text = self
        return text.withUTF8 { $0.isWord(word) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the letters are this lower-case word, in whatever case they are written themselves.
    fileprivate func isWord(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for index in indices {
            let isCapital = self[index] &- UInt8(ascii: "A") < 26
            guard (isCapital ? self[index] | 0x20 : self[index]) == word.utf8Start[index] else { return false }
        }
        return true
    }
}
