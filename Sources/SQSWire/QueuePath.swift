/// The path of a request, which names a queue if it has an account and a name: both protocols take it for a missing
/// QueueUrl.
enum QueuePath {
    /// The path as a QueueUrl, or nothing if it names no queue.
    static func queueUrl(_ path: Substring) -> String? {
        // Nearly every request goes to the root.
        guard path.utf8.count > 1 else { return nil }
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        return parts.count >= 2 ? String(path) : nil
    }
}
