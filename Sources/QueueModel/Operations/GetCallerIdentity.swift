/// The input of GetCallerIdentity, which is no operation of SQS but of STS: enough of it for clients that ask who they
/// are.
public struct GetCallerIdentityRequest: Sendable, Equatable {
    /// Puts a request together.
    public init() {}
}

/// The output of GetCallerIdentity.
public struct GetCallerIdentityResult: Sendable, Equatable {
    /// The account's twelve digits.
    public var account: String

    /// The caller's id.
    public var userId: String

    /// The caller's ARN.
    public var arn: String

    /// Puts a result together.
    public init(account: String, userId: String, arn: String) {
        self.account = account
        self.userId = userId
        self.arn = arn
    }
}
