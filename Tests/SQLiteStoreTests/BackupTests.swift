import Foundation
import QueueModel
import SQLiteStore
import Synchronization
import Testing

@Suite struct BackupTests {
    let directory = TemporaryDirectory()
    let place = TemporaryDirectory()
    let clock = HandClock()
    let log = LogLines()
    let orders = queueName("orders")

    var target: String { place.path + "/backup.db" }

    init() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    }

    func open(_ directory: TemporaryDirectory) throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: log.logger) { Issue.record($0) }
    }

    /// A store with so many messages of 10 KB.
    func filled(_ count: Int = 100) throws -> SQLiteStore {
        let store = try open(directory)
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply((0..<count).map { send(orders, "\($0) " + String(repeating: "x", count: 10_000)) })
        return store
    }

    /// Makes a backup with a clock that goes on by waiting alone; `meanwhile` runs between the steps.
    func backUp(
        _ store: SQLiteStore,
        to path: String? = nil,
        isReplacing: Bool = false,
        bytesPerSecond: Int? = 1_000_000,
        pagesMax: Int? = nil,
        meanwhile: @escaping @Sendable (RunningBackup?) -> Void = { _ in }
    ) throws -> Result<BackupProgress, BackupError> {
        let now = Mutex<Int64>(0)
        let running = Mutex<RunningBackup?>(nil)
        let result = Mutex<Result<BackupProgress, BackupError>?>(nil)
        let isBegun = DispatchSemaphore(value: 0)
        let isDone = DispatchSemaphore(value: 0)
        let timing = BackupTiming(
            now: { now.withLock { $0 } },
            wait: { nanoseconds, _ in
                isBegun.wait()
                isBegun.signal()
                meanwhile(running.withLock { $0 })
                now.withLock { $0 += nanoseconds }
                return false
            }
        )
        let request = BackupRequest(path: path ?? target, isReplacing: isReplacing, bytesPerSecond: bytesPerSecond)
        let begun = try store.backUp(request, timing: timing, pagesMax: pagesMax, onProgress: { _ in }) { end in
            result.withLock { $0 = end }
            isDone.signal()
        }
        running.withLock { $0 = begun }
        isBegun.signal()
        isDone.wait()
        return try #require(result.withLock { $0 })
    }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    }

    /// What a store holds that opens the backup as it is.
    func snapshot(ofBackup path: String) throws -> StoreSnapshot {
        let other = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: other.path + "/holdfast.db")
        let store = try open(other)
        defer { store.close() }
        return try store.snapshot()
    }

    @Test func `a backup is one file for its owner alone, and holds everything`() throws {
        let store = try filled()
        defer { store.close() }
        guard case .success(let progress) = try backUp(store) else {
            Issue.record("there is no backup")
            return
        }
        #expect(progress.copiedPageCount == progress.pageCount)
        #expect(try files() == ["backup.db"])
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == progress.pageCount * BackupProgress.pageSizeBytes)
        // With 2 at these places a reader would look for a log.
        let header = try Data(contentsOf: URL(fileURLWithPath: target)).prefix(20)
        #expect(Array(header.suffix(2)) == [1, 1])
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `what is committed between the steps is in the backup, in pages copied before and in new ones`() throws {
        let store = try filled()
        defer { store.close() }
        let steps = Mutex(0)
        let orders = orders
        let result = try backUp(store) { _ in
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            _ = store.apply(send(orders, "\(step) between " + String(repeating: "y", count: 5_000)))
            for message in store.receive(orders, count: 2, visibilityTimeoutSeconds: 300) {
                _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: [message.receipt])))
            }
        }
        #expect(throws: Never.self) { try result.get() }
        #expect(steps.withLock { $0 } > 20)
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `a database that shrinks while it is copied is copied right`() throws {
        let store = try filled(3_000)
        defer { store.close() }
        let steps = Mutex(0)
        let orders = orders
        let result = try backUp(store, bytesPerSecond: 10_000_000) { _ in
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            if step == 20 { _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders))) }
            if step > 20 { _ = store.apply(.sweep(SweepCommand())) }
            if step == 60 { _ = store.apply(send(orders, "after the purge")) }
        }
        guard case .success(let progress) = result else {
            Issue.record("there is no backup: \(result)")
            return
        }
        #expect(progress.pageCount < 6_000)
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `no step copies for longer than a few milliseconds`() throws {
        let store = try filled(500)
        defer { store.close() }
        // Each look at the clock takes a millisecond.
        let now = Mutex<Int64>(0)
        let timing = BackupTiming(
            now: {
                now.withLock { now in
                    now += 1_000_000
                    return now
                }
            },
            wait: { _, _ in false }
        )
        let progress = Mutex<[Int]>([])
        let isDone = DispatchSemaphore(value: 0)
        let request = BackupRequest(path: target, bytesPerSecond: nil)
        _ = try store.backUp(request, timing: timing, pagesMax: nil) { now in
            progress.withLock { $0.append(now.copiedPageCount) }
        } onEnd: { _ in
            isDone.signal()
        }
        isDone.wait()
        let counts = progress.withLock { $0 }
        let steps = zip(counts, [0] + counts).map { $0 - $1 }
        #expect(try #require(steps.max()) <= 100)
        #expect(counts.count >= 10)
    }

    @Test func `a cancelled backup leaves nothing, and the next one can be made`() throws {
        let store = try filled()
        defer { store.close() }
        let result = try backUp(store) { $0?.cancel() }
        #expect(result == .failure(.cancelled))
        #expect(try files() == [])
        #expect(throws: Never.self) { try backUp(store).get() }
    }

    /// Whether a store that makes a backup takes no other because it is being closed.
    private func isStopped(_ store: SQLiteStore) -> Bool {
        let request = BackupRequest(path: place.path + "/other.db")
        do {
            _ = try store.backUp(request, onProgress: { _ in }, onEnd: { _ in })
            return false
        } catch {
            return error == .storeStopped
        }
    }

    @Test func `closing the store ends a backup, which leaves nothing`() throws {
        let store = try filled()
        let closing = DispatchSemaphore(value: 0)
        let isFirst = Mutex(true)
        let result = try backUp(store, bytesPerSecond: 10_000) { _ in
            guard
                isFirst.withLock({ isFirst in
                    defer { isFirst = false }
                    return isFirst
                })
            else { return }
            Thread {
                store.close()
                closing.signal()
            }.start()
            // The close waits for this backup: that no other may begin is all that can be seen of it.
            while !isStopped(store) { sched_yield() }
        }
        #expect(result == .failure(.storeStopped))
        closing.wait()
        #expect(try files() == [])
        #expect(throws: BackupError.storeStopped) { _ = try backUp(store) }
        try open(directory).close()
        #expect(!log.contains("not clean"))
    }

    @Test func `one backup is made at a time`() throws {
        let store = try filled()
        defer { store.close() }
        let refusals = Mutex<[BackupError]>([])
        let other = place.path + "/other.db"
        let result = try backUp(store) { _ in
            do throws(BackupError) {
                _ = try store.backUp(BackupRequest(path: other), onProgress: { _ in }, onEnd: { _ in })
            } catch {
                refusals.withLock { $0.append(error) }
            }
        }
        #expect(throws: Never.self) { try result.get() }
        #expect(Set(refusals.withLock { $0.map(\.description) }) == [BackupError.alreadyRunning.description])
        #expect(try files() == ["backup.db"])
    }

    @Test func `a file that is there is left alone unless it is to be replaced`() throws {
        let store = try filled()
        defer { store.close() }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: target))
        #expect(try backUp(store) == .failure(.fileExists(target)))
        // One that comes while the backup is made is as precious.
        let late = place.path + "/late.db"
        let result = try backUp(store, to: late) { _ in
            _ = FileManager.default.createFile(atPath: late, contents: Data("late".utf8))
        }
        #expect(result == .failure(.fileExists(late)))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
        #expect(try String(contentsOfFile: late, encoding: .utf8) == "late")
        #expect(try files() == ["backup.db", "late.db"])
        #expect(throws: Never.self) { try backUp(store, isReplacing: true).get() }
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `a backup goes neither beside the database nor where nothing can be written`() throws {
        let store = try filled()
        defer { store.close() }
        for name in ["holdfast.db", "backup.db"] {
            let path = directory.path + "/" + name
            #expect(try backUp(store, to: path, isReplacing: true) == .failure(.insideDataDirectory(path)))
        }
        for path in [place.path + "/none/backup.db", "backup.db", place.path + "/", target + "\0x"] {
            guard case .failure(.fileUnusable(path, _)) = try backUp(store, to: path, isReplacing: true) else {
                Issue.record("\(path) was taken")
                return
            }
        }
        guard case .failure(.fileUnusable) = try backUp(store, to: place.path, isReplacing: true) else {
            Issue.record("a directory was taken")
            return
        }
        #expect(try store.snapshot().queues[orders]?.messages.count == 100)
    }

    @Test func `a backup that finds no room ends with an error, and the store works on`() throws {
        let store = try filled()
        defer { store.close() }
        let orders = orders
        let result = try backUp(store, pagesMax: 100) { _ in
            _ = store.apply(send(orders, "meanwhile"))
        }
        #expect(result == .failure(.noRoom(target)))
        #expect(try files() == [])
        #expect(store.apply(send(orders, "afterwards")) != .failure(.failed))
        #expect(throws: Never.self) { try backUp(store).get() }
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `a half-made backup of a process that is gone is taken over, one that is being made is not`() throws {
        let store = try filled()
        defer { store.close() }
        let partial = target + ".partial-holdfast"
        try Data(repeating: 7, count: 10_000_000).write(to: URL(fileURLWithPath: partial))
        let descriptor = Foundation.open(partial, O_RDWR)
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(try backUp(store) == .failure(.alreadyRunning))
        close(descriptor)
        #expect(throws: Never.self) { try backUp(store).get() }
        #expect(try files() == ["backup.db"])
        #expect(try snapshot(ofBackup: target) == store.snapshot())
    }

    @Test func `a backup that still has its first name, too, is not written over by the next one`() throws {
        let store = try filled()
        defer { store.close() }
        _ = try backUp(store).get()
        let whole = try Data(contentsOf: URL(fileURLWithPath: target))
        #expect(link(target, target + ".partial-holdfast") == 0)
        #expect(try backUp(store, isReplacing: true) { $0?.cancel() } == .failure(.cancelled))
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == whole)
        #expect(try files() == ["backup.db"])
    }

    @Test func `no backup is written over by one of another name`() throws {
        let store = try filled()
        defer { store.close() }
        // Made as `FILE.partial` by hand: the next backup to `FILE` has another name until it is whole.
        _ = try backUp(store).get()
        let whole = try Data(contentsOf: URL(fileURLWithPath: target))
        for ending in [".partial", ".partial-holdfast"] {
            let precious = place.path + "/other.db" + ending
            guard case .failure(.fileUnusable(precious, _)) = try backUp(store, to: precious) else {
                Issue.record("a backup was named like one that is not whole")
                return
            }
            try whole.write(to: URL(fileURLWithPath: precious))
        }
        let other = place.path + "/other.db"
        let refusal = BackupError.fileExists(other + ".partial-holdfast")
        #expect(try backUp(store, to: other) == .failure(refusal))
        #expect(try Data(contentsOf: URL(fileURLWithPath: other + ".partial-holdfast")) == whole)
        // What is not whole is no loss.
        try whole.dropLast(4_096).write(to: URL(fileURLWithPath: other + ".partial-holdfast"))
        #expect(throws: Never.self) { try backUp(store, to: other).get() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: other + ".partial")) == whole)
        #expect(try files() == ["backup.db", "other.db", "other.db.partial"])
    }

    @Test(arguments: ["-wal", "-journal"])
    func `no backup is made beside a log that would be taken for its own`(ending: String) throws {
        let store = try filled()
        defer { store.close() }
        try Data("a log".utf8).write(to: URL(fileURLWithPath: target + ending))
        for isReplacing in [false, true] {
            let result = try backUp(store, isReplacing: isReplacing)
            #expect(result == .failure(.logBeside(target, ending: ending)))
        }
        #expect(try files() == ["backup.db" + ending])
        try Data().write(to: URL(fileURLWithPath: target + ending))
        #expect(throws: Never.self) { try backUp(store).get() }
    }

    @Test func `a store that is not open is backed up without a change to it, its log included`() throws {
        let store = try filled()
        // As after `kill -9`: the log is not in the database yet.
        let killed = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: killed.path, withIntermediateDirectories: true)
        for name in ["holdfast.db", "holdfast.db-wal"] {
            try FileManager.default.copyItem(atPath: directory.path + "/" + name, toPath: killed.path + "/" + name)
        }
        let expected = try store.snapshot()
        store.close()
        let before = try ["", "-wal"].map {
            try Data(contentsOf: URL(fileURLWithPath: killed.path + "/holdfast.db" + $0))
        }
        #expect(try #require(before.last).count > 0)
        let backup = try OfflineBackup(BackupRequest(path: target, bytesPerSecond: nil), directory: killed.path)
        #expect(throws: SQLiteStoreError.self) { try open(killed) }
        #expect(throws: Never.self) { try backup.run { _ in }.get() }
        let after = try ["", "-wal"].map {
            try Data(contentsOf: URL(fileURLWithPath: killed.path + "/holdfast.db" + $0))
        }
        #expect(before == after)
        #expect(try snapshot(ofBackup: target) == expected)
        #expect(throws: BackupError.notThere(place.path + "/holdfast.db")) {
            _ = try OfflineBackup(BackupRequest(path: target), directory: place.path)
        }
    }
}
