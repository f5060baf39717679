/// The messages that the store is measured with: those of `measure`.
enum StoreShape {
    /// Bytes of a body.
    static let bodyBytes = 200

    /// Messages of a batch.
    static let batchSize = 10

    /// Commands of a commit at 64 connections.
    static let commandsPerCommit = 25
}
