import QueueModel

extension QueueEngine {
    /// Tells a client of STS who it is: the account itself.
    func getCallerIdentity(for caller: Caller, _ reply: Reply) {
        let account = identity.account
        let partition = QueueARN.partition(ofRegion: identity.region)
        reply.tell {
            .getCallerIdentity(
                GetCallerIdentityResult(
                    account: account,
                    userId: caller.senderId,
                    arn: "arn:\(partition):iam::\(account):root"
                )
            )
        }
    }
}
