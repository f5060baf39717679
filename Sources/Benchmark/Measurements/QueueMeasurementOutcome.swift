/// What one measurement came to; its JSON form has the same names.
package struct QueueMeasurementOutcome: Encodable {
    /// What became of the messages, those of the warm-up included.
    package struct Check: Encodable {
        /// Messages whose send was answered.
        package var sent: Int

        /// Different messages received.
        package var received: Int

        /// Receipt handles deleted.
        package var deleted: Int

        /// Sent and never received.
        package var lost: Int

        /// Received again, which SQS allows on standard queues.
        package var doubled: Int

        /// Received after a later message that one sender has sent to the same group.
        package var outOfOrder: Int

        /// Whether all came, once and in order.
        package var isGood: Bool { lost == 0 && doubled == 0 && outOfOrder == 0 }

        /// The state of a ledger whose queue is drained.
        package init(_ ledger: Ledger) {
            sent = ledger.acknowledged
            received = ledger.received
            deleted = ledger.deleted
            lost = ledger.missing
            doubled = ledger.doubled
            outOfOrder = ledger.outOfOrder
        }
    }

    package var title: String
    package var wireProtocol: WireProtocol
    package var queue: String
    package var groups: Int?
    package var batch: Int
    package var bodyBytes: Int
    package var connections: Int
    package var elapsedSeconds: Double
    package var requestsPerSecond: Double

    /// Messages that made the whole way: sent, received, deleted.
    package var messagesPerSecond: Double

    /// The server's CPU; nil if it is not of the command's own making.
    package var serverCPUMicrosecondsPerMessage: Double?

    /// The command's own CPU, which it takes from a server on the same machine.
    package var generatorCPUMicrosecondsPerRequest: Double

    /// Receives that found nothing, as when others hold all groups that have messages.
    package var emptyReceives: Int

    /// By SQS's action.
    package var latencies: [String: LatencySummary]

    package var check: Check

    /// Whether it was ended before its time.
    package var isInterrupted: Bool

    init(
        _ measurement: QueueMeasurement,
        result: LoadResult,
        messages: Int,
        cpuSeconds: Double?,
        ledger: Ledger,
        isInterrupted: Bool
    ) {
        let requests = Double(max(result.requests, 1))
        title = measurement.title
        wireProtocol = measurement.wire
        queue = measurement.shape.groups == nil ? "standard" : "fifo"
        groups = measurement.shape.groups
        batch = measurement.shape.batch
        bodyBytes = measurement.shape.bodyBytes
        connections = measurement.connections
        elapsedSeconds = result.elapsedSeconds
        requestsPerSecond = result.requestsPerSecond
        messagesPerSecond = Double(messages) / result.elapsedSeconds
        serverCPUMicrosecondsPerMessage = messages > 0 ? cpuSeconds.map { $0 * 1e6 / Double(messages) } : nil
        generatorCPUMicrosecondsPerRequest = result.generatorCPUSeconds * 1e6 / requests
        emptyReceives = ledger.emptyReceives
        latencies = Dictionary(uniqueKeysWithValues: result.latencies.map { ($0.name, $1) })
        check = Check(ledger)
        self.isInterrupted = isInterrupted
    }
}
