import Benchmark
import Testing

/// Connections of a load, whose requests the test answers by hand.
final class Conversation {
    let ledger: Ledger
    let load: any Load
    private var buffer = RequestBuffer()
    private var operation: Benchmark.Operation?

    init(_ ledger: Ledger, _ load: any Load) {
        self.ledger = ledger
        self.load = load
    }

    /// The text of the next request; nil if the load is done.
    func next(connection: Int = 0, stopping: Bool = false) -> String? {
        buffer = RequestBuffer()
        operation = load.writeRequest(connection: connection, stopping: stopping, into: &buffer)
        return operation == nil ? nil : String(decoding: buffer.bytes, as: UTF8.self)
    }

    func answer(_ text: String) throws {
        let operation = try #require(operation)
        let outcome: Result<Void, BenchmarkError> = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(BenchmarkError) in
                try load.take(body: bytes, operation: operation, connection: 0)
            }
        }
        try outcome.get()
    }

    /// Requests to a queue of these messages.
    static func requests(_ shape: MessageShape, _ wire: WireProtocol = .json, queue: String = "q") -> Requests {
        let endpoint = Endpoint(loopbackPort: 9324)
        let url = "http://127.0.0.1:9324/000000000000/\(queue)"
        return Requests(endpoint: endpoint, queueURL: url, shape: shape, wire: wire)
    }

    /// The body of a message.
    static func body(_ sequence: Int, _ bytes: Int) -> String {
        let digits = String(sequence)
        let zeros = String(repeating: "0", count: MessageShape.sequenceDigits - digits.count)
        return zeros + digits + String(repeating: "x", count: bytes - MessageShape.sequenceDigits)
    }

    /// The answer to a receive that brings these messages.
    static func json(_ sequences: [Int], bytes: Int = 20) -> String {
        let messages = sequences.map { #"{"ReceiptHandle":"h\#($0)","MD5OfBody":"-","Body":"\#(body($0, bytes))"}"# }
        return #"{"Messages":[\#(messages.joined(separator: ","))]}"#
    }
}
