internal import Glibc

/// Where the bytes of the next request are put together; used again for every request.
package struct RequestBuffer: ~Copyable {
    /// How many bytes it holds.
    package private(set) var count = 0

    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    /// An empty buffer.
    package init() {
        capacity = 65_536
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    /// The bytes; valid until the buffer is changed.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes it empty.
    mutating func clear() { count = 0 }

    /// Adds bytes at the end.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(base + count, start, bytes.count)
        count += bytes.count
    }

    /// Adds bytes at the end.
    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Adds one byte at the end.
    mutating func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Adds a number in as many digits as it has.
    mutating func append(decimal number: Int) {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        reserve(digits)
        count += digits
        overwrite(at: count - digits, decimal: number, digits: digits)
    }

    /// Puts a number in `digits` digits over what stands at an offset.
    mutating func overwrite(at offset: Int, decimal number: Int, digits: Int) {
        precondition(offset + digits <= count)
        var rest = number
        for index in stride(from: offset + digits - 1, through: offset, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            base.storeBytes(
                of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit),
                toByteOffset: index,
                as: UInt8.self
            )
            rest = quotient
        }
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        memcpy(larger, base, count)
        base.deallocate()
        base = larger
    }
}
