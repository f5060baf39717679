import Foundation
import QueueModel
import ReferenceStore
import SQLite
import SQLiteStore

extension PowerRun {
    /// Sweeps until nothing expired is left, unless the power goes or there is no room for it.
    ///
    /// How far it got then is the store's choice. Where it failed, a restart and another sweep follow; where it was
    /// refused, what has expired and is still there is counted on.
    func sweep(_ store: SQLiteStore, rowsMax: Int) throws {
        var outcome = store.apply(.sweep(SweepCommand(rowsMax: rowsMax)))
        while outcome == .success(.swept(hasMore: true)) {
            outcome = store.apply(.sweep(SweepCommand(rowsMax: rowsMax)))
        }
        if outcome.isRefusal {
            candidates.removeExpired(but: try storedMessages())
        } else {
            candidates.sweep()
        }
    }

    /// The locators of all messages that the store under test has committed, read from a copy of its files.
    ///
    /// Its snapshot leaves out what has expired.
    private func storedMessages() throws -> Set<UInt64> {
        let copy = disk.directory + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["/holdfast.db", "/holdfast.db-wal"] {
            let path = disk.directory + name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try FileManager.default.copyItem(atPath: path, toPath: copy + name)
        }
        let connection = try Connection(path: copy + "/holdfast.db")
        let keys = try connection.text("select group_concat(key) from messages") ?? ""
        try connection.close()
        return Set(keys.split(separator: ",").compactMap { Int64($0).map(UInt64.init(bitPattern:)) })
    }
}
