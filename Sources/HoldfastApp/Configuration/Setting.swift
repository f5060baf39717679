/// One thing that can be set: its names, what it does, and how its value is read.
///
/// ``all`` is the only list of settings. The command line's help, the reading of environment and file, the sample in
/// `config/` and the table in README.md all follow it or are checked against it.
package struct Setting: Sendable {
    /// Its key in the YAML file, `section.name`.
    package let key: String

    /// The environment variable.
    package let environmentName: String

    /// The option of `holdfast serve` without its dashes; nothing if the command line does not have it.
    package let option: String?

    /// The placeholder of its value in help texts.
    package let valueName: String

    /// What it does, in one sentence.
    package let summary: String

    /// What a value must look like, to follow "must be".
    package let expectation: String

    private let read: @Sendable (String, inout BrokerConfiguration) -> Bool
    private let write: @Sendable (BrokerConfiguration) -> String

    private init<Value>(
        _ key: String,
        environmentName: String,
        option: String? = nil,
        valueName: String,
        form: SettingForm<Value>,
        field: any WritableKeyPath<BrokerConfiguration, Value> & Sendable,
        summary: String
    ) {
        self.key = key
        self.environmentName = environmentName
        self.option = option
        self.valueName = valueName
        self.summary = summary
        expectation = form.expectation
        read = { text, configuration in
            guard let value = form.value(text) else { return false }
            configuration[keyPath: field] = value
            return true
        }
        write = { form.text($0[keyPath: field]) }
    }

    /// The value in a configuration, as it would be written in the file.
    package func text(in configuration: BrokerConfiguration) -> String {
        write(configuration)
    }

    /// Reads a value into a configuration.
    ///
    /// False, and nothing changed, if it is not a value of this setting.
    package func set(_ text: String, in configuration: inout BrokerConfiguration) -> Bool {
        read(text, &configuration)
    }
}

extension Setting {
    /// Every setting, in the order of the sample file.
    package static let all: [Setting] = [
        host, port, publicURL, idleTimeoutSeconds, connectionsMax, longPollsMax, buffersMebibytesMax, dataDirectory,
        account, region, purgeIntervalSeconds, queueRecreationDelaySeconds, logLevel,
    ]

    static let host = Setting(
        "server.host",
        environmentName: "HOLDFAST_HOST",
        option: "host",
        valueName: "address",
        form: .host,
        field: \.host,
        summary: "Address or name to listen on; anything but loopback opens the broker to others"
    )

    static let port = Setting(
        "server.port",
        environmentName: "HOLDFAST_PORT",
        option: "port",
        valueName: "port",
        form: .wholeNumber(in: 0...65_535),
        field: \.port,
        summary: "TCP port to listen on; 0 takes a free one, which the log tells"
    )

    static let publicURL = Setting(
        "server.public_url",
        environmentName: "HOLDFAST_PUBLIC_URL",
        option: "public-url",
        valueName: "url",
        form: .baseURL,
        field: \.publicURL,
        summary: "Start of the queue URLs handed out; empty builds them from the host the caller used"
    )

    static let idleTimeoutSeconds = Setting(
        "server.idle_timeout_seconds",
        environmentName: "HOLDFAST_IDLE_TIMEOUT_SECONDS",
        valueName: "seconds",
        form: .wholeNumber(in: 1...86_400),
        field: \.idleTimeoutSeconds,
        summary: "After how many seconds without a request a connection is closed"
    )

    static let connectionsMax = Setting(
        "server.connections_max",
        environmentName: "HOLDFAST_CONNECTIONS_MAX",
        valueName: "count",
        form: .wholeNumber(in: 1...1_000_000),
        field: \.connectionsMax,
        summary: "How many connections may be open at once; past it, only `/health` is answered"
    )

    static let longPollsMax = Setting(
        "server.long_polls_max",
        environmentName: "HOLDFAST_LONG_POLLS_MAX",
        valueName: "count",
        form: .wholeNumber(in: 0...1_000_000),
        field: \.longPollsMax,
        summary: "How many receives may wait for messages at once; past it, they are answered at once"
    )

    static let buffersMebibytesMax = Setting(
        "server.buffers_mib_max",
        environmentName: "HOLDFAST_BUFFERS_MIB_MAX",
        valueName: "mib",
        form: .wholeNumber(in: 32...1_048_576),
        field: \.buffersMebibytesMax,
        summary: "MiB of memory for long request bodies under way and long answers not yet taken, half each"
    )

    static let dataDirectory = Setting(
        "data.directory",
        environmentName: "HOLDFAST_DATA",
        option: "data",
        valueName: "dir",
        form: .path,
        field: \.dataDirectory,
        summary: "Directory of the database, made if missing; a relative one counts from the working directory"
    )

    static let account = Setting(
        "service.account",
        environmentName: "HOLDFAST_ACCOUNT",
        option: "account",
        valueName: "digits",
        form: .account,
        field: \.account,
        summary: "Account id in queue URLs and ARNs"
    )

    static let region = Setting(
        "service.region",
        environmentName: "HOLDFAST_REGION",
        option: "region",
        valueName: "region",
        form: .region,
        field: \.region,
        summary: "Region in ARNs"
    )

    static let purgeIntervalSeconds = Setting(
        "service.purge_interval_seconds",
        environmentName: "HOLDFAST_PURGE_INTERVAL_SECONDS",
        valueName: "seconds",
        form: .wholeNumber(in: 0...86_400),
        field: \.purgeIntervalSeconds,
        summary: "Seconds between two purges of a queue, else PurgeQueueInProgress; 0 for none"
    )

    static let queueRecreationDelaySeconds = Setting(
        "service.queue_recreation_delay_seconds",
        environmentName: "HOLDFAST_QUEUE_RECREATION_DELAY_SECONDS",
        valueName: "seconds",
        form: .wholeNumber(in: 0...86_400),
        field: \.queueRecreationDelaySeconds,
        summary: "Seconds until a deleted queue's name can be used again, else QueueDeletedRecently; 0 for none"
    )

    static let logLevel = Setting(
        "log.level",
        environmentName: "HOLDFAST_LOG_LEVEL",
        option: "log-level",
        valueName: "level",
        form: .logLevel,
        field: \.logLevel,
        summary: "Least severe level that is logged: trace, debug, info, notice, warning, error or critical"
    )
}
