/// Percent-encoding of a form's values.
enum FormEncoding {
    /// The text's UTF-8, encoded.
    static func encoded(_ text: String) -> [UInt8] {
        var buffer = RequestBuffer()
        Array(text.utf8).withUnsafeBytes { append($0, to: &buffer) }
        return Array(buffer.bytes)
    }

    /// How long it becomes.
    static func length(of bytes: UnsafeRawBufferPointer) -> Int {
        bytes.reduce(0) { $0 + (isPlain($1) ? 1 : 3) }
    }

    /// Adds it to a buffer.
    static func append(_ bytes: UnsafeRawBufferPointer, to buffer: inout RequestBuffer) {
        for byte in bytes {
            if isPlain(byte) {
                buffer.append(byte)
            } else {
                buffer.append(UInt8(ascii: "%"))
                buffer.append(digit(byte >> 4))
                buffer.append(digit(byte & 0xf))
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
