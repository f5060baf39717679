package import NIOCore
package import QueueModel

/// Writes JSON into a buffer, piece by piece, with commas where they belong.
///
/// It holds the buffer itself while it writes, so that nothing is copied; `give(to:)` hands it back.
package struct JSONWriter {
    private var buffer: ByteBuffer
    private var needsComma = false

    /// Writes behind what the buffer holds; until `give(to:)` the caller's buffer is empty.
    package init(taking buffer: inout ByteBuffer) {
        self.buffer = ByteBuffer()
        swap(&self.buffer, &buffer)
    }

    /// Gives the buffer back, with all that was written.
    package consuming func give(to buffer: inout ByteBuffer) {
        swap(&self.buffer, &buffer)
    }

    /// Makes room at once for what is going to be written.
    package mutating func reserve(_ bytes: Int) {
        buffer.reserveCapacity(minimumWritableBytes: bytes)
    }

    /// Opens an object.
    package mutating func beginObject() {
        begin("{")
    }

    /// Closes an object.
    package mutating func endObject() {
        end("}")
    }

    /// Opens an array.
    package mutating func beginArray() {
        begin("[")
    }

    /// Closes an array.
    package mutating func endArray() {
        end("]")
    }

    /// Writes a member's name, which needs no escapes.
    package mutating func key(_ key: StaticString) {
        piece(key, 0) { _ in }
        needsComma = false
    }

    /// Writes a member's name, whatever it is.
    ///
    /// It has a label, since the compiler would take it for every literal, too.
    package mutating func key(named key: String) {
        string(key)
        buffer.writeStaticString(":")
        needsComma = false
    }

    /// Writes a truth value.
    package mutating func bool(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
    }

    /// Writes a whole number.
    package mutating func integer(_ value: Int) {
        separate()
        buffer.writeString(String(value))
    }

    /// Writes a member that is a string, or nothing at all if there is none.
    package mutating func member(_ key: StaticString, _ text: String?) {
        guard var text else { return }
        text.withUTF8 { string(key, UnsafeRawBufferPointer($0)) }
    }

    /// Writes a member that is a string, given as UTF-8.
    package mutating func member(_ key: StaticString, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { string(key, $0) }
    }

    /// Writes a member that is the id of a message.
    package mutating func member(_ key: StaticString, _ id: MessageID) {
        quoted(key, MessageID.length) { id.write(into: $0) }
    }

    /// Writes a member that is a digest, or nothing at all if there is none.
    package mutating func member(_ key: StaticString, _ digest: MD5Digest?) {
        guard let digest else { return }
        quoted(key, MD5Digest.length) { digest.write(into: $0) }
    }

    /// Writes a member that is a whole number, or nothing at all if there is none.
    package mutating func member(_ key: StaticString, _ value: Int?) {
        guard let value else { return }
        self.key(key)
        integer(value)
    }

    /// Writes a string.
    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(nil, UnsafeRawBufferPointer($0)) }
    }

    /// Writes a string that is given as UTF-8.
    package mutating func string(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { string(nil, $0) }
    }

    /// Writes bytes as a string in base64, with padding.
    package mutating func base64(_ bytes: [UInt8]) {
        quoted(nil, Base64.encodedCount(bytes.count)) { _ = Base64.encode(bytes, into: $0) }
    }

    private mutating func string(_ key: StaticString?, _ bytes: UnsafeRawBufferPointer) {
        let run = PlainRun.lengthOfUnescaped(bytes, from: 0)
        if run == bytes.count {
            quoted(key, run) { $0.copyMemory(from: bytes) }
        } else {
            if let key { self.key(key) }
            escapedString(bytes, plain: run)
        }
    }

    /// Writes a string of so many bytes that need no escapes, as a member if there is a name.
    @inline(__always)
    private mutating func quoted(_ key: StaticString?, _ count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        piece(key, count + 2) { output in
            output[0] = UInt8(ascii: "\"")
            write(UnsafeMutableRawBufferPointer(rebasing: output[1..<(count + 1)]))
            output[count + 1] = UInt8(ascii: "\"")
        }
    }

    /// Writes a comma if one belongs here, a member's name if there is one, and a value of so many bytes.
    ///
    /// All at once, for what a buffer asks itself before it is written to costs more than the writing.
    @inline(__always)
    private mutating func piece(_ key: StaticString?, _ count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        let keyCount = key?.utf8CodeUnitCount ?? 0
        let hasComma = needsComma
        let start = (hasComma ? 1 : 0) + (key == nil ? 0 : keyCount + 3)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: start + count) { output in
            if hasComma { output[0] = UInt8(ascii: ",") }
            if let key {
                let name = start - keyCount - 2
                output[name - 1] = UInt8(ascii: "\"")
                UnsafeMutableRawBufferPointer(rebasing: output[name..<(name + keyCount)])
                    .copyMemory(from: UnsafeRawBufferPointer(start: key.utf8Start, count: keyCount))
                output[name + keyCount] = UInt8(ascii: "\"")
                output[name + keyCount + 1] = UInt8(ascii: ":")
            }
            write(UnsafeMutableRawBufferPointer(rebasing: output[start...]))
            return start + count
        }
        needsComma = true
    }

    /// Writes a string of which some bytes need an escape, but not the first `plain` ones.
    private mutating func escapedString(_ bytes: UnsafeRawBufferPointer, plain: Int) {
        separate()
        buffer.reserveCapacity(minimumWritableBytes: bytes.count + bytes.count / 8 + 2)
        buffer.writeStaticString("\"")
        var run = plain
        var index = 0
        while true {
            if run > 0 { buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[index..<(index + run)])) }
            index += run
            guard index < bytes.count else { break }
            escape(bytes[index])
            index += 1
            run = PlainRun.lengthOfUnescaped(bytes, from: index)
        }
        buffer.writeStaticString("\"")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString(#"\""#)
        case UInt8(ascii: "\\"): buffer.writeStaticString(#"\\"#)
        case 0x0A: buffer.writeStaticString(#"\n"#)
        case 0x0D: buffer.writeStaticString(#"\r"#)
        case 0x09: buffer.writeStaticString(#"\t"#)
        case 0x08: buffer.writeStaticString(#"\b"#)
        case 0x0C: buffer.writeStaticString(#"\f"#)
        default:
            buffer.writeStaticString(#"\u00"#)
            buffer.writeInteger(UInt8(ascii: "0") + byte >> 4)
            let low = byte & 0xF
            buffer.writeInteger(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }

    private mutating func begin(_ bracket: Unicode.Scalar) {
        piece(nil, 1) { $0[0] = UInt8(ascii: bracket) }
        needsComma = false
    }

    private mutating func end(_ bracket: Unicode.Scalar) {
        needsComma = false
        piece(nil, 1) { $0[0] = UInt8(ascii: bracket) }
    }

    private mutating func separate() {
        if needsComma { buffer.writeStaticString(",") }
        needsComma = true
    }
}
