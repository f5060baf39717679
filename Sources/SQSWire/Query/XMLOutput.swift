internal import NIOCore
internal import QueueModel

/// Writes XML into a buffer, piece by piece; it holds the buffer itself while it writes.
struct XMLOutput: QueryOutput {
    private var buffer: ByteBuffer

    /// Writes behind what the buffer holds; until `give(to:)` the caller's buffer is empty.
    init(taking buffer: inout ByteBuffer) {
        self.buffer = ByteBuffer()
        swap(&self.buffer, &buffer)
    }

    /// Gives the buffer back, with all that was written.
    consuming func give(to buffer: inout ByteBuffer) {
        swap(&self.buffer, &buffer)
    }

    /// Writes the document's beginning and its only element.
    mutating func document(_ name: String, namespace: StaticString, _ write: (inout XMLOutput) -> Void) {
        buffer.writeStaticString(#"<?xml version="1.0"?><"#)
        buffer.writeString(name)
        buffer.writeStaticString(#" xmlns=""#)
        buffer.writeStaticString(namespace)
        buffer.writeStaticString(#"">"#)
        write(&self)
        buffer.writeStaticString("</")
        buffer.writeString(name)
        buffer.writeStaticString(">")
    }

    /// Writes an element that has nothing in it if `write` writes nothing.
    mutating func element(_ name: String, _ write: (inout XMLOutput) -> Void) {
        buffer.writeStaticString("<")
        buffer.writeString(name)
        buffer.writeStaticString(">")
        let start = buffer.writerIndex
        write(&self)
        guard buffer.writerIndex > start else {
            buffer.moveWriterIndex(to: start - 1)
            buffer.writeStaticString("/>")
            return
        }
        buffer.writeStaticString("</")
        buffer.writeString(name)
        buffer.writeStaticString(">")
    }

    /// Writes an element that has nothing in it.
    mutating func empty(_ name: StaticString) {
        buffer.writeStaticString("<")
        buffer.writeStaticString(name)
        buffer.writeStaticString("/>")
    }

    mutating func text(_ name: StaticString, _ text: String) {
        var text = text
        open(name)
        text.withUTF8 { escape(UnsafeRawBufferPointer($0)) }
        close(name)
    }

    mutating func text(_ name: StaticString, utf8: [UInt8]) {
        open(name)
        utf8.withUnsafeBytes { escape($0) }
        close(name)
    }

    mutating func base64(_ name: StaticString, _ bytes: [UInt8]) {
        open(name)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Base64.encodedCount(bytes.count)) {
            Base64.encode(bytes, into: $0)
        }
        close(name)
    }

    mutating func integer(_ name: StaticString, _ value: Int) {
        text(name, String(value))
    }

    mutating func bool(_ name: StaticString, _ value: Bool) {
        text(name, value ? "true" : "false")
    }

    mutating func structure(_ name: StaticString, _ write: (inout XMLOutput) -> Void) {
        open(name)
        write(&self)
        close(name)
    }

    mutating func texts(_ name: StaticString, of element: StaticString, _ texts: [String]) {
        for text in texts { self.text(element, text) }
    }

    mutating func list<Element>(
        _ name: StaticString,
        of element: StaticString,
        _ elements: [Element],
        _ write: (inout XMLOutput, Element) -> Void
    ) {
        for one in elements {
            structure(element) { write(&$0, one) }
        }
    }

    private mutating func open(_ name: StaticString) {
        tag(name, isClosing: false)
    }

    private mutating func close(_ name: StaticString) {
        tag(name, isClosing: true)
    }

    private mutating func tag(_ name: StaticString, isClosing: Bool) {
        let count = name.utf8CodeUnitCount
        let start = isClosing ? 2 : 1
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count + 3) { output in
            output[0] = UInt8(ascii: "<")
            output[1] = UInt8(ascii: "/")
            UnsafeMutableRawBufferPointer(rebasing: output[start...])
                .copyMemory(from: UnsafeRawBufferPointer(start: name.utf8Start, count: count))
            output[start + count] = UInt8(ascii: ">")
            return start + count + 1
        }
    }

    /// Writes valid UTF-8; what XML 1.0 can't hold becomes U+FFFD.
    ///
    /// A carriage return is written as a reference, for parsers turn a bare one into a line feed.
    private mutating func escape(_ bytes: UnsafeRawBufferPointer) {
        buffer.reserveCapacity(minimumWritableBytes: bytes.count)
        var start = 0
        var index = 0
        while true {
            index += PlainRun.lengthOfXML(bytes, from: index)
            guard index < bytes.count else { break }
            guard let (reference, length) = XMLOutput.reference(bytes, at: index) else {
                index += 1
                continue
            }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            buffer.writeStaticString(reference)
            index += length
            start = index
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    /// What stands for the character at a place, and how many bytes it has, if it can't stand for itself.
    @inline(__always)
    private static func reference(_ bytes: UnsafeRawBufferPointer, at index: Int) -> (StaticString, Int)? {
        switch bytes[index] {
        case UInt8(ascii: "&"): return ("&amp;", 1)
        case UInt8(ascii: "<"): return ("&lt;", 1)
        case UInt8(ascii: ">"): return ("&gt;", 1)
        case UInt8(ascii: "\""): return ("&quot;", 1)
        case UInt8(ascii: "'"): return ("&apos;", 1)
        case 0x0D: return ("&#xD;", 1)
        case 0x09, 0x0A: return nil
        case 0..<0x20: return ("\u{FFFD}", 1)
        case 0xEF:
            // EF BF BE is U+FFFE, EF BF BF is U+FFFF.
            guard index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE else { return nil }
            return ("\u{FFFD}", 3)
        default: return nil
        }
    }
}
