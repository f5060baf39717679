import Foundation
import Testing

/// The picture in README.md, "How it is built", as rules: arrows point down only.
struct ImportTests {
    /// Which of our own modules each target may import.
    private static let ownImports: [String: Set<String>] = [
        "CSQLite": [],
        "SQLite": ["CSQLite"],
        "QueueModel": [],
        "SQLiteStore": ["QueueModel", "SQLite", "Migrations"],
        "QueueEngine": ["QueueModel"],
        "SQSWire": ["QueueModel"],
        "HTTPAPI": ["QueueEngine", "QueueModel", "SQSWire"],
        "CLinux": [],
        "Benchmark": ["CLinux"],
        "HoldfastApp": ["Benchmark", "HTTPAPI", "QueueEngine", "QueueModel", "SQLiteStore"],
        "holdfast": ["HoldfastApp"],
        "HoldfastBench": [
            "Benchmark", "CLinux", "Migrations", "QueueModel", "SQLite", "SQLiteStore", "SQSWire",
        ],
    ]

    /// Which targets may import NIO at all, and which of them its HTTP.
    private static let nioImporters: Set<String> = ["SQSWire", "HTTPAPI", "HoldfastApp", "HoldfastBench"]
    private static let httpImporters: Set<String> = ["HTTPAPI", "HoldfastBench"]

    private static func target(of file: SourceTree.File) -> String {
        file.path.hasPrefix("migrations/") ? "Migrations" : String(file.path.split(separator: "/")[1])
    }

    @Test func `every target is in the picture`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: SourceTree.root.appending(path: "Sources").path
        )
        #expect(Set(folders) == Set(Self.ownImports.keys))
    }

    @Test func `a target imports only what lies below it`() {
        let ours = Set(Self.ownImports.keys).union(["Migrations", "ReferenceStore"])
        for file in SourceTree.sources {
            let allowed = Self.ownImports[Self.target(of: file)] ?? []
            let imported = Set(SwiftCode(file.text).imports).intersection(ours)
            #expect(imported.isSubset(of: allowed), "\(file) imports \(imported.subtracting(allowed))")
        }
    }

    @Test func `only the server knows HTTP, and neither model, engine nor store knows the network`() {
        for file in SourceTree.sources {
            let target = Self.target(of: file)
            for module in SwiftCode(file.text).imports where module.hasPrefix("NIO") {
                let importers = module.hasPrefix("NIOHTTP") ? Self.httpImporters : Self.nioImporters
                #expect(importers.contains(target), "\(file) imports \(module)")
            }
        }
    }

    @Test func `only the wrapper and the crash VFS know SQLite's own interface`() {
        let including: Set<String> = ["Sources/CSQLite", "Tests/CrashVFS"]
        for file in SourceTree.programs where file.name.hasSuffix(".c") || file.name.hasSuffix(".h") {
            let folder = file.path.split(separator: "/").prefix(2).joined(separator: "/")
            #expect(including.contains(folder) || !file.text.contains("<sqlite3.h>"), "\(file)")
        }
        for file in SourceTree.sources + SourceTree.tests {
            let imports = Set(SwiftCode(file.text).imports)
            #expect(!imports.contains("CSQLite") || Self.target(of: file) == "SQLite", "\(file)")
            #expect(!imports.contains("CrashVFS") || file.path.hasPrefix("Tests/StoreConformanceTests/"), "\(file)")
        }
    }

    @Test func `tests look at what every caller sees`() {
        for file in SourceTree.tests {
            #expect(!SwiftCode(file.text).text.contains("@test" + "able"), "\(file)")
        }
    }
}
