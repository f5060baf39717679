import NIOCore
import QueueModel
import SQSWire

extension FuzzedDecoder {
    static func checkJSON(_ bytes: [UInt8]) throws {
        let (operation, body) = firstLine(of: bytes)
        try checkAnswer(inputSizeBytes: bytes.count) { () throws(SQSError) in
            try AWSJSON.decode(target: "AmazonSQS.\(operation)", body: ByteBuffer(bytes: body))
        }
    }

    static func checkQuery(_ bytes: [UInt8]) throws {
        let (target, form) = firstLine(of: bytes)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        try checkAnswer(inputSizeBytes: bytes.count) { () throws(SQSError) in
            let parameters = try QueryParameters(
                path: parts[0],
                query: parts.count > 1 ? parts[1] : nil,
                form: ByteBuffer(bytes: form)
            )
            return try AWSQuery.decode(parameters)
        }
    }

    /// Decodes a request, carries it out and writes the answer in each form.
    static func checkAnswer(inputSizeBytes: Int, to decode: () throws(SQSError) -> SQSRequest) throws {
        let request: SQSRequest
        do throws(SQSError) {
            request = try decode()
        } catch {
            try checkForm(of: .failure(error), inputSizeBytes: inputSizeBytes)
            return
        }
        try require(try decode() == request, "the same bytes gave two requests")
        try checkForm(of: FuzzedBroker().perform(request), inputSizeBytes: inputSizeBytes)
    }

    /// A refusal is the caller's fault and all that is written can be read.
    static func checkForm(of answer: Result<SQSResult, SQSError>, inputSizeBytes: Int) throws {
        var json = ByteBuffer()
        var xml = ByteBuffer()
        var queryJSON = ByteBuffer()
        switch answer {
        case .success(let result):
            AWSJSON.encode(result, into: &json)
            AWSQuery.encode(result, requestId: "id", into: &xml)
            AWSQuery.encode(result, requestId: "id", as: .json, into: &queryJSON)
        case .failure(let error):
            try require((400..<500).contains(error.status), "a refusal has status \(error.status): \(error.message)")
            AWSJSON.encode(error, into: &json)
            AWSQuery.encode(error, requestId: "id", into: &xml)
            AWSQuery.encode(error, requestId: "id", as: .json, into: &queryJSON)
            for header in [AWSJSON.queryErrorHeader(error), AWSJSON.errorTypeHeader(error)] {
                try require(header.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "a header would hold \(header)")
            }
        }
        for text in [json, queryJSON] where text.readableBytes > 0 {
            let isReadable = text.withUnsafeReadableBytes { (try? JSONScanner.scan($0)) != nil }
            try require(isReadable, "the answer is no JSON: \(String(buffer: text))")
        }
        try checkXML(String(buffer: xml), bytes: Array(xml.readableBytesView))
        let written = max(json.readableBytes, xml.readableBytes, queryJSON.readableBytes)
        try require(written <= 32 * inputSizeBytes + 65_536, "\(inputSizeBytes) bytes gave an answer of \(written)")
    }

    /// Only characters that XML can hold, and each tag closed.
    private static func checkXML(_ text: String, bytes: [UInt8]) throws {
        try require(Array(text.utf8) == bytes, "the answer is no UTF-8")
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                || "\t\n\r".unicodeScalars.contains(scalar)
        }
        try require(isClean, "the XML holds a character that it must not: \(text)")
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
            guard let end = piece.firstIndex(of: ">") else { throw Violation("a tag does not end: \(text)") }
            let tag = piece[..<end]
            if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
            if tag.hasPrefix("/") {
                try require(open.popLast() == tag.dropFirst(), "</\(tag.dropFirst())> closes nothing: \(text)")
            } else {
                open.append(tag.prefix { $0 != " " })
            }
        }
        try require(open.isEmpty, "\(open) are not closed: \(text)")
    }

    /// The text of the first line, and what stands behind it.
    private static func firstLine(of bytes: [UInt8]) -> (line: String, rest: ArraySlice<UInt8>) {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return (String(decoding: line, as: UTF8.self), bytes.dropFirst(line.count + 1))
    }
}
