import Glibc
import NIOCore
import NIOPosix

/// A server started by the bench: the broker, or the hello server.
final class ServerProcess {
    /// Where it listens.
    let endpoint: Endpoint

    /// Its process.
    let pid: pid_t

    /// From the start of the process to the first good answer of /health.
    private(set) var secondsToHealthy = 0.0

    private let logPath: String
    private var isRunning = true

    /// Starts a program and waits until it is healthy; `arguments` get the free port that was found.
    ///
    /// What it prints goes to `logPath`; its end is thrown with the last lines of that.
    init(_ program: String, logPath: String, arguments: (_ port: Int) -> [String]) throws {
        let port = try Self.freePort()
        endpoint = Endpoint(loopbackPort: port)
        self.logPath = logPath
        let startedAt = NIODeadline.now()
        pid = try Self.spawn([program] + arguments(port), logPath: logPath)
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
    func usage() throws -> ProcessUsage { try ProcessUsage(pid: pid) }

    /// Asks it to end with SIGTERM, and returns how many seconds that took.
    func terminate() throws -> Double {
        let startedAt = NIODeadline.now()
        Glibc.kill(pid, SIGTERM)
        while startedAt + Self.patience > .now() {
            var status: Int32 = 0
            if waitpid(pid, &status, WNOHANG) == pid {
                hasEnded()
                guard status == 0 else { throw BenchError("the server ended with status \(status)\(lastWords())") }
                return Double((NIODeadline.now() - startedAt).nanoseconds) / 1e9
            }
            usleep(1_000)
        }
        kill()
        throw BenchError("the server did not end within \(Self.patience.nanoseconds / 1_000_000_000) s of SIGTERM")
    }

    /// Ends it with SIGKILL.
    func kill() {
        guard isRunning else { return }
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        hasEnded()
    }

    private static let patience = TimeAmount.seconds(60)

    private func hasEnded() {
        isRunning = false
        ChildProcesses.remove(pid)
    }

    private func waitUntilHealthy(_ startedAt: NIODeadline) throws {
        while true {
            if let generator = try? LoadGenerator(endpoint, connections: 1) {
                defer { generator.close() }
                // Another status than 200 is a failure too: not healthy yet.
                if (try? generator.run(SingleRequest(Requests.health(endpoint: endpoint)))) != nil {
                    secondsToHealthy = Double((NIODeadline.now() - startedAt).nanoseconds) / 1e9
                    return
                }
            }
            if waitpid(pid, nil, WNOHANG) == pid {
                hasEnded()
                throw BenchError("the server ended instead of starting\(lastWords())")
            }
            guard startedAt + Self.patience > .now() else {
                throw BenchError("the server was not healthy in time\(lastWords())")
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
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).wait()
        defer { try? channel.close().wait() }
        guard let port = channel.localAddress?.port else { throw BenchError("no free port on 127.0.0.1") }
        return port
    }

    private static func spawn(_ arguments: [String], logPath: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // The bench ignores these in favour of its own handling; a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        let argv = arguments.map { strdup($0) } + [nil]
        // From /proc because `environ` is a mutable global, which Swift 6 rightly distrusts.
        let environment =
            try TextFile.read("/proc/self/environ").split(separator: "\0").map { strdup(String($0)) } + [nil]
        defer { for string in argv + environment { free(string) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, environment)
        guard code == 0 else { throw BenchError("cannot start \(arguments[0]): \(String(cString: strerror(code)))") }
        return pid
    }
}
