/// Which of SQS's two protocols requests are written in.
package enum WireProtocol: String, CaseIterable, Sendable, Encodable {
    /// AWS JSON 1.0, as today's SDKs speak it.
    case json

    /// The older one: forms in, XML out.
    case query
}
