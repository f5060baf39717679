/// The receipt handles of one receive or of many, one behind the other in memory that is used again.
package struct ReceiptHandles {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// No handle.
    package init() {}

    /// How many there are.
    package var count: Int { ends.count }

    /// Whether there is none.
    package var isEmpty: Bool { ends.isEmpty }

    /// Adds one.
    mutating func append(_ handle: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: handle)
        ends.append(bytes.count)
    }

    /// Adds all of another list.
    mutating func append(_ others: ReceiptHandles) {
        for index in 0..<others.count { others.with(index) { append($0) } }
    }

    /// Takes all away.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Hands one to `body`.
    func with<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = index == 0 ? 0 : ends[index - 1]
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[index]])) }
    }

    /// Bytes of the handles from one to another.
    func sizeBytes(_ range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        return ends[range.upperBound - 1] - (range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1])
    }
}
