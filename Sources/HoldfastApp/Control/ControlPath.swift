internal import Glibc

/// Where a running broker can be reached by commands: a Unix domain socket in its data directory.
struct ControlPath {
    /// The socket's name in the data directory.
    static let name = "holdfast.sock"

    /// Bytes that the system takes as a socket's path.
    private static let sizeBytesMax = 107

    /// The path to be given to the system.
    let path: String

    private let directory: Int32

    /// The socket's path in a data directory, or one that leads there by way of an open directory if that is too long.
    ///
    /// Nothing if the directory can't be opened.
    init?(dataDirectory: String) {
        let plain = dataDirectory + "/" + ControlPath.name
        if plain.utf8.count <= ControlPath.sizeBytesMax {
            path = plain
            directory = -1
            return
        }
        directory = open(dataDirectory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return nil }
        path = "/proc/self/fd/\(directory)/" + ControlPath.name
    }

    /// Gives the open directory back; the path is of no use afterwards.
    func close() {
        if directory >= 0 { Glibc.close(directory) }
    }
}
