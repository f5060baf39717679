/// What was sent to one queue and what came back, by the sequence number in each body.
///
/// The check of every load: an acknowledged message that never comes is lost, one that comes again is doubled.
///
/// Unchecked: it belongs to the load that runs, on the generator's event loop, and to the caller between loads;
/// `LoadGenerator.run` returns only when nothing of the load is under way.
final class Ledger: @unchecked Sendable {
    /// Sequence numbers given out.
    private(set) var sent = 0

    /// Different messages received.
    private(set) var received = 0

    /// Messages received again.
    private(set) var doubled = 0

    /// Receipt handles deleted.
    var deleted = 0

    /// Receives that came back empty.
    var emptyReceives = 0

    private var seen: [UInt64] = []

    /// An empty ledger.
    init() {}

    /// Gives out the next `count` sequence numbers and returns the first.
    func take(_ count: Int) -> Int {
        defer { sent += count }
        return sent
    }

    /// Notes a received body.
    func receive(body: UnsafeRawBufferPointer) throws(BenchError) {
        var sequence = 0
        guard body.count == Requests.bodyBytes else {
            throw BenchError("a body of \(body.count) bytes came back instead of \(Requests.bodyBytes)")
        }
        for byte in body.prefix(Requests.sequenceDigits) { sequence = sequence * 10 + Int(byte &- UInt8(ascii: "0")) }
        guard (0..<sent).contains(sequence) else {
            throw BenchError("a message came back that was never sent (number \(sequence))")
        }
        let word = sequence / 64
        if word >= seen.count { seen.append(contentsOf: repeatElement(0, count: word + 1 - seen.count)) }
        let bit = UInt64(1) << UInt64(sequence % 64)
        if seen[word] & bit == 0 {
            seen[word] |= bit
            received += 1
        } else {
            doubled += 1
        }
    }
}
