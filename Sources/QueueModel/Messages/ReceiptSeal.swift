internal import Crypto
internal import Foundation

/// Turns receipts into receipt handles and back.
///
/// A handle carries an HMAC, so it can't be made up or changed.
public struct ReceiptSeal: Sendable {
    private static let version: UInt8 = 1
    private static let payloadSize = 1 + 8 + 4 + 8
    private static let codeSize = 16
    private static let handleSize = (payloadSize + codeSize + 2) / 3 * 4

    private let key: SymmetricKey

    /// Seals with a key of 32 bytes, made once with the store and kept in it.
    public init(key: [UInt8]) {
        precondition(key.count == 32, "the receipt key has 256 bits")
        self.key = SymmetricKey(data: key)
    }

    /// The receipt handle of a receipt: base64 of version, locator, count, moment and 128 bits of HMAC-SHA-256.
    public func seal(_ receipt: Receipt) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ReceiptSeal.payloadSize + ReceiptSeal.codeSize)
        bytes.append(ReceiptSeal.version)
        withUnsafeBytes(of: receipt.locator.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(clamping: receipt.receiveCount).bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: receipt.receivedAt.milliseconds.bigEndian) { bytes.append(contentsOf: $0) }
        let code = HMAC<SHA256>.authenticationCode(for: bytes, using: key)
        code.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(ReceiptSeal.codeSize)) }
        return Data(bytes).base64EncodedString()
    }

    /// The receipt in a handle, or nothing if this seal never made the handle.
    public func open(_ handle: String) -> Receipt? {
        // The last letter before the padding has bits that no byte holds: only the letter that `seal` writes will do.
        guard handle.utf8.count == ReceiptSeal.handleSize, let data = Data(base64Encoded: handle),
            data.count == ReceiptSeal.payloadSize + ReceiptSeal.codeSize, data.first == ReceiptSeal.version,
            data.base64EncodedString() == handle
        else { return nil }
        let bytes = Array(data)
        let payload = bytes[..<ReceiptSeal.payloadSize]
        let code = HMAC<SHA256>.authenticationCode(for: payload, using: key)
        let difference = zip(code, bytes[ReceiptSeal.payloadSize...]).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        guard difference == 0 else { return nil }
        return bytes.withUnsafeBytes { buffer in
            Receipt(
                locator: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 1, as: UInt64.self)),
                receiveCount: Int(UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: 9, as: UInt32.self))),
                receivedAt: Timestamp(
                    milliseconds: Int64(bigEndian: buffer.loadUnaligned(fromByteOffset: 13, as: Int64.self))
                )
            )
        }
    }
}
