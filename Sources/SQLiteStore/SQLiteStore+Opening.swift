import Foundation
import Logging
import Migrations
import QueueModel
import SQLite

extension SQLiteStore {
    /// Opens the database of a locked directory, after a look at what the last process left.
    static func open(
        _ files: DataDirectory,
        clock: (any StoreClock)?,
        _ configuration: SQLiteStoreConfiguration,
        _ logger: Logger
    ) throws -> (database: QueueDatabase, receiptKey: [UInt8]) {
        let started = ContinuousClock.now
        do {
            let restore = PendingRestore(files)
            restore.removeCopy()
            try restore.finish()
            try files.checkPermissions()
            noteIfEmpty(files, logger)
            let wasUnclean = files.wasStoppedUncleanly
            let log = WriteAheadLog(databasePath: files.databasePath)
            let found = try log.inspect()
            if let damage = found.damage {
                throw SQLiteStoreError.logDamaged(log.path, damage)
            }
            if wasUnclean {
                try files.renewLog(logger: logger)
            }
            let connection = try Connection(path: files.databasePath, vfsName: configuration.vfsName)
            try DatabaseSettings.takeForOneself(connection)
            var migrator = Migrator(connection: connection, path: files.databasePath, migrations: Migration.all)
            migrator.failPoint = configuration.failPoint
            try migrator.checkOwner()
            try checkStructureIfMarked(of: connection, files, logger)
            try DatabaseSettings.apply(
                to: connection,
                path: files.databasePath,
                isEachCommitSynced: configuration.isEachCommitSynced
            )
            connection.noteRecovered(walPageCount: found.committedFrameCount)
            let isLogEmpty = wasUnclean ? try emptyLog(of: connection) : true
            let now = clock?.now() ?? configuration.machineClocks.wall()
            for name in try migrator.run(now: now) {
                logger.info("migrated the database", metadata: ["migration": "\(name)"])
            }
            if let pages = configuration.databasePagesMax {
                try connection.execute("pragma max_page_count = \(pages)")
            }
            let receiptKey = try MetaTable(connection).receiptKey()
            let database = try QueueDatabase(
                connection: connection,
                receiptKey: receiptKey,
                inFlightMessagesMax: configuration.inFlightMessagesMax,
                groupBuffer: configuration.groupBuffer,
                groupHashBits: configuration.groupHashBits,
                hasRoom: isLogEmpty && hasRoomToStart(in: files, configuration)
            )
            database.failPoint = configuration.failPoint
            tellContents(of: database, files, wasUnclean: wasUnclean, took: ContinuousClock.now - started, logger)
            return (database, receiptKey)
        } catch let error as SQLiteError where error.isBusy {
            throw SQLiteStoreError.directoryInUse(files.path, processId: nil)
        } catch let error as SQLiteError where error.isNotADatabase {
            throw SQLiteStoreError.notOurDatabase(files.databasePath)
        } catch let error as SQLiteError where error.isCorrupt || error.isStatementWrong {
            throw SQLiteStoreError.databaseDamaged(files.databasePath, reason: error.message)
        }
    }

    private static func tellContents(
        of database: QueueDatabase,
        _ files: DataDirectory,
        wasUnclean: Bool,
        took duration: Duration,
        _ logger: Logger
    ) {
        let metadata: Logger.Metadata = [
            "path": "\(files.databasePath)",
            "queues": "\(database.records.count)",
            "messages": "\(database.records.values.reduce(0) { $0 + $1.messageCount })",
            "duration": "\(duration)",
        ]
        if wasUnclean {
            logger.warning("the last stop was not clean; recovered every commit", metadata: metadata)
        } else {
            logger.info("opened the store", metadata: metadata)
        }
        if !database.parkedKeys.isEmpty {
            logger.warning("messages are parked", metadata: ["parked": "\(database.parkedKeys.count)"])
        }
    }

    /// An empty file is what a first start leaves that was cut short, but also what is left of a lost database.
    private static func noteIfEmpty(_ files: DataDirectory, _ logger: Logger) {
        guard let database = FileStatus(files.databasePath), database.sizeBytes == 0 else { return }
        logger.warning(
            "the database file is empty, so a new one is made: if there were messages in it, restore a backup",
            metadata: ["path": "\(files.databasePath)"]
        )
    }

    /// Whether a start may write more than it has to: beyond what sends leave alone, the ballast and as much again.
    private static func hasRoomToStart(in files: DataDirectory, _ configuration: SQLiteStoreConfiguration) -> Bool {
        let space = FreeSpace(path: files.path)
        guard let room = (configuration.room ?? space.room)() else { return true }
        return room.freeSizeBytes >= room.reservedSizeBytes + 2 * space.ballastSizeBytes
    }

    /// Looks the whole file over if the last run met damage, so that no start serves what it named.
    private static func checkStructureIfMarked(
        of connection: Connection,
        _ files: DataDirectory,
        _ logger: Logger
    ) throws {
        let mark = DamageMark(directory: files.path)
        guard mark.isThere else { return }
        logger.warning("the last run met damage in the database: looking the whole file over")
        let findings = StoreCheck.findings(path: files.databasePath, connection)
        if let first = findings.first {
            throw SQLiteStoreError.databaseDamaged(
                files.databasePath,
                reason: "\(first.text) (\(findings.count) findings)"
            )
        }
        logger.notice("no damage was found")
        mark.remove()
    }

    /// Names the damaged file, and leaves a mark for the next start.
    static func noteDamage(_ error: any Error, in files: DataDirectory, _ logger: Logger) {
        guard let error = error as? SQLiteError, error.isDamage else { return }
        logger.critical(
            "the database is damaged: stop, look with 'holdfast check', and restore a backup",
            metadata: ["path": "\(files.databasePath)"]
        )
        DamageMark(directory: files.path).leave(error.description)
    }

    /// Moves a recovered log into the database and cuts it to nothing, so that no frames of a crash are left in it.
    ///
    /// The next look at the log rests on that.
    ///
    /// - Returns: whether there was room for it.
    private static func emptyLog(of connection: Connection) throws(SQLiteError) -> Bool {
        for mode in [Connection.CheckpointMode.truncate, .passive] {
            do throws(SQLiteError) {
                try connection.checkpoint(mode)
                return mode == .truncate
            } catch {
                // Without room all stays in the log, and the broker still starts to give its messages out.
                guard error.isFull else { throw error }
            }
        }
        return false
    }
}
