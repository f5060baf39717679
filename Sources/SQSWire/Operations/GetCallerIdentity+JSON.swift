internal import QueueModel

extension GetCallerIdentityResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("Arn", arn)
        json.member("UserId", userId)
        json.member("Account", account)
        json.endObject()
    }
}
