import Foundation
import QueueModel
import SQLiteStore
import Testing

@Suite struct LogRenewalTests {
    /// The files of a store that holds one message and was not stopped.
    private func unclean() throws -> TemporaryDirectory {
        let running = TemporaryDirectory()
        let store = try SQLiteStore(directory: running.path, logger: LogLines().logger, onFailure: { _ in })
        defer { store.close() }
        let queue = queueName("q")
        _ = store.apply([.createQueue(CreateQueueCommand(queue: queue)), send(queue, "kept")])
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: running.path, toPath: copy.path)
        return copy
    }

    private func bodies(in directory: TemporaryDirectory, _ lines: LogLines) throws -> [String] {
        let store = try SQLiteStore(directory: directory.path, logger: lines.logger, onFailure: { _ in })
        defer { store.close() }
        return store.receive(queueName("q")).map(body)
    }

    private func fileNumber(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }

    @Test func `a start after an unclean stop puts a synced copy in the place of the log`() throws {
        let directory = try unclean()
        let log = directory.path + "/holdfast.db-wal"
        let former = try fileNumber(log)
        let lines = LogLines()
        let store = try SQLiteStore(directory: directory.path, logger: lines.logger, onFailure: { _ in })
        #expect(try fileNumber(log) != former)
        #expect(store.receive(queueName("q")).map(body) == ["kept"])
        store.close()
        #expect(lines.contains("the last stop was not clean"))
        #expect(!FileManager.default.fileExists(atPath: log + ".new"))
    }

    @Test func `without room for a copy of the log the start goes on with the log itself, and says so`() throws {
        let directory = try unclean()
        let place = directory.path + "/holdfast.db-wal.new"
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/dev/full")
        let lines = LogLines()
        #expect(try bodies(in: directory, lines) == ["kept"])
        #expect(lines.contains("the write-ahead log was not written anew, only synced"))
    }

    @Test func `a start that can't copy the log for another reason than room builds nothing upon it`() throws {
        let directory = try unclean()
        // Where the copy would be written stands something that no file can replace.
        let place = directory.path + "/holdfast.db-wal.new"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        #expect {
            try bodies(in: directory, LogLines())
        } throws: { error in
            guard case .directoryUnusable(directory.path, let reason) = error as? SQLiteStoreError else { return false }
            return reason.contains("its write-ahead log can't be written anew")
        }
        try FileManager.default.removeItem(atPath: place)
        #expect(try bodies(in: directory, LogLines()) == ["kept"])
    }
}
