/// Turns receipts into receipt handles and back.
///
/// A handle carries an authentication code, so it can't be made up or changed.
public struct ReceiptSeal: Sendable {
    private static let version: UInt8 = 1
    private static let payloadSize = 1 + 8 + 4 + 8
    private static let codeSize = 16
    private static let size = payloadSize + codeSize
    private static let handleSize = Base64.encodedCount(size)

    private let sip: SipHash

    /// Seals with a key of 32 bytes, made once with the store and kept in it.
    public init(key: [UInt8]) {
        precondition(key.count == 32, "the receipt key has 256 bits")
        sip = SipHash(secret: key, purpose: "receipt handles")
    }

    /// The receipt handle of a receipt: base64 of version, locator, count, moment and the SipHash of these.
    public func seal(_ receipt: Receipt) -> String {
        withUnsafeTemporaryAllocation(byteCount: ReceiptSeal.size, alignment: 8) { bytes in
            bytes[0] = ReceiptSeal.version
            bytes.storeBytes(of: receipt.locator.bigEndian, toByteOffset: 1, as: UInt64.self)
            bytes.storeBytes(of: UInt32(clamping: receipt.receiveCount).bigEndian, toByteOffset: 9, as: UInt32.self)
            bytes.storeBytes(of: receipt.receivedAt.milliseconds.bigEndian, toByteOffset: 13, as: Int64.self)
            let payload = UnsafeRawBufferPointer(rebasing: bytes[..<ReceiptSeal.payloadSize])
            let code = sip.hash(payload)
            bytes.storeBytes(of: code.first.littleEndian, toByteOffset: ReceiptSeal.payloadSize, as: UInt64.self)
            bytes.storeBytes(of: code.second.littleEndian, toByteOffset: ReceiptSeal.payloadSize + 8, as: UInt64.self)
            return String(unsafeUninitializedCapacity: ReceiptSeal.handleSize) { letters in
                Base64.encode(UnsafeRawBufferPointer(bytes), into: UnsafeMutableRawBufferPointer(letters))
            }
        }
    }

    /// The receipt in a handle, or nothing if this seal never made the handle.
    public func open(_ handle: String) -> Receipt? {
        var handle = handle
        return handle.withUTF8 { letters in
            let letters = UnsafeRawBufferPointer(letters)
            guard letters.count == ReceiptSeal.handleSize else { return nil }
            return withUnsafeTemporaryAllocation(byteCount: letters.count / 4 * 3, alignment: 8) { room in
                guard Base64.decode(letters, into: room) == ReceiptSeal.size, room[0] == ReceiptSeal.version else {
                    return nil
                }
                let bytes = UnsafeRawBufferPointer(rebasing: room[..<ReceiptSeal.size])
                return isOwn(bytes, written: letters) ? ReceiptSeal.receipt(in: bytes) : nil
            }
        }
    }

    /// Whether this seal made these bytes and wrote them with these letters.
    private func isOwn(_ bytes: UnsafeRawBufferPointer, written letters: UnsafeRawBufferPointer) -> Bool {
        // The last letter before the padding has bits that no byte holds: only the letter that `seal` writes will do.
        let lastGroup = withUnsafeTemporaryAllocation(byteCount: 4, alignment: 4) { own in
            _ = Base64.encode(UnsafeRawBufferPointer(rebasing: bytes.suffix((bytes.count - 1) % 3 + 1)), into: own)
            return own.load(as: UInt32.self)
        }
        guard letters.loadUnaligned(fromByteOffset: letters.count - 4, as: UInt32.self) == lastGroup else {
            return false
        }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[..<ReceiptSeal.payloadSize])
        let code = sip.hash(payload)
        let first = bytes.loadUnaligned(fromByteOffset: ReceiptSeal.payloadSize, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: ReceiptSeal.payloadSize + 8, as: UInt64.self)
        // As long whatever the code is, so that it can't be guessed byte by byte.
        return (code.first ^ UInt64(littleEndian: first)) | (code.second ^ UInt64(littleEndian: second)) == 0
    }

    private static func receipt(in bytes: UnsafeRawBufferPointer) -> Receipt {
        Receipt(
            locator: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt64.self)),
            receiveCount: Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 9, as: UInt32.self))),
            receivedAt: Timestamp(
                milliseconds: Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: 13, as: Int64.self))
            )
        )
    }
}
