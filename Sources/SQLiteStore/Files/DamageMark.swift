import Foundation

/// A file that says that damage was met while the broker ran, so that the next start looks before it serves.
struct DamageMark {
    private let path: String

    init(directory: String) {
        path = directory + "/holdfast.damaged"
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Leaves the mark, as well as it can: the process is about to end.
    func leave(_ reason: String) {
        try? Data("\(reason)\n".utf8).write(to: URL(fileURLWithPath: path))
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
