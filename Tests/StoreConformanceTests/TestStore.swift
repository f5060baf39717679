import Foundation
import Logging
import QueueModel
import ReferenceStore
import SQLiteStore

/// A store with a clock that the test moves, and what its listener was told.
///
/// With a machine it has the clock of a store in use, over the machine's clocks.
final class TestStore {
    let kind: StoreKind
    let clock: ManualClock
    private(set) var store: any InspectableStore
    private let directory: String
    private let inFlightMessagesMax: Int
    private let machine: TestMachine?
    private let hints = Gathered<Availability>()
    private var lastMessageNumber: UInt64 = 0

    init(
        _ kind: StoreKind,
        clock: ManualClock = ManualClock(),
        inFlightMessagesMax: Int = Limits.inFlightMessagesMax,
        machine: TestMachine? = nil
    ) throws {
        self.kind = kind
        self.clock = clock
        self.inFlightMessagesMax = inFlightMessagesMax
        self.machine = machine
        directory = TestStore.newDirectoryPath()
        store = try TestStore.open(
            kind,
            in: directory,
            clock: clock,
            inFlightMessagesMax: inFlightMessagesMax,
            machine: machine
        )
        store.setAvailabilityListener { [hints] in hints.append($0) }
    }

    deinit {
        TestStore.close(store)
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Closes the store and opens it again on what it left behind.
    func restart() throws {
        precondition(StoreKind.persistent.contains(kind), "the \(kind) store forgets everything")
        TestStore.close(store)
        try reopen()
    }

    private func reopen() throws {
        store = try TestStore.open(
            kind,
            in: directory,
            clock: clock,
            inFlightMessagesMax: inFlightMessagesMax,
            machine: machine
        )
        store.setAvailabilityListener { [hints] in hints.append($0) }
    }

    /// What `holdfast check` finds in what the store has left behind; the store is opened again afterwards.
    func check() throws -> [String] {
        guard StoreKind.persistent.contains(kind) else { return [] }
        TestStore.close(store)
        let report = try StoreCheck(.directory(directory)).run()
        try reopen()
        return report.findings.map { "\($0.check): \($0.text)" }
    }

    /// What the store takes for the present moment.
    var now: Timestamp { (store as? SQLiteStore)?.clock.now() ?? clock.now() }

    func advance(seconds: Int = 0, milliseconds: Int = 0) {
        let step = Int64(seconds * 1_000 + milliseconds)
        clock.advance(milliseconds: step)
        machine?.advance(milliseconds: step)
    }

    /// What the listener was told since the last call, put together by queue.
    func takeHints() -> [QueueName: Availability] {
        // A later command's answer comes after the hints of the batches before it.
        _ = store.apply(.listQueues(ListQueuesCommand(limit: 1)))
        return hintsSoFar()
    }

    /// As `takeHints`, for callers that have waited for the store in another way.
    func hintsSoFar() -> [QueueName: Availability] {
        Dictionary(hints.take().map { ($0.queue, $0) }) { first, second in
            Availability(
                queue: first.queue,
                availableNow: first.availableNow + second.availableNow,
                nextAvailableAt: [first.nextAvailableAt, second.nextAvailableAt].compactMap { $0 }.min(),
                now: second.now,
                isQueueDeleted: first.isQueueDeleted || second.isQueueDeleted
            )
        }
    }

    /// A message with an id that this store has not seen.
    func newMessage(_ content: MessageContent, delaySeconds: Int? = nil) -> NewMessage {
        lastMessageNumber += 1
        return NewMessage(
            messageId: MessageID(high: 0x4000, low: lastMessageNumber),
            content: content,
            delaySeconds: delaySeconds
        )
    }

    private static func newDirectoryPath() -> String {
        // The tests are about meaning, not about the disk: memory will do.
        let shared = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: shared) ? shared : FileManager.default.temporaryDirectory.path
        return "\(parent)/holdfast-conformance-\(UUID().uuidString)"
    }

    private static func open(
        _ kind: StoreKind,
        in directory: String,
        clock: ManualClock,
        inFlightMessagesMax: Int,
        machine: TestMachine?
    ) throws -> any InspectableStore {
        var configuration = SQLiteStoreConfiguration()
        configuration.inFlightMessagesMax = inFlightMessagesMax
        if let machine { configuration.machineClocks = machine.clocks }
        configuration.hasBallast = false
        // So few that what a test does with groups goes all the way.
        configuration.groupBuffer.buckets = 4
        configuration.groupBuffer.cacheSets = 1...2
        configuration.groupBuffer.changesPerBucket = 3
        return switch kind {
        case .reference: ReferenceStore(clock: clock, inFlightMessagesMax: inFlightMessagesMax)
        case .sqlite:
            try SQLiteStore(
                directory: directory,
                clock: machine == nil ? clock : nil,
                configuration: configuration,
                logger: Logger(label: "conformance", factory: { _ in SwiftLogNoOpLogHandler() }),
                onFailure: { error in preconditionFailure("the store failed: \(error)") }
            )
        }
    }

    private static func close(_ store: any InspectableStore) {
        (store as? SQLiteStore)?.close()
    }
}
