import Benchmark
import Glibc

/// What the figures were taken on.
struct Machine: Encodable {
    /// Logical cores that this process may use.
    var cores: Int

    /// Model of the processor.
    var processor: String

    /// Memory of the machine.
    var memoryBytes: Int

    /// Kernel and its release.
    var kernel: String

    /// Date and time of the measurement, UTC.
    var date: String

    /// This machine, now.
    init() throws {
        cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        memoryBytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        kernel = "Linux " + (try TextFile.read("/proc/sys/kernel/osrelease").filter { !$0.isWhitespace })
        let lines = try TextFile.read("/proc/cpuinfo").split(separator: "\n")
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = model.map { String($0.drop { $0 == " " }) } ?? "unknown"

        var now = time(nil)
        var utc = tm()
        gmtime_r(&now, &utc)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y-%m-%d %H:%M UTC", &utc)
        date = String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
