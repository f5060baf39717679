internal import Crypto

/// An MD5 digest, which SQS uses to let clients check what arrived.
public struct MD5Digest: Sendable, Hashable {
    /// The first eight bytes, the first byte highest.
    public let high: UInt64

    /// The last eight bytes.
    public let low: UInt64

    /// Takes a stored digest.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The digest of some bytes.
    public init(of bytes: [UInt8]) {
        var hasher = MD5Hasher()
        hasher.update(bytes)
        self = hasher.digest
    }

    /// The digest as 32 lower-case hexadecimal digits.
    public var text: String {
        String(unsafeUninitializedCapacity: MD5Digest.length) { letters in
            write(into: UnsafeMutableRawBufferPointer(letters))
            return MD5Digest.length
        }
    }

    /// Letters of the text.
    package static let length = 32

    /// Writes the text.
    package func write(into output: UnsafeMutableRawBufferPointer) {
        Hexadecimal.write(high, into: output, at: 0)
        Hexadecimal.write(low, into: output, at: 16)
    }
}

/// Makes an MD5 digest piece by piece; the digest so far can be taken at any time.
struct MD5Hasher {
    private var md5 = Insecure.MD5()

    mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { md5.update(bufferPointer: $0) }
    }

    mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { md5.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// Adds a length as MD5OfMessageAttributes wants it: four bytes, the highest first.
    mutating func update(length: Int) {
        withUnsafeBytes(of: UInt32(length).bigEndian) { md5.update(bufferPointer: $0) }
    }

    var digest: MD5Digest {
        md5.finalize().withUnsafeBytes { bytes in
            MD5Digest(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
