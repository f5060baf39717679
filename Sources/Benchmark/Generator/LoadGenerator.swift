internal import CLinux
internal import Glibc

/// Keep-alive connections to one server, and a loop in the calling thread that runs loads over them.
///
/// It shares the machine with the server as a rule, so it does little but system calls: one read and one write a
/// request, and one wait for as many answers as have come.
package final class LoadGenerator {
    /// How many connections there are.
    package let connectionCount: Int

    /// How long a run waits without any answer before it fails.
    private static let patienceNanoseconds: UInt64 = 20_000_000_000

    /// How long the loop sleeps at most, so that a raised flag is seen.
    private static let waitMilliseconds: Int32 = 100

    private let authority: String
    private let poller: Int32
    private let connections: UnsafeMutableBufferPointer<Connection>
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_048_576, alignment: 16)

    /// Connects; throws if the server can't be reached.
    package init(_ endpoint: Endpoint, connections count: Int) throws(BenchmarkError) {
        precondition(count > 0)
        authority = endpoint.authority
        poller = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard poller >= 0 else { throw .system("epoll") }
        var made: [Connection] = []
        do throws(BenchmarkError) {
            for number in 0..<count {
                let connection = try Connection(endpoint)
                made.append(connection)
                _ = fcntl(connection.descriptor, F_SETFL, O_NONBLOCK)
                var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: UInt64(number)))
                guard epoll_ctl(poller, EPOLL_CTL_ADD, connection.descriptor, &event) == 0 else {
                    throw .system("epoll")
                }
            }
        } catch {
            for connection in made { Glibc.close(connection.descriptor) }
            Glibc.close(poller)
            input.deallocate()
            throw error
        }
        connectionCount = count
        connections = .allocate(capacity: count)
        _ = connections.initialize(from: made)
    }

    deinit {
        for connection in connections { Glibc.close(connection.descriptor) }
        connections.deinitialize()
        connections.deallocate()
        Glibc.close(poller)
        input.deallocate()
    }

    /// Runs a load until it has nothing more to do, or for some seconds or until the flag is raised, and then until
    /// what it began is finished.
    ///
    /// `progress` is told once a second how many requests were answered so far. Throws at the first answer that is an
    /// error; the generator is then of no more use.
    package func run(
        _ load: any Load,
        seconds: Double? = nil,
        stop: StopFlag? = nil,
        progress: ((Int) -> Void)? = nil
    ) throws(BenchmarkError) -> LoadResult {
        var run = Run(seconds: seconds)
        run.busyConnections = connectionCount
        for number in 0..<connectionCount { try sendNext(load, number, &run) }
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: connectionCount)
        defer { events.deallocate() }
        while run.busyConnections > 0 {
            let count = epoll_wait(poller, events.baseAddress, Int32(connectionCount), Self.waitMilliseconds)
            run.now = MachineTime.nanoseconds
            if run.now >= run.deadline || stop?.isRaised == true { run.isStopping = true }
            for index in 0..<max(Int(count), 0) {
                let event = events[index]
                let number = Int(event.data.u64)
                if event.events & EPOLLOUT.rawValue != 0 { try sendRest(number) }
                if event.events & ~EPOLLOUT.rawValue != 0 { try receive(load, number, &run) }
            }
            if count > 0 { run.lastAnswerAt = run.now }
            if run.now - run.lastAnswerAt > Self.patienceNanoseconds {
                let seconds = Self.patienceNanoseconds / 1_000_000_000
                throw BenchmarkError("\(authority) has not answered for \(seconds) s", kind: .unreachable)
            }
            if run.now >= run.nextProgressAt {
                run.nextProgressAt += 1_000_000_000
                progress?(run.requests)
            }
        }
        return run.result()
    }

    /// Takes what has come for a connection and, if that is its answer, goes on with its next request.
    private func receive(_ load: any Load, _ number: Int, _ run: inout Run) throws(BenchmarkError) {
        let count = recv(connections[number].descriptor, input.baseAddress, input.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            let reason = count == 0 ? "closed a connection" : "broke a connection (\(SystemError.text))"
            let subject = connections[number].isBusy ? connections[number].operation.name : "no request"
            throw BenchmarkError("\(authority) \(reason) while \(subject) was under way", kind: .unreachable)
        }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: input[..<count])
        if connections[number].received.isEmpty {
            if try !take(bytes, load, number, &run) { connections[number].received = Array(bytes) }
        } else {
            connections[number].received.append(contentsOf: bytes)
            var received: [UInt8] = []
            swap(&received, &connections[number].received)
            let isComplete: Result<Bool, BenchmarkError> = received.withUnsafeMutableBytes { bytes in
                Result { () throws(BenchmarkError) in try take(bytes, load, number, &run) }
            }
            if try !isComplete.get() { swap(&received, &connections[number].received) }
        }
        if !connections[number].isBusy { try sendNext(load, number, &run) }
    }

    /// Whether the answer is complete.
    private func take(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ load: any Load,
        _ number: Int,
        _ run: inout Run
    ) throws(BenchmarkError) -> Bool {
        let operation = connections[number].operation
        guard connections[number].isBusy else {
            throw BenchmarkError("\(authority) sent what nobody asked for", kind: .answer)
        }
        guard let answer = try Answer(bytes) else { return false }
        // Read again: with many answers at once the last ones would seem faster than they were.
        run.record(operation, nanoseconds: MachineTime.nanoseconds - connections[number].sentAt)
        guard answer.status == 200 else {
            let body = String(decoding: answer.body.prefix(500), as: UTF8.self)
            throw BenchmarkError("\(operation.name) was answered with status \(answer.status): \(body)", kind: .answer)
        }
        guard answer.length == bytes.count else {
            throw BenchmarkError("\(authority) sent more than the answer to \(operation.name)", kind: .answer)
        }
        try load.take(body: answer.body, operation: operation, connection: number)
        connections[number].isBusy = false
        return true
    }

    private func sendNext(_ load: any Load, _ number: Int, _ run: inout Run) throws(BenchmarkError) {
        run.request.clear()
        guard let operation = load.writeRequest(connection: number, stopping: run.isStopping, into: &run.request) else {
            run.busyConnections -= 1
            return
        }
        connections[number].operation = operation
        connections[number].isBusy = true
        connections[number].sentAt = MachineTime.nanoseconds
        let bytes = run.request.bytes
        let count = try send(bytes, number)
        if count < bytes.count {
            connections[number].unsent = Array(bytes[count...])
            try watch(number, EPOLLIN.rawValue | EPOLLOUT.rawValue)
        }
    }

    private func sendRest(_ number: Int) throws(BenchmarkError) {
        let unsent = connections[number].unsent
        let sent: Result<Int, BenchmarkError> = unsent.withUnsafeBytes { bytes in
            Result { () throws(BenchmarkError) in try send(bytes, number) }
        }
        connections[number].unsent = Array(unsent[try sent.get()...])
        if connections[number].unsent.isEmpty { try watch(number, EPOLLIN.rawValue) }
    }

    /// How many of the bytes the kernel took.
    private func send(_ bytes: UnsafeRawBufferPointer, _ number: Int) throws(BenchmarkError) -> Int {
        let descriptor = connections[number].descriptor
        let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return 0 }
        throw .system("\(authority) broke a connection", kind: .unreachable)
    }

    private func watch(_ number: Int, _ events: UInt32) throws(BenchmarkError) {
        var event = epoll_event(events: events, data: epoll_data_t(u64: UInt64(number)))
        guard epoll_ctl(poller, EPOLL_CTL_MOD, connections[number].descriptor, &event) == 0 else {
            throw .system("epoll")
        }
    }
}

extension LoadGenerator {
    /// One run of a load over the connections.
    private struct Run: ~Copyable {
        var request = RequestBuffer()
        var isStopping = false
        var requests = 0
        var busyConnections = 0
        var now = MachineTime.nanoseconds
        var lastAnswerAt: UInt64
        var nextProgressAt: UInt64
        let deadline: UInt64
        private let startedAt: UInt64
        private let startedCPUSeconds = MachineTime.threadCPUSeconds
        private var latencies = Latencies()

        init(seconds: Double?) {
            startedAt = now
            lastAnswerAt = now
            nextProgressAt = now + 1_000_000_000
            deadline = seconds.map { [now] in now + UInt64($0 * 1e9) } ?? .max
        }

        mutating func record(_ operation: Operation, nanoseconds: UInt64) {
            requests += 1
            latencies.record(operation, nanoseconds: nanoseconds)
        }

        func result() -> LoadResult {
            LoadResult(
                elapsedSeconds: MachineTime.seconds(since: startedAt),
                requests: requests,
                generatorCPUSeconds: MachineTime.threadCPUSeconds - startedCPUSeconds,
                latencies: latencies.summaries()
            )
        }
    }
}
