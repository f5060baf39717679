/// The broker's binary, and the directory under which its data directories are made.
package struct BrokerProgram {
    /// Path of the binary.
    package let path: String

    /// Working directory of the measurement.
    package let directory: WorkingDirectory

    /// Variables of its environment.
    package var environment: [String: String] = [:]

    /// Puts it together.
    package init(path: String, directory: WorkingDirectory, environment: [String: String] = [:]) {
        self.path = path
        self.directory = directory
        self.environment = environment
    }

    /// Starts a broker on a data directory of this name, new or used before, and waits until it is healthy.
    package func start(data name: String) throws -> ServerProcess {
        let data = dataDirectory(name)
        let logPath = "\(directory.path)/\(name).log"
        return try ServerProcess(path, logPath: logPath, environment: environment) { port in
            ["serve", "--host", "127.0.0.1", "--port", "\(port)", "--data", data]
        }
    }

    /// Where the data of this name is.
    package func dataDirectory(_ name: String) -> String { "\(directory.path)/\(name)" }
}

extension ServerProcess {
    /// The process as something to measure.
    package func target() throws -> Target {
        Target(endpoint: endpoint, usage: try usage())
    }
}
