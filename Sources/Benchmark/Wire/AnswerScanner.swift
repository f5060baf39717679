internal import CLinux
internal import Glibc

/// Finds the few values the generator needs in an answer, without reading the rest.
///
/// It relies on what the load itself has sent: no body and no name in it holds a quotation mark or a bracket, so a
/// key found as text is a key.
struct AnswerScanner {
    /// A value to look for.
    enum Key {
        case body
        case receiptHandle
        case queueURL
    }

    private let bytes: UnsafeRawBufferPointer
    private let wire: WireProtocol
    private var position = 0

    /// Scans from the start of `bytes`, which must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer, _ wire: WireProtocol) {
        self.bytes = bytes
        self.wire = wire
    }

    /// The next value under `key` as it stands there, escapes included; nil if none is left.
    mutating func next(_ key: Key) -> UnsafeRawBufferPointer? {
        switch (wire, key) {
        case (.json, .body): nextString(Self.jsonBody)
        case (.json, .receiptHandle): nextString(Self.jsonReceiptHandle)
        case (.json, .queueURL): nextString(Self.jsonQueueURL)
        case (.query, .body): nextElement(Self.xmlBody)
        case (.query, .receiptHandle): nextElement(Self.xmlReceiptHandle)
        case (.query, .queueURL): nextElement(Self.xmlQueueURL)
        }
    }

    /// The string under any key of a JSON answer.
    mutating func next(jsonKey: String) -> UnsafeRawBufferPointer? {
        nextString(Array("\"\(jsonKey)\"".utf8))
    }

    /// Whether the answer to a batch tells of entries that failed.
    func hasFailures() -> Bool {
        var scanner = self
        switch wire {
        case .query: return scanner.advance(past: Self.xmlFailed)
        case .json:
            guard scanner.advance(past: Self.jsonFailed) else { return false }
            scanner.skip(UInt8(ascii: ":"))
            scanner.skip(UInt8(ascii: "["))
            return scanner.position < bytes.count && bytes[scanner.position] != UInt8(ascii: "]")
        }
    }

    private static let jsonBody = Array(#""Body""#.utf8)
    private static let jsonReceiptHandle = Array(#""ReceiptHandle""#.utf8)
    private static let jsonQueueURL = Array(#""QueueUrl""#.utf8)
    private static let jsonFailed = Array(#""Failed""#.utf8)
    private static let xmlBody = Array("<Body>".utf8)
    private static let xmlReceiptHandle = Array("<ReceiptHandle>".utf8)
    private static let xmlQueueURL = Array("<QueueUrl>".utf8)
    private static let xmlFailed = Array("<BatchResultErrorEntry>".utf8)

    private mutating func nextString(_ key: [UInt8]) -> UnsafeRawBufferPointer? {
        guard advance(past: key) else { return nil }
        skip(UInt8(ascii: ":"))
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        guard var end = index(of: UInt8(ascii: "\""), from: start) else { return nil }
        while bytes[end - 1] == UInt8(ascii: "\\"), isEscaped(end) {
            guard let next = index(of: UInt8(ascii: "\""), from: end + 1) else { return nil }
            end = next
        }
        position = end + 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    private mutating func nextElement(_ tag: [UInt8]) -> UnsafeRawBufferPointer? {
        guard advance(past: tag), let end = index(of: UInt8(ascii: "<"), from: position) else { return nil }
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }

    /// Whether an odd number of backslashes stands before a place.
    private func isEscaped(_ place: Int) -> Bool {
        var count = 0
        while place - count > 0, bytes[place - count - 1] == UInt8(ascii: "\\") { count += 1 }
        return !count.isMultiple(of: 2)
    }

    private func index(of byte: UInt8, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start <= bytes.count,
            let hit = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(hit) - base
    }

    private mutating func skip(_ byte: UInt8) {
        while position < bytes.count, bytes[position] == byte || bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    private mutating func advance(past key: [UInt8]) -> Bool {
        guard let base = bytes.baseAddress,
            let hit = memmem(base + position, bytes.count - position, key, key.count)
        else { return false }
        position = UnsafeRawPointer(hit) - base + key.count
        return true
    }
}
