import CSQLite

/// Ends what a connection does from another thread; what runs then fails.
///
/// Not to be used once the connection is closed. A statement that begins afterwards is not ended.
public struct Interrupt: @unchecked Sendable {
    // SQLite allows this one call from any thread.
    private let handle: OpaquePointer

    /// That of one connection.
    public init(_ connection: Connection) {
        handle = connection.handle
    }

    /// Ends the statement that runs.
    public func send() {
        sqlite3_interrupt(handle)
    }
}
