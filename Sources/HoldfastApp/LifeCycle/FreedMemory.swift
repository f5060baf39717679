internal import Dispatch
internal import Glibc

/// Gives memory back to the system that the process has freed.
///
/// glibc keeps what was freed in the middle of its heap: after a burst of large requests the process would stay as
/// large as it once was. Trimming costs a walk over all that is free, so it is done only after the process has grown,
/// or after clients have let go of a good deal.
final class FreedMemory {
    private static let secondsBetweenLooks = 10
    private static let differenceBytes = 32 * 1_048_576

    private var timer: (any DispatchSourceTimer)?

    /// Begins to look; `sizeBytesInUse` says about how much clients make the process hold.
    init(sizeBytesInUse: @escaping @Sendable () -> Int) {
        // No header that Swift's Glibc module includes has it, and other C libraries don't have it at all.
        guard let function = dlsym(nil, "malloc_trim") else { return }
        let trim = unsafeBitCast(function, to: (@convention(c) (Int) -> CInt).self)
        let interval = DispatchTimeInterval.seconds(Self.secondsBetweenLooks)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "holdfast.freed-memory"))
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .seconds(1))
        var residentAfterTrim = Self.residentSizeBytes()
        var inUseAtTrim = sizeBytesInUse()
        timer.setEventHandler {
            let inUse = sizeBytesInUse()
            let hasGrown = Self.residentSizeBytes() > residentAfterTrim + Self.differenceBytes
            let hasLetGo = inUse + Self.differenceBytes < inUseAtTrim
            guard hasGrown || hasLetGo else { return }
            _ = trim(0)
            residentAfterTrim = Self.residentSizeBytes()
            inUseAtTrim = inUse
        }
        timer.activate()
        self.timer = timer
    }

    /// Looks no more.
    func stop() {
        timer?.cancel()
    }

    /// What of the process is in memory; zero where the system does not tell.
    private static func residentSizeBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
