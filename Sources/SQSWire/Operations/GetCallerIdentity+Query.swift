internal import QueueModel

extension GetCallerIdentityResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.text("Arn", arn)
        output.text("UserId", userId)
        output.text("Account", account)
    }
}
