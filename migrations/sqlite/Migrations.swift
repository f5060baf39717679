/// The SQL migrations of the SQLite store, compiled into the binary.
public struct Migration: Sendable {
    /// The number a file name starts with; migrations run in this order.
    public let version: Int

    /// The file's name without its extension.
    public let name: String

    /// The text of the file.
    public let sql: String

    /// Every migration, oldest first.
    ///
    /// Files are never edited after a tagged release.
    public static let all: [Migration] = [
        Migration(
            version: 1,
            name: "0001_initial",
            sql: String(decoding: PackageResources._001_initial_sql, as: UTF8.self)
        )
    ]
}
