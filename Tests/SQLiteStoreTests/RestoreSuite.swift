import Foundation
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// Tests that make a backup and put it back.
protocol RestoreSuite {
    /// Where the backup lies; to be made before there is one.
    var place: TemporaryDirectory { get }
    var clock: HandClock { get }
    var log: LogLines { get }
}

extension RestoreSuite {
    var backup: String { place.path + "/backup.db" }

    func open(_ directory: TemporaryDirectory) throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: log.logger) { Issue.record($0) }
    }

    func backUp(_ store: SQLiteStore) throws {
        let result = Mutex<Result<BackupProgress, BackupError>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        let request = BackupRequest(path: backup, isReplacing: true, bytesPerSecond: nil)
        _ = try store.backUp(request, onProgress: { _ in }) { end in
            result.withLock { $0 = end }
            isDone.signal()
        }
        isDone.wait()
        _ = try #require(result.withLock { $0 }).get()
    }

    @discardableResult
    func restore(into directory: TemporaryDirectory, isReplacing: Bool = false) throws -> Restore.Summary {
        try Restore(from: backup, into: directory.path, isReplacing: isReplacing, now: clock.now(), chance: 5)
            .run { _ in }
    }
}
