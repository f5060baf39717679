internal import QueueModel

/// What the SQS endpoint needs to know: where it listens, how it calls itself, and how long it waits for anybody.
public struct HTTPServerConfiguration: Sendable, Equatable {
    /// The address or name to listen on.
    public var host: String

    /// The TCP port; 0 lets the system choose one.
    public var port: Int

    /// What queue URLs begin with, such as `https://sqs.example.com`; nothing for the host the caller used.
    public var publicUrl: String?

    /// The account id: the SenderId of every caller while nobody is authenticated.
    public var account: String

    /// Seconds that a connection may be silent between two requests.
    public var idleTimeoutSeconds: Int

    /// Connections at a time; a further one is told that there are too many.
    public var connectionsMax: Int

    /// Connections past `connectionsMax` that are answered before they are closed: with the health, or with an error.
    ///
    /// Whoever comes when these are open, too, is closed at once.
    public var surplusConnectionsMax = 32

    /// Seconds in which such a connection has to send its request.
    public var surplusDeadlineSeconds = 5

    /// Bytes of long request bodies under way together; at least twice what one body may have.
    ///
    /// One half is for bodies of ordinary size, the other one for all others.
    public var bodiesSizeBytesMax = 128 * 1_048_576

    /// Bytes up to which a body is of ordinary size.
    ///
    /// A message of 1 MiB fits as base64, as JSON quoted in JSON, and percent-encoded unless most of it needs that.
    public var ordinaryBodySizeBytesMax = 2 * 1_048_576

    /// Seconds after which a client is cut off that takes nothing of a long answer, or sends too little of a long body,
    /// while others wait for the room that it uses.
    public var stalledSeconds = 2

    /// Seconds in which a long body has to come while others wait for its room: less than this part of it a second is
    /// too little.
    public var awaitedBodySeconds = 10

    /// Bytes a second that are too little of any long body.
    public var slowBodySizeBytesASecond = 16 * 1_024

    /// Bytes that the kernel takes of an answer before the client is ready for them.
    ///
    /// Its buffers grow to some MiB a connection otherwise, and all connections share what it has.
    public var unsentSizeBytesMax = 128 * 1_024

    /// Bytes of one request body.
    public var requestBodySizeBytesMax = Limits.requestBodySizeBytesMax

    /// Bytes of a request's target, header names and header values together.
    public var headSizeBytesMax = 32 * 1_024

    /// Bytes of one header's name and value together.
    public var headerSizeBytesMax = 8 * 1_024

    /// Headers of one request.
    public var headersMax = 64

    /// Seconds in which head and body of a request must have arrived, from the first byte on.
    public var headAndBodyDeadlineSeconds = 30

    /// Seconds in which a client must have taken an answer.
    public var writeDeadlineSeconds = 30

    /// Seconds that a closing connection is still drained, so that the client gets to read the last answer.
    public var lingerSeconds = 5

    /// Connections that the kernel keeps ready until they are accepted.
    public var backlog = 1_024

    /// Makes a configuration.
    ///
    /// What the broker's users can set has no default here: `BrokerConfiguration` has them all.
    public init(
        host: String,
        port: Int,
        publicUrl: String?,
        account: String,
        idleTimeoutSeconds: Int,
        connectionsMax: Int
    ) {
        self.host = host
        self.port = port
        self.publicUrl = publicUrl
        self.account = account
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.connectionsMax = connectionsMax
    }
}
