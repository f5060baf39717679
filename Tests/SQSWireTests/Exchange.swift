import NIOCore
import QueueModel
import SQSWire

/// Reads a request given as text.
func decode(_ operation: String, _ body: String) throws(SQSError) -> SQSRequest {
    try AWSJSON.decode(target: "AmazonSQS.\(operation)", body: ByteBuffer(string: body))
}

/// Reads a request given as bytes.
func decode(_ operation: String, bytes: [UInt8]) throws(SQSError) -> SQSRequest {
    try AWSJSON.decode(target: "AmazonSQS.\(operation)", body: ByteBuffer(bytes: bytes))
}

/// The error that a request answers; nothing if it is read.
func refusal(_ operation: String, _ body: String) -> SQSError? {
    do {
        _ = try decode(operation, body)
        return nil
    } catch {
        return error
    }
}

/// An answer's body as text.
func encode(_ result: SQSResult) -> String {
    var buffer = ByteBuffer()
    AWSJSON.encode(result, into: &buffer)
    return String(buffer: buffer)
}

/// An error's body as text.
func encode(_ error: SQSError) -> String {
    var buffer = ByteBuffer()
    AWSJSON.encode(error, into: &buffer)
    return String(buffer: buffer)
}

/// The error of a member that has the wrong type.
func serialization(_ message: String) -> SQSError {
    SQSError(type: "SerializationException", message: message)
}

/// A generator whose numbers depend on its seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ limit: Int) -> Int {
        Int(next() % UInt64(limit))
    }

    mutating func text(lengthMax: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<below(lengthMax + 1) {
            let scalar: UInt32
            switch below(6) {
            case 0: scalar = UInt32(below(0x20))
            case 1: scalar = [0x22, 0x5C, 0x2F, 0x7F, 0xE9, 0x2028, 0xFFFD, 0x1F600][below(8)]
            case 2: scalar = UInt32(below(0x11_0000))
            default: scalar = UInt32(0x20 + below(0x5F))
            }
            if let scalar = Unicode.Scalar(scalar) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}

/// The id that messages have here.
let messageId = MessageID(high: 0x219F_8380_5770_4CC2, low: 0x8C3E_5C71_5E14_5F5E)

/// A digest that a test can tell from others.
func digest(_ number: UInt64) -> MD5Digest {
    MD5Digest(high: 0, low: number)
}
