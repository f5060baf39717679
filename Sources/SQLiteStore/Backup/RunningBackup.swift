import Foundation
import SQLite
import Synchronization

/// A backup that is being made.
///
/// One thread of its own opens the copy's file, syncs and names it, and waits between steps; each step runs where the
/// database's connection may be used: between two batches of the writer. So a slow disk of the backup does not keep the
/// writer, but for what writing the pages of a step takes.
public final class RunningBackup: Sendable {
    /// How long a step may keep the writer: 5 ms, and what the last few pages take.
    private static let stepNanosecondsMax: Int64 = 5_000_000

    /// Pages that are copied before the disk is made to take them: 2 MiB.
    ///
    /// A commit of the store waits until the disk has taken what was begun: some 3 ms of this, 20 ms of 16 MiB.
    private static let syncPages = 512

    /// Runs something where the source's connection may be used, and answers when it has run.
    typealias SourceAccess =
        @Sendable (
            _ look: @escaping @Sendable (Connection) throws(SQLiteError) -> BackupCopy.Step?
        ) throws -> BackupCopy.Step?

    private let request: BackupRequest
    private let dataDirectory: String
    private let timing: BackupTiming
    private let pagesMax: Int?
    private let cancelSignal = DispatchSemaphore(value: 0)
    private let endReason = Mutex<BackupError?>(nil)
    private let discarded = Mutex<DiscardedFile?>(nil)

    init(request: BackupRequest, dataDirectory: String, timing: BackupTiming, pagesMax: Int?) {
        self.request = request
        self.dataDirectory = dataDirectory
        self.timing = timing
        self.pagesMax = pagesMax
    }

    /// Ends the backup soon, and removes what there is of it; without effect once it is whole.
    public func cancel() {
        end(because: .cancelled)
    }

    func end(because reason: BackupError) {
        endReason.withLock { $0 = $0 ?? reason }
        cancelSignal.signal()
    }

    /// Makes the backup; blocks until that is done.
    ///
    /// What has lost its name by it is freed by `freeDiscarded`, or at once with this object.
    func run(
        _ source: SourceAccess,
        onProgress: (BackupProgress) -> Void
    ) -> Result<BackupProgress, BackupError> {
        do {
            let file = try BackupFile(
                path: request.path,
                isReplacing: request.isReplacing,
                dataDirectory: dataDirectory
            )
            defer { discarded.withLock { $0 = file.discarded } }
            do {
                let progress = try copy(to: file, source, onProgress)
                try file.publish()
                return .success(progress)
            } catch {
                file.discard()
                throw error
            }
        } catch let error as BackupError {
            return .failure(error)
        } catch let error as SQLiteError {
            return .failure(error.isFull ? .noRoom(request.path) : .copyFailed(reason: "\(error)"))
        } catch {
            return .failure(.storeStopped)
        }
    }

    /// Gives back the room of the backup that was replaced, or of this one if it came to nothing.
    ///
    /// That takes a fraction of the time that copying as much took, so whoever asked for the backup is told before.
    func freeDiscarded() {
        let discarded = discarded.withLock { file in
            defer { file = nil }
            return file
        }
        // As fast as it goes is what was asked for without a rate.
        guard request.bytesPerSecond != nil else { return }
        discarded?.free { nanoseconds in _ = timing.wait(nanoseconds, cancelSignal) }
    }

    /// Copies all pages; afterwards the file is closed and not synced as a whole.
    private func copy(
        to file: BackupFile,
        _ source: SourceAccess,
        _ onProgress: (BackupProgress) -> Void
    ) throws -> BackupProgress {
        let copy = try BackupCopy(path: file.partialPath, pagesMax: pagesMax)
        do {
            let progress = try steps(of: copy, to: file, source, onProgress)
            try copy.close()
            return progress
        } catch {
            // If the store has failed, nothing uses its connection any more.
            do {
                _ = try source { _ in
                    copy.end(); return nil
                }
            } catch { copy.end() }
            try? copy.close()
            throw error
        }
    }

    private func steps(
        of copy: BackupCopy,
        to file: BackupFile,
        _ source: SourceAccess,
        _ onProgress: (BackupProgress) -> Void
    ) throws -> BackupProgress {
        var pace = BackupPace(bytesPerSecond: request.bytesPerSecond, nanoseconds: timing.now())
        var pagesUntilSync = 0
        while true {
            let pages = pace.takeStep(nanoseconds: timing.now())
            let timing = timing
            let step = try source { connection throws(SQLiteError) in
                try copy.step(
                    from: connection,
                    pagesMax: pages,
                    nanosecondsMax: RunningBackup.stepNanosecondsMax,
                    now: timing.now
                )
            }
            guard let step else { preconditionFailure("a step came to nothing") }
            onProgress(step.progress)
            if step.isWhole { return step.progress }
            pagesUntilSync -= step.copiedPages
            if pagesUntilSync <= 0 {
                pagesUntilSync = RunningBackup.syncPages
                try file.syncContents()
                try checkRoom(for: step.progress, file)
            }
            pace.stepped(copiedPages: step.copiedPages, pageCount: step.progress.pageCount)
            let nanoseconds = pace.wait(nanoseconds: timing.now())
            if nanoseconds > 0 { _ = timing.wait(nanoseconds, cancelSignal) }
            if let reason = endReason.withLock({ $0 }) { throw reason }
        }
    }

    /// Ends a backup that will not find room, before it takes the broker's.
    private func checkRoom(for progress: BackupProgress, _ file: BackupFile) throws(BackupError) {
        guard let room = FreeSpace(path: file.partialPath).room() else { return }
        let missing = Int64(progress.pageCount - progress.copiedPageCount) * Int64(BackupProgress.pageSizeBytes)
        // Sends are refused when there is less than the reserve; as much again is for what comes meanwhile.
        let reserved = file.isOnSameDisk(as: dataDirectory) ? 2 * room.reservedSizeBytes : 0
        guard room.freeSizeBytes >= missing + reserved else { throw .noRoom(file.path) }
    }
}
