/// What the process's exit status means; the numbers are those of `sysexits.h`.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case stopped = 0
    case usage = 64
    case unusableData = 65
    case notThere = 66
    case cannotListen = 69
    case dataDirectory = 73
    case storeFailure = 74
    case dataInUse = 75
    case configuration = 78

    /// What happened, as help and README say it.
    package var meaning: String {
        switch self {
        case .stopped: "stopped as asked; everything answered is on disk and the log is checkpointed"
        case .usage: "the command line is wrong"
        case .unusableData: "the database was written by a newer Holdfast, is damaged, or is not Holdfast's"
        case .notThere: "the database or the backup is not there"
        case .cannotListen: "the address can't be listened on, such as a port in use"
        case .dataDirectory: "the data directory or the backup can't be made or opened, or would go over what is there"
        case .storeFailure: "the disk or the database failed; start again, and recovery reads what is on disk"
        case .dataInUse: "the data directory is in use by another process, or the broker is busy or stops"
        case .configuration: "a setting in file or environment is unknown or has a bad value"
        }
    }

    /// All of them as lines of a help text.
    static let help = allCases.map { "  \($0.rawValue)\($0.rawValue < 10 ? " " : "")  \($0.meaning)" }
        .joined(separator: "\n")
}
