/// Deletes as bytes: ready-made parts around receipt handles as they stood in the answer.
///
/// JSON takes a handle with its escapes as it came; a form takes it percent-encoded.
struct DeleteWriter: Sendable {
    private let wire: WireProtocol
    private let oneHead: [UInt8]
    private let oneStart: [UInt8]
    private let oneEnd: [UInt8]
    private let batchHead: [UInt8]
    private let batchStart: [UInt8]
    private let entryStarts: [[UInt8]]
    private let entryEnd: [UInt8]
    private let batchEnd: [UInt8]

    /// Assembles the parts.
    init(head: RequestHead, queueURL: String, _ wire: WireProtocol) {
        self.wire = wire
        oneHead = head.withoutLength("DeleteMessage")
        batchHead = head.withoutLength("DeleteMessageBatch")
        let entries = 0..<MessageShape.batchMax
        switch wire {
        case .json:
            let queue = #"{"QueueUrl": "\#(queueURL)""#
            oneStart = Array((queue + #", "ReceiptHandle": ""#).utf8)
            oneEnd = Array(#""}"#.utf8)
            batchStart = Array((queue + #", "Entries": ["#).utf8)
            entryStarts = entries.map { Array(#"\#($0 > 0 ? ", " : ""){"Id": "\#($0)", "ReceiptHandle": ""#.utf8) }
            entryEnd = oneEnd
            batchEnd = Array("]}".utf8)
        case .query:
            func start(_ action: String) -> [UInt8] {
                Array("Action=\(action)&Version=2012-11-05&QueueUrl=".utf8) + FormEncoding.encoded(queueURL)
            }
            oneStart = start("DeleteMessage") + Array("&ReceiptHandle=".utf8)
            oneEnd = []
            batchStart = start("DeleteMessageBatch")
            entryStarts = entries.map {
                let prefix = "&DeleteMessageBatchRequestEntry.\($0 + 1)."
                return Array("\(prefix)Id=\($0)\(prefix)ReceiptHandle=".utf8)
            }
            entryEnd = []
            batchEnd = []
        }
    }

    /// DeleteMessage of one handle.
    func writeOne(_ handles: ReceiptHandles, _ index: Int, into buffer: inout RequestBuffer) {
        buffer.append(oneHead)
        writeLength(oneStart.count + length(handles, index..<index + 1) + oneEnd.count, into: &buffer)
        buffer.append(oneStart)
        write(handles, index, into: &buffer)
        buffer.append(oneEnd)
    }

    /// DeleteMessageBatch of some handles, ten at most.
    func writeBatch(_ handles: ReceiptHandles, _ range: Range<Int>, into buffer: inout RequestBuffer) {
        precondition((1...MessageShape.batchMax).contains(range.count))
        var bytes = batchStart.count + length(handles, range) + range.count * entryEnd.count + batchEnd.count
        for entry in 0..<range.count { bytes += entryStarts[entry].count }
        buffer.append(batchHead)
        writeLength(bytes, into: &buffer)
        buffer.append(batchStart)
        for (entry, index) in range.enumerated() {
            buffer.append(entryStarts[entry])
            write(handles, index, into: &buffer)
            buffer.append(entryEnd)
        }
        buffer.append(batchEnd)
    }

    private func length(_ handles: ReceiptHandles, _ range: Range<Int>) -> Int {
        switch wire {
        case .json: handles.sizeBytes(range)
        case .query: range.reduce(0) { sum, index in sum + handles.with(index) { FormEncoding.length(of: $0) } }
        }
    }

    private func write(_ handles: ReceiptHandles, _ index: Int, into buffer: inout RequestBuffer) {
        switch wire {
        case .json: handles.with(index) { buffer.append($0) }
        case .query: handles.with(index) { FormEncoding.append($0, to: &buffer) }
        }
    }

    private func writeLength(_ length: Int, into buffer: inout RequestBuffer) {
        buffer.append(decimal: length)
        buffer.append(Self.headEnd)
    }

    private static let headEnd = Array("\r\n\r\n".utf8)
}
