import SQLite

/// The SQLite library that runs.
public enum SQLiteLibrary {
    /// Its version, such as `3.40.1`.
    public static var version: String { Connection.libraryVersion }

    /// What is known to be wrong with this version, and what follows from it.
    public static var knownFaults: [String] {
        faults(ofVersion: Connection.libraryVersionNumber)
    }

    /// What is known to be wrong with a version, such as 3040001 for 3.40.1.
    package static func faults(ofVersion version: Int) -> [String] {
        var faults: [String] = []
        // Fixed in 3.51.3, and in the maintenance releases 3.50.7 and 3.44.6.
        let isResetFixed =
            version >= 3_051_003 || (3_050_007..<3_051_000).contains(version)
            || (3_044_006..<3_045_000).contains(version)
        if !isResetFixed {
            faults.append(
                "it can corrupt a database that a second process opens (fixed in 3.51.3): let none open it"
            )
        }
        if version < 3_039_000 {
            faults.append("it is older than 3.39.0, the oldest that Holdfast is tested with")
        }
        return faults
    }

    /// Options that it was compiled with and that matter here, such as `THREADSAFE=1`.
    public static var compileOptions: [String] {
        let wanted = ["THREADSAFE", "SECURE_DELETE", "OMIT_", "DEFAULT_SYNCHRONOUS", "DEFAULT_WAL_SYNCHRONOUS"]
        guard let connection = try? Connection(path: ":memory:"),
            let rows = try? connection.prepare("pragma compile_options")
        else { return [] }
        var options: [String] = []
        while (try? rows.step()) == true {
            let option = rows.text(0)
            if wanted.contains(where: option.hasPrefix) { options.append(option) }
        }
        return options
    }

    /// Whether it was compiled to be used by more than one thread.
    public static var isThreadSafe: Bool {
        compileOptions.contains { $0.hasPrefix("THREADSAFE=") && $0 != "THREADSAFE=0" }
    }
}
