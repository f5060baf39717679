/// The broker's binary, and the directory under which its data directories are made.
struct BrokerProgram {
    /// Path of the binary.
    let path: String

    /// Working directory of the bench.
    let directory: WorkingDirectory

    /// Starts a broker on a data directory of this name, new or used before, and waits until it is healthy.
    func start(data name: String) throws -> ServerProcess {
        let data = dataDirectory(name)
        return try ServerProcess(path, logPath: "\(directory.path)/\(name).log") { port in
            ["serve", "--host", "127.0.0.1", "--port", "\(port)", "--data", data]
        }
    }

    /// Where the data of this name is.
    func dataDirectory(_ name: String) -> String { "\(directory.path)/\(name)" }
}

extension ServerProcess {
    /// The process as something to measure.
    func target() throws -> Target {
        Target(endpoint: endpoint, usage: try usage())
    }
}
