/// What was sent to a queue, or to several, and what came back, by the sequence number in each body.
///
/// The check of every load: an acknowledged message that never comes is lost, one that comes again is doubled, and one
/// that comes after a later one of its stream is out of order. A stream is what one connection sends to one message
/// group, one message after the other.
package final class Ledger {
    /// Messages whose send was answered.
    package private(set) var acknowledged = 0

    /// Sequence numbers given out.
    package private(set) var sent = 0

    /// Different messages received.
    package private(set) var received = 0

    /// Messages received again.
    package private(set) var doubled = 0

    /// Messages received after a later one of their stream.
    package private(set) var outOfOrder = 0

    /// Receipt handles deleted.
    package internal(set) var deleted = 0

    /// Receives that came back empty.
    package internal(set) var emptyReceives = 0

    /// Messages that were acknowledged and have not come.
    package var missing: Int { max(0, acknowledged - received) }

    private let bodyBytes: Int
    private var seen: [UInt64] = []
    private var streams: Streams
    private var streamOfMessage: [Int32] = []
    private var lastOfStream: [Int]

    /// An empty ledger for messages of this shape, sent by so many connections.
    package init(_ shape: MessageShape, connections: Int = 1) {
        bodyBytes = shape.bodyBytes
        streams = Streams(groups: shape.groups, connections: connections)
        lastOfStream = Array(repeating: -1, count: streams.count)
    }

    /// Gives out the next `count` sequence numbers to a connection; returns the first, and the group they are for.
    package func take(_ count: Int, connection: Int = 0) -> (sequence: Int, group: Int) {
        defer { sent += count }
        let (stream, group) = streams.next(connection: connection)
        if !lastOfStream.isEmpty { streamOfMessage.append(contentsOf: repeatElement(Int32(stream), count: count)) }
        return (sent, group)
    }

    /// Throws if it does not balance with `standing` messages that were sent and not yet received.
    package func check(standing: Int) throws(BenchmarkError) {
        guard doubled == 0 else { throw BenchmarkError("\(doubled) messages were received twice") }
        guard outOfOrder == 0 else { throw BenchmarkError("\(outOfOrder) messages were received out of order") }
        guard received == deleted, sent - received == standing else {
            throw BenchmarkError(
                "messages are lost: \(sent) sent, \(received) received, \(deleted) deleted, \(standing) should stand"
            )
        }
    }

    /// Notes that the send of some was answered.
    package func acknowledge(_ count: Int) { acknowledged += count }

    /// Notes a received body.
    package func receive(body: UnsafeRawBufferPointer) throws(BenchmarkError) {
        guard body.count == bodyBytes else {
            throw BenchmarkError("a body of \(body.count) bytes came back instead of \(bodyBytes)", kind: .answer)
        }
        var sequence = 0
        for index in 0..<MessageShape.sequenceDigits {
            sequence = sequence &* 10 &+ Int(body[index] &- UInt8(ascii: "0"))
        }
        guard sequence >= 0, sequence < sent else {
            throw BenchmarkError("a message came back that was never sent (number \(sequence))", kind: .answer)
        }
        let word = sequence / 64
        if word >= seen.count { seen.append(contentsOf: repeatElement(0, count: word + 1 - seen.count)) }
        let bit = UInt64(1) << UInt64(sequence % 64)
        guard seen[word] & bit == 0 else {
            doubled += 1
            return
        }
        seen[word] |= bit
        received += 1
        guard !lastOfStream.isEmpty else { return }
        let stream = Int(streamOfMessage[sequence])
        if sequence < lastOfStream[stream] { outOfOrder += 1 } else { lastOfStream[stream] = sequence }
    }
}
