import Glibc

/// Finds the few values the generator needs in an answer's JSON, without reading the rest.
///
/// It relies on what the load itself has sent: no body and no name in it holds a quotation mark, so a key found
/// as text is a key.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// Scans from the start of `bytes`, which must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next string under `key` (given with its quotation marks), escapes left as they are; nil if none is left.
    mutating func nextString(_ key: [UInt8]) -> UnsafeRawBufferPointer? {
        guard advance(past: key) else { return nil }
        skip(UInt8(ascii: ":"))
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        position = end + 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Whether an array under `key` (given with its quotation marks) is there and holds something.
    mutating func hasEntries(_ key: [UInt8]) -> Bool {
        guard advance(past: key) else { return false }
        skip(UInt8(ascii: ":"))
        skip(UInt8(ascii: "["))
        return position < bytes.count && bytes[position] != UInt8(ascii: "]")
    }

    private mutating func skip(_ byte: UInt8) {
        while position < bytes.count, bytes[position] == byte || bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    private mutating func advance(past key: [UInt8]) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        while position + key.count <= bytes.count {
            guard let hit = memchr(base + position, Int32(key[0]), bytes.count - key.count + 1 - position) else {
                return false
            }
            position = UnsafeRawPointer(hit) - base
            if memcmp(base + position, key, key.count) == 0 {
                position += key.count
                return true
            }
            position += 1
        }
        return false
    }
}
