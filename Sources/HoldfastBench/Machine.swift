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

    /// The type of the file system a directory is on, as the mount table names it.
    static func fileSystem(of directory: String) throws -> String {
        guard let resolved = realpath(directory, nil) else { return "unknown" }
        defer { free(resolved) }
        let path = String(cString: resolved)
        var best = (mount: "", type: "unknown")
        for line in try TextFile.read("/proc/mounts").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let mount = String(fields[1])
            let prefix = mount.hasSuffix("/") ? mount : mount + "/"
            // Later mounts hide earlier ones.
            if (path + "/").hasPrefix(prefix), mount.utf8.count >= best.mount.utf8.count {
                best = (mount, String(fields[2]))
            }
        }
        return best.type
    }
}
