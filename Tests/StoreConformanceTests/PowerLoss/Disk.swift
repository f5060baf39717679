import CrashVFS
import Foundation
import SQLite

/// A data directory on a disk that can lose power or fail; it goes with its last user.
final class Disk {
    let directory: String
    private let vfs: OpaquePointer

    /// An empty disk.
    ///
    /// All that is left to chance follows from the seed.
    init(seed: UInt64) throws {
        directory = Disk.newDirectoryPath()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // With the page cache of the product, whoever comes first.
        Connection.configureLibrary()
        vfs = crash_vfs_new(seed)
    }

    deinit {
        waitUntilClosed()
        crash_vfs_free(vfs)
        releaseLock()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A disk with what this one may hold if its power is cut now.
    func afterPowerCut(seed: UInt64) throws -> Disk {
        let disk = try Disk(seed: seed)
        guard crash_vfs_power_off(vfs, disk.directory, seed) else { throw DiskError.notWritten(disk.directory) }
        return disk
    }

    enum DiskError: Error {
        case notWritten(String)
    }

    /// What SQLite is to open the files with.
    var vfsName: String { String(cString: crash_vfs_name(vfs)) }

    var hasCrashed: Bool { crash_vfs_has_crashed(vfs) }
    /// Whether it was a checkpoint that was cut short.
    var hasCrashedInCheckpoint: Bool { crash_vfs_has_crashed_in_checkpoint(vfs) }
    var changeCount: Int { Int(crash_vfs_change_count(vfs)) }
    var checkpointCount: Int { Int(crash_vfs_checkpoint_count(vfs)) }

    /// Has the n-th change from now be the last one.
    func crash(after changes: Int) {
        crash_vfs_crash_after(vfs, Int32(crash_vfs_changes), Int64(changes))
    }

    /// Has the n-th sync from now be the last one.
    func crash(atSync number: Int) {
        crash_vfs_crash_after(vfs, Int32(crash_vfs_sync), Int64(number))
    }

    /// Has the n-th change from the beginning of a later checkpoint on be the last one.
    func crash(inCheckpoint checkpoint: Int, after changes: Int) {
        crash_vfs_crash_in_checkpoint(vfs, Int64(checkpoint), Int64(changes))
    }

    /// Has everything fail from now on.
    func crash() {
        crash_vfs_crash(vfs)
    }

    /// Has the n-th operation of a kind from now on fail, and if asked for all later ones.
    func fail(_ fault: DiskFault) {
        crash_vfs_fail(vfs, fault.operation.mask, Int64(fault.number), fault.isForever, fault.code)
    }

    /// Lets nothing more fail.
    func endFaults() {
        crash_vfs_fail(vfs, 0, 0, false, 0)
    }

    /// Operations that failed because they were told to.
    var failureCount: Int { Int(crash_vfs_failure_count(vfs)) }

    /// Whether the store may have seen an error.
    var hasFailed: Bool { hasCrashed || failureCount > 0 }

    /// Has syncs do nothing and say that all is well.
    func lie(aboutLog: Bool, aboutDatabase: Bool) {
        crash_vfs_lie(vfs, aboutLog, aboutDatabase)
    }

    /// The end of the process that used the disk; the kernel and its cache go on.
    func endProcess() {
        crash()
        waitUntilClosed()
        releaseLock()
        crash_vfs_restart(vfs)
    }

    /// A store that failed lets its connection go a moment after it has told so.
    func waitUntilClosed() {
        var waits = 0
        while crash_vfs_open_files(vfs) > 0 {
            waits += 1
            precondition(waits < 5_000, "files stay open in \(directory)")
            usleep(waits < 100 ? 50 : 1_000)
        }
    }

    /// A store that failed keeps its lock until the process ends: this stands for that end.
    private func releaseLock() {
        let own = directory + "/holdfast.lock"
        for text in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = Int32(text),
                let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(text)"),
                path == own
            else { continue }
            close(descriptor)
        }
    }

    private static func newDirectoryPath() -> String {
        let shared = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: shared) ? shared : FileManager.default.temporaryDirectory.path
        return "\(parent)/holdfast-disk-\(UUID().uuidString)"
    }
}
