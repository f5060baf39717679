internal import QueueModel

/// Percent-encoding as forms use it (WHATWG URL, "application/x-www-form-urlencoded"), read strictly.
enum PercentEncoding {
    /// The text behind the bytes: `+` is a blank.
    ///
    /// - Throws: MalformedQueryString for broken escapes and for what is not UTF-8.
    static func decode(_ encoded: UnsafeRawBufferPointer) throws(SQSError) -> [UInt8] {
        guard PlainRun.lengthOfForm(encoded, from: 0) < encoded.count else { return Array(encoded) }
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: encoded.count) { output, count in
            count = 0
            var index = 0
            while index < encoded.count {
                let run = PlainRun.lengthOfForm(encoded, from: index)
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[count...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: encoded[index..<(index + run)]))
                index += run
                count += run
                guard index < encoded.count else { return }
                switch encoded[index] {
                case UInt8(ascii: "+"):
                    output[count] = UInt8(ascii: " ")
                case UInt8(ascii: "%"):
                    guard index + 2 < encoded.count,
                        let high = JSONString.hexadecimalDigit(encoded[index + 1]),
                        let low = JSONString.hexadecimalDigit(encoded[index + 2])
                    else {
                        isValid = false
                        return
                    }
                    output[count] = high << 4 | low
                    index += 2
                case let byte:
                    output[count] = byte
                }
                index += 1
                count += 1
            }
        }
        guard isValid else { throw .malformedQueryString("A percent sign is not followed by two hexadecimal digits.") }
        guard isUTF8(bytes) else { throw .malformedQueryString("A parameter is not valid UTF-8.") }
        return bytes
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}
