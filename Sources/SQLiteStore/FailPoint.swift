/// A moment in the store's work at which a test can end the process.
package enum FailPoint: String, CaseIterable, Sendable {
    /// A batch is taken in, and nothing of it is done.
    case beforeBegin

    /// A command of a batch is done, and others may follow.
    case inBatch

    /// All commands of a batch are done.
    case beforeCommit

    /// The batch is on disk, and nobody has heard of it.
    case afterCommit

    /// The write-ahead log is about to be copied into the database, which is one call of SQLite.
    case beforeCheckpoint

    /// Between the statements of a migration.
    case inMigration

    /// A message that a move task moves is removed from one queue and not yet added to the other.
    case inMoveStep

    /// A message that was received too often is added to its dead-letter queue and not yet removed from its source.
    case inDeadLetterMove

    /// A sweep has removed a part of what it removes in one step.
    case inSweep
}
