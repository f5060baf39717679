import QueueModel
import ReferenceStore
import SQLiteStore

extension PowerRun {
    /// A fixed scenario over a disk that fails once or from some operation on; then a start of another process on the
    /// same machine, and then a power cut.
    ///
    /// - Returns: whether the scenario is long enough for the fault to happen.
    mutating func run(with fault: DiskFault) throws -> Bool {
        note("\(fault)")
        replay = fault.replay(seed: seed)
        configuration.batchCommandsMax = 4
        configuration.checkpointPages = 12
        isDiskFull = fault.isFull
        disk.fail(fault)
        try liveWithFault(fault)
        guard disk.failureCount > 0 else { return false }
        disk.endFaults()
        isDiskFull = false
        disk.waitUntilClosed()
        if let changesAtFailure, disk.changeCount != changesAtFailure {
            throw difference("the store changed files after it had failed", "\(disk.changeCount - changesAtFailure)")
        }
        disk.endProcess()
        generator.learnOfRestart()
        try liveAfterFault()
        disk.crash()
        try look(at: try disk.afterPowerCut(seed: random.next()))
        return true
    }

    /// A fixed scenario over a disk that is full once or from some write on, and a power cut soon after, at a change
    /// of a file counted from the beginning.
    ///
    /// - Returns: whether the disk was full before the power went.
    mutating func run(with fault: DiskFault, cutAfter changes: Int, checkpointPages: Int) throws -> Bool {
        note("\(fault), and the power goes at change \(changes)")
        replay = fault.replay(seed: seed)
        configuration.batchCommandsMax = 4
        configuration.checkpointPages = checkpointPages
        isDiskFull = true
        disk.fail(fault)
        disk.crash(after: changes)
        let failures = Failures()
        if let store = try open(disk, vfsName: disk.vfsName, failures) {
            defer { store.close() }
            for _ in 0..<10 where !disk.hasCrashed {
                try next(store)
            }
            guard disk.hasCrashed || failures.count == 0 else {
                throw difference("a full disk stopped the store", failures.text)
            }
        }
        disk.endFaults()
        disk.waitUntilClosed()
        guard disk.failureCount > 0, disk.hasCrashed else { return false }
        isDiskFull = false
        for _ in 0..<4 { try look(at: try disk.afterPowerCut(seed: random.next())) }
        return true
    }

    private mutating func liveWithFault(_ fault: DiskFault) throws {
        let failures = Failures()
        guard let store = try open(disk, vfsName: disk.vfsName, failures) else { return }
        defer { store.close() }
        for _ in 0..<10 where failures.count == 0 {
            try next(store)
        }
        guard failures.count > 0 else {
            store.close()
            guard failures.count <= 1 else { throw difference("the store told of \(failures.count) failures", "") }
            return
        }
        guard !fault.isFull else { throw difference("a full disk stopped the store", failures.text) }
        // The store has stopped: it takes nothing more, and it leaves the disk as it is.
        let changes = disk.changeCount
        guard case .failure = store.apply(.listQueues(ListQueuesCommand(limit: 1))) else {
            throw difference("a store that failed still answers", "")
        }
        store.close()
        guard failures.count == 1 else { throw difference("the store told of \(failures.count) failures", "") }
        changesAtFailure = changes
    }

    /// Another process, on the same machine and a good disk.
    private mutating func liveAfterFault() throws {
        let failures = Failures()
        guard let store = try open(disk, vfsName: disk.vfsName, failures) else {
            throw difference("the next start failed", "")
        }
        defer { store.close() }
        try judge(store, "after the next start")
        try sweep(store, rowsMax: 500)
        for _ in 0..<2 {
            try next(store)
        }
        try judge(store, "after the next start and some commands")
        guard failures.count == 0 else { throw difference("the store failed on a good disk", failures.text) }
        // Not a stop: the log is to hold what was just answered.
        disk.crash()
    }
}
