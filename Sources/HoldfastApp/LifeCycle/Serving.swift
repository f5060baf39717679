internal import Dispatch
internal import Glibc
internal import Logging
internal import SQLiteStore

/// One run of `holdfast serve`, from the start log to the exit status.
struct Serving {
    let configuration: BrokerConfiguration
    let storeConfiguration: SQLiteStoreConfiguration

    /// Open files that are not connections: the store's, the listener's, the event loops', and some to spare, since
    /// the store must always be able to open one.
    private static let otherOpenFilesMax = 96

    /// How long a stop may take in all before the process ends regardless.
    ///
    /// Answering and closing take milliseconds; this is for a client that does not read its answer, or a disk that
    /// hangs. What was answered is on disk in any case.
    private static let stopSecondsMax = 20

    /// How long after a failure of the store its last answers may take.
    private static let failedStopSecondsMax = 2

    /// Runs until a signal or a failure of the store.
    func run() -> ExitStatus {
        let logger = Logger.standardError(level: configuration.logLevel)
        let request = StopRequest()
        let signals = StopSignals(request)
        // Messages are their owner's business alone, wherever the data directory lies.
        umask(0o077)
        defer { withExtendedLifetime(signals) {} }
        logStart(logger)
        let openFilesMax = OpenFileLimit.raise()
        var configuration = configuration
        configuration.connectionsMax = min(
            configuration.connectionsMax,
            max(1, openFilesMax - Self.otherOpenFilesMax)
        )
        if configuration.connectionsMax < self.configuration.connectionsMax {
            logger.warning(
                "the limit of open files allows fewer connections than configured: raise it (ulimit -n, LimitNOFILE)",
                metadata: [
                    "open_files_max": "\(openFilesMax)",
                    "connections_max": "\(self.configuration.connectionsMax)",
                    "connections_allowed": "\(configuration.connectionsMax)",
                ]
            )
        }
        let broker: Broker
        do {
            broker = try Broker(
                configuration: configuration,
                storeConfiguration: storeConfiguration,
                logger: logger
            ) { request.give(.storeFailure($0)) }
        } catch let error as StartError {
            logger.critical("not started", metadata: ["error": "\(error)", "status": "\(error.status.rawValue)"])
            return error.status
        } catch {
            preconditionFailure("Broker throws StartError only, not \(error)")
        }
        logger.info("ready", metadata: ["address": "\(broker.address)"])
        let freedMemory = FreedMemory(sizeBytesInUse: broker.sizeBytesHeldForClients)
        defer { freedMemory.stop() }

        switch request.wait() {
        case .signal(let name):
            logger.info("stopping", metadata: ["signal": "\(name)"])
            endProcess(within: Self.stopSecondsMax, status: .storeFailure, logger: logger)
            broker.stop()
        case .storeFailure:
            break
        }
        // The store may also fail while it is being closed.
        if case .storeFailure(let error) = request.current {
            logger.critical("the store failed", metadata: ["error": "\(error)"])
            endProcess(within: Self.failedStopSecondsMax, status: .storeFailure, logger: logger)
            broker.abandon()
            return .storeFailure
        }
        logger.info("stopped")
        return .stopped
    }

    private func logStart(_ logger: Logger) {
        logger.info(
            "starting",
            metadata: [
                "version": "\(ProductVersion.text)",
                "sqlite": "\(SQLiteStore.sqliteVersion)",
                "data": "\(configuration.dataDirectory)",
                "host": "\(configuration.host)",
                "port": "\(configuration.port)",
                "account": "\(configuration.account)",
                "region": "\(configuration.region)",
            ]
        )
        logger.notice("any credentials are accepted: requests are not authenticated")
        if !configuration.isLoopbackOnly {
            logger.warning(
                "everybody who reaches this address can read, send and delete: it is not loopback",
                metadata: ["host": "\(configuration.host)"]
            )
        }
        if SQLiteStore.isSQLiteUnsafeWithSecondConnection {
            logger.warning(
                "this SQLite can corrupt a database that a second process opens: let none open it, not even to read",
                metadata: ["sqlite": "\(SQLiteStore.sqliteVersion)", "fixed_in": "3.51.3"]
            )
        }
    }

    /// Ends the process if it has not ended by itself by then.
    private func endProcess(within seconds: Int, status: ExitStatus, logger: Logger) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            logger.critical("the stop takes too long; ending without it", metadata: ["seconds": "\(seconds)"])
            _exit(status.rawValue)
        }
    }
}
