import QueueModel

extension QueueEngine {
    /// Tells a client of STS who it is: the account itself.
    func getCallerIdentity(for caller: Caller, _ reply: Reply) {
        let account = identity.account
        reply.tell {
            .getCallerIdentity(
                GetCallerIdentityResult(
                    account: account,
                    userId: caller.senderId,
                    arn: "arn:aws:iam::\(account):root"
                )
            )
        }
    }
}
