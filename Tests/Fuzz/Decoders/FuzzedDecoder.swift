/// What reads bytes that somebody else wrote, each with the promises that must hold for any bytes.
///
/// The fuzzer feeds them what it makes up, the test suite the saved corpus.
public enum FuzzedDecoder: String, CaseIterable, Sendable {
    /// An operation's name in the first line, the body of an AWS JSON request behind it.
    case json

    /// The target of a Query request in the first line, a form behind it.
    case query

    /// What a client writes into a connection.
    case http

    /// A receipt handle.
    case receipt

    /// A Policy, RedrivePolicy or RedriveAllowPolicy.
    case policy

    /// A configuration file.
    case configuration

    /// A message's attributes, in a form of our own (`AttributesInput`).
    case attributes

    /// NextToken, TaskHandle, ARN and QueueUrl.
    case token

    /// A promise that some bytes broke.
    public struct Violation: Error, CustomStringConvertible {
        /// What is wrong.
        public let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Reads bytes and looks whether all promises hold.
    ///
    /// - Throws: the first `Violation`. A crash is one, too.
    public func check(_ bytes: [UInt8]) throws {
        switch self {
        case .json: try FuzzedDecoder.checkJSON(bytes)
        case .query: try FuzzedDecoder.checkQuery(bytes)
        case .http: try FuzzedDecoder.checkHTTP(bytes)
        case .receipt: try FuzzedDecoder.checkReceipt(bytes)
        case .policy: try FuzzedDecoder.checkPolicy(bytes)
        case .configuration: try FuzzedDecoder.checkConfiguration(bytes)
        case .attributes: try FuzzedDecoder.checkAttributes(bytes)
        case .token: try FuzzedDecoder.checkToken(bytes)
        }
    }

    static func require(_ isTrue: Bool, _ violation: @autoclosure () -> String) throws {
        if !isTrue { throw Violation(violation()) }
    }
}
