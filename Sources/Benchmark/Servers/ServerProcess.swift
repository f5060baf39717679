internal import Glibc

/// A server started for a measurement: the broker, or a yardstick.
package final class ServerProcess {
    /// Where it listens.
    package let endpoint: Endpoint

    /// Its process.
    package let pid: Int32

    /// From the start of the process to the first good answer of /health.
    package private(set) var secondsToHealthy = 0.0

    private let logPath: String
    private var isRunning = true

    /// Starts a program and waits until it is healthy; `arguments` get the free port that was found.
    ///
    /// What it prints goes to `logPath`; its end is thrown with the last lines of that.
    package init(
        _ program: String,
        logPath: String,
        environment: [String: String] = [:],
        arguments: (_ port: Int) -> [String]
    ) throws {
        let port = try Self.freePort()
        endpoint = Endpoint(loopbackPort: port)
        self.logPath = logPath
        let startedAt = MachineTime.nanoseconds
        pid = try Self.spawn([program] + arguments(port), environment: environment, logPath: logPath)
        ChildProcesses.add(pid)
        do {
            try waitUntilHealthy(startedAt)
        } catch {
            kill()
            throw error
        }
    }

    deinit {
        kill()
    }

    /// CPU and memory.
    package func usage() throws -> ProcessUsage { try ProcessUsage(pid: pid) }

    /// Asks it to end with SIGTERM, and returns how many seconds that took.
    @discardableResult
    package func terminate() throws -> Double {
        let startedAt = MachineTime.nanoseconds
        Glibc.kill(pid, SIGTERM)
        while MachineTime.seconds(since: startedAt) < Self.patienceSeconds {
            var status: Int32 = 0
            if waitpid(pid, &status, WNOHANG) == pid {
                hasEnded()
                guard status == 0 else { throw BenchmarkError("the server ended with status \(status)\(lastWords())") }
                return MachineTime.seconds(since: startedAt)
            }
            usleep(1_000)
        }
        kill()
        throw BenchmarkError("the server did not end within \(Int(Self.patienceSeconds)) s of SIGTERM")
    }

    /// Ends it with SIGKILL.
    package func kill() {
        guard isRunning else { return }
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        hasEnded()
    }

    private static let patienceSeconds = 60.0

    private func hasEnded() {
        isRunning = false
        ChildProcesses.remove(pid)
    }

    private func waitUntilHealthy(_ startedAt: UInt64) throws {
        while true {
            if let generator = try? LoadGenerator(endpoint, connections: 1) {
                // Another status than 200 is a failure too: not healthy yet.
                if (try? generator.run(SingleRequest(Requests.health(endpoint: endpoint)))) != nil {
                    secondsToHealthy = MachineTime.seconds(since: startedAt)
                    return
                }
            }
            if waitpid(pid, nil, WNOHANG) == pid {
                hasEnded()
                throw BenchmarkError("the server ended instead of starting\(lastWords())")
            }
            guard MachineTime.seconds(since: startedAt) < Self.patienceSeconds else {
                throw BenchmarkError("the server was not healthy in time\(lastWords())")
            }
            // More often would take CPU from the start that is being timed.
            usleep(4_000)
        }
    }

    private func lastWords() -> String {
        guard let log = try? TextFile.read(logPath) else { return "" }
        return ":\n" + log.split(separator: "\n").suffix(10).joined(separator: "\n")
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchmarkError.system("no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError.system("no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func spawn(_ arguments: [String], environment: [String: String], logPath: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // This process ignores these in favour of its own handling; a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: a terminal's Ctrl-C ends the measurement, which then ends the server when it is done.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let argv = arguments.map { strdup($0) } + [nil]
        // From /proc because `environ` is a mutable global, which Swift 6 rightly distrusts. The broker's settings are
        // those of the measurement, not those that lie about.
        let inherited = try TextFile.read("/proc/self/environ").split(separator: "\0").map(String.init)
        let variables = inherited.filter { !$0.hasPrefix("HOLDFAST_") } + environment.map { "\($0)=\($1)" }
        let envp = variables.map { strdup($0) } + [nil]
        defer { for string in argv + envp { free(string) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
        guard code == 0 else {
            throw BenchmarkError("cannot start \(arguments[0]): \(String(cString: strerror(code)))")
        }
        return pid
    }
}
