internal import Foundation
internal import SQLiteStore

/// Looks at what surrounds the database, and never opens it: so it may run beside a broker.
struct Doctor {
    private let configuration: BrokerConfiguration
    private let directory: DirectoryStatus

    init(configuration: BrokerConfiguration) {
        self.configuration = configuration
        directory = DirectoryStatus(path: configuration.dataDirectory)
    }

    /// Everything there is to say, in a fixed order.
    func diagnoses() -> [Diagnosis] {
        let common = sqlite() + [openFiles()] + settings()
        if let obstacle = directory.obstacle {
            return common + [.failure("data directory", "\(directory.path) can't be looked into: \(obstacle)")]
        }
        guard directory.exists else {
            return common + [
                .warning("data directory", "\(directory.path) is not there yet; 'holdfast serve' makes it")
            ]
        }
        return common + [
            lock(), permissions(), files(), fileSystem(), freeSpace(), writeCache(), clock(),
        ]
    }

    private func sqlite() -> [Diagnosis] {
        let version = SQLiteLibrary.version
        let faults = SQLiteLibrary.knownFaults
        let options = SQLiteLibrary.compileOptions.sorted().joined(separator: " ")
        return [
            faults.isEmpty
                ? .ok("sqlite", "version \(version), no known faults")
                : .warning("sqlite", "version \(version): \(faults.joined(separator: "; "))"),
            SQLiteLibrary.isThreadSafe
                ? .ok("sqlite options", options)
                : .failure("sqlite options", "\(options): built for one thread; take another library"),
        ]
    }

    private func openFiles() -> Diagnosis {
        let openFilesMax = OpenFileLimit.raise()
        // The store, the listener and the event loops need some, too.
        guard openFilesMax < configuration.connectionsMax + 64 else {
            return .ok("open files", "up to \(openFilesMax)")
        }
        return .warning(
            "open files",
            "up to \(openFilesMax), fewer than server.connections_max (\(configuration.connectionsMax)): raise the "
                + "limit (ulimit -n, LimitNOFILE)"
        )
    }

    private func settings() -> [Diagnosis] {
        guard configuration.isLoopbackOnly else {
            return [
                .warning(
                    "settings",
                    "server.host is \(configuration.host): everybody who reaches it can read, send and delete; put "
                        + "something before it that decides who may"
                )
            ]
        }
        return [.ok("settings", "listens on \(configuration.host) alone")]
    }

    private func lock() -> Diagnosis {
        switch directory.lock() {
        case .free: .ok("lock", "no broker runs on \(directory.path)")
        case .held(let processId):
            .ok("lock", "a broker runs on \(directory.path)\(processId.map { ", process \($0)" } ?? "")")
        case .unknown(let reason): .failure("lock", reason)
        }
    }

    private func permissions() -> Diagnosis {
        let mode = String(directory.permissions, radix: 8)
        guard directory.permissions & 0o077 == 0 else {
            return .warning(
                "permissions",
                "others can look into \(directory.path) (mode \(mode)): chmod 700 it, for it holds all messages"
            )
        }
        guard directory.isOwn || geteuid() == 0 else {
            return .failure("permissions", "\(directory.path) belongs to another user than this one")
        }
        return .ok("permissions", "mode \(mode)")
    }

    private func files() -> Diagnosis {
        if directory.isMarkedDamaged {
            return .failure(
                "database",
                "the last run met damage: look with 'holdfast check' while no broker runs, and restore a backup"
            )
        }
        guard let size = directory.databaseSizeBytes else {
            guard let logSize = directory.logSizeBytes, logSize > 0 else {
                return .ok("database", "none yet")
            }
            return .failure("database", "it is missing, but its log is there: restore a backup")
        }
        return .ok("database", "\(Self.mebibytes(size)), log \(Self.mebibytes(directory.logSizeBytes ?? 0))")
    }

    private func fileSystem() -> Diagnosis {
        guard let system = FileSystem(path: directory.path) else {
            return .warning("file system", "the system does not tell what \(directory.path) lies on")
        }
        return switch system.fitness {
        case .good: .ok("file system", system.name)
        case .volatile:
            .warning("file system", "\(system.name): nothing on it survives a restart of the machine")
        case .doubtful:
            .warning("file system", "\(system.name): what its syncs and locks are worth is not known; use ext4 or xfs")
        case .refused:
            .failure("file system", "\(system.name) is a network file system: no broker starts on it; use a local disk")
        }
    }

    private func freeSpace() -> Diagnosis {
        guard let free = directory.freeSizeBytes, let reserved = directory.reservedSizeBytes else {
            return .warning("free space", "the file system does not tell")
        }
        let log = directory.logSizeBytes ?? 0
        if free < reserved + log {
            return .failure("free space", "\(Self.mebibytes(free)): sends are refused until there is more")
        }
        if free < 10 * (reserved + log) {
            return .warning("free space", "\(Self.mebibytes(free)): sends are refused once it is short")
        }
        return .ok("free space", Self.mebibytes(free))
    }

    private func writeCache() -> Diagnosis {
        switch directory.writeCache() {
        case nil: .ok("write cache", "the drive does not tell; acknowledged means synced if it honours flushes")
        case "write through"?: .ok("write cache", "write through")
        case let mode?:
            .ok("write cache", "\(mode): commits survive a power cut if the drive honours flushes")
        }
    }

    private func clock() -> Diagnosis {
        let now = Int(Date().timeIntervalSince1970)
        guard now > 1_767_225_600 else {
            return .failure("clock", "it shows a year before 2026: set it, or messages expire at the wrong time")
        }
        if let last = directory.lastWrittenAt, last > now + 60 {
            return .failure("clock", "it is \(last - now) s behind the last write to the database: set it")
        }
        return .ok("clock", UTCTime.text(secondsSince1970: now, milliseconds: 0))
    }

    private static func mebibytes(_ sizeBytes: Int64) -> String {
        "\((sizeBytes + 524_288) / 1_048_576) MiB"
    }
}
