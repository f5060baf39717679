/// The id of a message: 128 random bits, shown as a version 4 UUID in lower case.
public struct MessageID: Sendable, Hashable {
    /// The first eight bytes.
    public let high: UInt64

    /// The last eight bytes.
    public let low: UInt64

    /// Takes the sixteen bytes of a stored id as they are.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws a new id.
    public static func random(using generator: inout some RandomNumberGenerator) -> MessageID {
        let high = generator.next() & ~0xF000 | 0x4000
        let low = generator.next() & ~(0b11 << 62) | 0b10 << 62
        return MessageID(high: high, low: low)
    }

    /// The id as text, such as `219f8380-5770-4cc2-8c3e-5c715e145f5e`.
    public var text: String {
        String(unsafeUninitializedCapacity: MessageID.length) { letters in
            write(into: UnsafeMutableRawBufferPointer(letters))
            return MessageID.length
        }
    }

    /// Letters of the text.
    package static let length = UUIDText.length

    /// Writes the text.
    package func write(into output: UnsafeMutableRawBufferPointer) {
        UUIDText.write(high: high, low: low, into: output)
    }
}
