internal import Crypto

/// HMAC-SHA-256 (RFC 2104) with a key that is worked in once and for all, so that a short text costs two blocks.
package struct KeyedCode: Sendable {
    /// Bytes of a code.
    package static let size = SHA256.byteCount

    private let inner: SHA256
    private let outer: SHA256

    /// Works a key in; one of up to 64 bytes.
    package init(key: [UInt8]) {
        precondition(key.count <= SHA256.blockByteCount, "a longer key would have to be hashed first")
        let block = key + Array(repeating: 0, count: SHA256.blockByteCount - key.count)
        inner = KeyedCode.begun(with: block.map { $0 ^ 0x36 })
        outer = KeyedCode.begun(with: block.map { $0 ^ 0x5C })
    }

    /// Hands the code of some bytes to `body`.
    package func with<Value>(codeOf bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        var inner = inner
        inner.update(bufferPointer: bytes)
        var outer = outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize().withUnsafeBytes(body)
    }

    private static func begun(with block: [UInt8]) -> SHA256 {
        var hash = SHA256()
        block.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash
    }
}
