import Foundation
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// What becomes of a large file whose name a new backup takes.
@Suite struct DiscardedBackupTests {
    private let directory = TemporaryDirectory()
    private let place = TemporaryDirectory()
    private let clock = HandClock()
    private let log = LogLines()
    private let mebibyte = 1_048_576

    private var target: String { place.path + "/backup.db" }

    init() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: target, contents: nil))
        let former = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
        try former.truncate(atOffset: UInt64(40 * mebibyte))
        try former.close()
    }

    /// Descriptors of this process that lead to what was the target, which has no name any more.
    private static func nameless(_ target: String) -> [String] {
        let directory = "/proc/self/fd"
        let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return all.map { "\(directory)/\($0)" }.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: $0)) == target + " (deleted)"
        }
    }

    /// Replaces the target while somebody else has so many descriptors of it, and waits until the store has closed it.
    ///
    /// Tells its size, and the pause asked for, whenever the backup waited after that.
    private func replace(readerCount: Int = 0) throws -> [(sizeBytes: Int, nanoseconds: Int64)] {
        let store = try SQLiteStore(directory: directory.path, clock: clock, logger: log.logger) { Issue.record($0) }
        defer { store.close() }
        let target = target
        let steps = Mutex<[(sizeBytes: Int, nanoseconds: Int64)]>([])
        let isDone = DispatchSemaphore(value: 0)
        let timing = BackupTiming(
            now: { 0 },
            wait: { nanoseconds, _ in
                for path in DiscardedBackupTests.nameless(target) {
                    var status = stat()
                    guard stat(path, &status) == 0 else { continue }
                    steps.withLock { $0.append((Int(status.st_size), nanoseconds)) }
                }
                return false
            }
        )
        let request = BackupRequest(path: target, isReplacing: true, bytesPerSecond: 1_000_000_000)
        _ = try store.backUp(request, timing: timing, pagesMax: nil, onProgress: { _ in }) { result in
            if case .failure(let error) = result { Issue.record(error) }
            isDone.signal()
        }
        isDone.wait()
        while DiscardedBackupTests.nameless(target).count > readerCount { sched_yield() }
        return steps.withLock { $0 }
    }

    @Test func `a backup that is replaced gives its room back in steps, with pauses`() throws {
        let steps = try replace()
        #expect(steps.map(\.sizeBytes) == [32, 24, 16, 8].map { $0 * mebibyte })
        #expect(steps.allSatisfy { $0.nanoseconds == 20_000_000 })
    }

    @Test func `who reads a backup that is replaced reads all of it`() throws {
        let reader = try FileHandle(forReadingFrom: URL(fileURLWithPath: target))
        #expect(try replace(readerCount: 1).isEmpty)
        #expect(try reader.seekToEnd() == UInt64(40 * mebibyte))
        try reader.close()
    }

    @Test func `a backup that is replaced and has another name is left whole`() throws {
        let other = place.path + "/kept.db"
        try FileManager.default.linkItem(atPath: target, toPath: other)
        #expect(try replace().isEmpty)
        #expect(try FileManager.default.attributesOfItem(atPath: other)[.size] as? Int == 40 * mebibyte)
    }
}
