/// Why a store did not carry a command out.
///
/// Whatever a store is made of, it says no more than this.
public enum StoreError: Error, Sendable, Equatable {
    /// The queue is not there.
    case queueDoesNotExist

    /// A rule of the service refuses the command; nothing was changed.
    case refused(SQSError)

    /// The command was called off before its turn came; nothing was changed.
    case abandoned

    /// The store takes no such command now (it is full, overloaded or stopping); nothing was changed.
    case unavailable(String)

    /// The store failed and stops; whether the command happened shows only after its next start.
    case failed
}
