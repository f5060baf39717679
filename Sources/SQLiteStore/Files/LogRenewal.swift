import Foundation
import Logging

extension DataDirectory {
    /// Makes sure that what recovery is going to read is on the disk, before it is shown and built upon.
    ///
    /// A process that died before its sync was done leaves commits that are in the kernel's cache only, and after a
    /// failed sync Linux takes pages for written that never were and that no later sync writes. Recovery can't tell; a
    /// power cut would, after later commits were answered. So the log is copied, synced and put in its own place. It
    /// is not written over: a power cut in the middle of that could harm what is good.
    ///
    /// To be called before the database is opened. Without room for the copy the log is only synced; after any other
    /// failure nothing may be built upon it, for where the copy failed an earlier sync may have, too.
    func renewLog(logger: Logger) throws(SQLiteStoreError) {
        let log = databasePath + "-wal"
        let copy = log + ".new"
        do throws(FileError) {
            try DataDirectory.copy(log, to: copy)
            guard rename(copy, log) == 0 else { throw FileError(call: "rename") }
        } catch {
            unlink(copy)
            guard error.isFull else {
                throw .directoryUnusable(path, reason: "its write-ahead log can't be written anew: \(error)")
            }
            logger.warning("the write-ahead log was not written anew, only synced", metadata: ["error": "\(error)"])
            do {
                try DataDirectory.sync(log, flags: O_RDWR)
            } catch {
                throw .directoryUnusable(path, reason: "its write-ahead log can't be synced: \(error)")
            }
        }
        do {
            try DataDirectory.sync(path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw .directoryUnusable(path, reason: "it can't be synced: \(error)")
        }
    }

    /// A call to the system that failed.
    private struct FileError: Error, CustomStringConvertible {
        let call: String
        let code = errno

        var isFull: Bool { code == ENOSPC || code == EDQUOT }

        var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    private static func copy(_ source: String, to target: String) throws(FileError) {
        let input = try openFile(source, O_RDONLY)
        defer { close(input) }
        let output = try openFile(target, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(output) }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: 1_048_576, alignment: 4_096)
        defer { buffer.deallocate() }
        while true {
            let count = read(input, buffer, 1_048_576)
            if count == 0 { break }
            guard count > 0 else { throw FileError(call: "read") }
            var written = 0
            while written < count {
                let step = write(output, buffer + written, count - written)
                guard step > 0 else { throw FileError(call: "write") }
                written += step
            }
        }
        guard fsync(output) == 0 else { throw FileError(call: "fsync") }
    }

    private static func sync(_ path: String, flags: Int32) throws(FileError) {
        let descriptor = try openFile(path, flags)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(call: "fsync") }
    }

    /// With the mode that SQLite gives to new files.
    private static func openFile(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
        let descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(call: "open") }
        return descriptor
    }
}
