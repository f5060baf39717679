/// Commits in a write-ahead log that SQLite would drop, though no crash can have left them so.
public enum LogDamage: Sendable, Equatable {
    /// The frame at an offset of the file is bad, and so many commits lie behind it.
    case frame(offset: Int, commits: Int)

    /// The header is bad, and so many commits follow that are not in the database.
    case header(commits: Int)

    /// The database is missing or empty, but so many commits to it lie in the log.
    case noDatabase(commits: Int)
}

extension LogDamage: CustomStringConvertible {
    /// What is damaged and how many commits are at stake.
    public var description: String {
        switch self {
        case .frame(let offset, let commits):
            "the frame at byte \(offset) is damaged, and "
                + (commits == 1 ? "1 commit lies behind it" : "\(commits) commits lie behind it")
        case .header(let commits):
            "the header is damaged, and "
                + (commits == 1 ? "1 commit follows that is" : "\(commits) commits follow that are")
                + " not in the database"
        case .noDatabase(let commits):
            "the database is missing or empty, but its log holds \(commits) commit\(commits == 1 ? "" : "s")"
        }
    }
}
