package import Logging

/// Everything that can be told to a broker, checked.
///
/// A value made without arguments holds the defaults: they stand here and nowhere else. ``Setting`` says how each of
/// these is called and written.
package struct BrokerConfiguration: Sendable, Equatable {
    /// The address or name to listen on.
    package var host = "127.0.0.1"

    /// The TCP port to listen on; 0 takes a free one.
    package var port = 9324

    /// Scheme, host and port of the queue URLs handed out; without it they are built from the caller's `Host`.
    package var publicURL: String?

    /// After how many seconds a connection without a request is closed.
    package var idleTimeoutSeconds = 75

    /// How many connections may be open at once.
    package var connectionsMax = 10_000

    /// How many receives may wait for messages at once.
    package var longPollsMax = 8_000

    /// How many MiB long request bodies under way and long answers not yet taken may use, half each.
    package var buffersMebibytesMax = 256

    /// The directory that holds the database; a relative one counts from the working directory.
    package var dataDirectory = "./data"

    /// The account's twelve digits in queue URLs and ARNs.
    package var account = "000000000000"

    /// The region in ARNs.
    package var region = "us-east-1"

    /// Seconds between two purges of a queue; zero for none.
    package var purgeIntervalSeconds = 60

    /// Seconds until a deleted queue's name can be used again; zero for none.
    package var queueRecreationDelaySeconds = 60

    /// The least severe level that is logged.
    package var logLevel = Logger.Level.info

    /// Whether only this machine can reach the broker, as far as the host's spelling tells.
    package var isLoopbackOnly: Bool {
        host == "localhost" || host == "::1" || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
    }

    /// The defaults.
    package init() {}
}
