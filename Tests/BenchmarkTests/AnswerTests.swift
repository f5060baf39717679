import Benchmark
import Testing

struct AnswerTests {
    /// Status, body and length of an answer; nil if it is incomplete.
    private func parsed(_ text: String) throws -> (status: Int, body: String, length: Int)? {
        var bytes = Array(text.utf8)
        let outcome: Result<(Int, String, Int)?, BenchmarkError> = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(BenchmarkError) in
                try Answer(bytes).map { ($0.status, String(decoding: $0.body, as: UTF8.self), $0.length) }
            }
        }
        return try outcome.get()
    }

    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 9\r\nDate: y\r\n\r\n{\"a\": \"\"}",
            "HTTP/1.1 200 OK\r\ncontent-length:9\r\n\r\n{\"a\": \"\"}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n5;x=y\r\n: \"\"}\r\n0\r\n\r\n",
        ]
    )
    func `an answer is complete with its last byte and not before`(text: String) throws {
        for count in 0..<text.utf8.count {
            #expect(try parsed(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        let answer = try #require(try parsed(text))
        #expect(answer.status == 200 && answer.body == #"{"a": ""}"# && answer.length == text.utf8.count)
    }

    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        ]
    )
    func `what can't be understood ends the measurement`(text: String) {
        let error = #expect(throws: BenchmarkError.self) { try parsed(text) }
        #expect(error?.kind == .answer)
    }

    @Test func `an error's status is told with its body`() throws {
        let answer = try #require(try parsed("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}"))
        #expect(answer.status == 503 && answer.body == "{}")
    }
}
