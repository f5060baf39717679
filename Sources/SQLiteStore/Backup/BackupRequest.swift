/// What backup is to be made.
public struct BackupRequest: Sendable, Equatable {
    /// Bytes that are copied in a second unless told otherwise: 32 MiB.
    public static let defaultBytesPerSecond = 32 * 1_048_576

    /// The file that will be the backup; its absolute path.
    public var path: String

    /// Whether a file that is there is replaced, once the backup is whole.
    public var isReplacing: Bool

    /// How many bytes of the database are copied in a second; nothing for as many as can be.
    ///
    /// What the database grows by meanwhile does not count, so that a backup always comes to its end.
    public var bytesPerSecond: Int?

    /// Puts a request together.
    public init(path: String, isReplacing: Bool = false, bytesPerSecond: Int? = Self.defaultBytesPerSecond) {
        self.path = path
        self.isReplacing = isReplacing
        self.bytesPerSecond = bytesPerSecond
    }
}

/// How far a backup is.
public struct BackupProgress: Sendable, Equatable {
    /// Bytes of a page.
    public static let pageSizeBytes = 4_096

    /// Pages that the database has now.
    public let pageCount: Int

    /// Pages that were copied, and are kept up to date since.
    public let copiedPageCount: Int

    /// Puts a progress together.
    public init(pageCount: Int, copiedPageCount: Int) {
        self.pageCount = pageCount
        self.copiedPageCount = copiedPageCount
    }
}
