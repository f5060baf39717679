internal import HTTPAPI
internal import Logging
internal import QueueEngine
internal import SQLiteStore

extension Broker {
    /// Opens the store; `StartError` says how the process should exit if that fails.
    static func openStore(
        _ configuration: BrokerConfiguration,
        _ storeConfiguration: SQLiteStoreConfiguration,
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws -> SQLiteStore {
        do {
            return try SQLiteStore(
                directory: configuration.dataDirectory,
                configuration: storeConfiguration,
                logger: logger,
                onFailure: onFailure
            )
        } catch let error as SQLiteStoreError {
            throw StartError(status: ExitStatus(error), description: error.description)
        } catch {
            throw StartError(status: .storeFailure, description: "\(error)")
        }
    }
}

extension ExitStatus {
    /// How the process exits if its store can't be opened.
    init(_ error: SQLiteStoreError) {
        switch error {
        case .directoryInUse: self = .dataInUse
        case .directoryUnusable, .permissionDenied, .backupUnreadable: self = .dataDirectory
        case .fileUnreadable: self = .storeFailure
        case .noDatabase: self = .notThere
        case .databaseDamaged, .hasLog: self = .unusableData
        case .databaseTooNew, .notOurDatabase, .migrationChanged, .notInWALMode, .logDamaged: self = .unusableData
        }
    }
}

extension EngineConfiguration {
    /// The engine's part of a broker's configuration.
    init(_ configuration: BrokerConfiguration) {
        self.init()
        purgeIntervalSeconds = configuration.purgeIntervalSeconds
        queueRecreationDelaySeconds = configuration.queueRecreationDelaySeconds
        longPollsMax = configuration.longPollsMax
        answersSizeBytesMax = configuration.buffersMebibytesMax * 1_048_576 / 2
    }
}

extension HTTPServerConfiguration {
    /// The server's part of a broker's configuration.
    init(_ configuration: BrokerConfiguration) {
        self.init(
            host: configuration.host,
            port: configuration.port,
            publicUrl: configuration.publicURL,
            account: configuration.account,
            idleTimeoutSeconds: configuration.idleTimeoutSeconds,
            connectionsMax: configuration.connectionsMax
        )
        bodiesSizeBytesMax = configuration.buffersMebibytesMax * 1_048_576 / 2
    }
}
