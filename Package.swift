// swift-tools-version: 6.2
import PackageDescription

// libFuzzer brings a main function of its own, so the fuzzer can be linked in its own build alone: `make fuzz`.
let isFuzzing = Context.environment["HOLDFAST_FUZZ"] != nil

// Of two sanitizers that are given one after the other, swiftc takes the last one alone: here are both together.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : [])

// Exclusive access is not checked between socket and engine, where it is a twentieth of a request, but in debug builds,
// such as those of `make sanitize`. What holds the truth is checked in release builds, too.
let settingsOfWire =
    settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")

// Imports point down only; DESIGN's picture is repeated in README.md, "How it is built".
let package = Package(
    name: "holdfast",
    products: [
        .executable(name: "holdfast", targets: ["holdfast"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Product
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(
            name: "Migrations",
            path: "migrations/sqlite",
            resources: [.embedInCode("0001_initial.sql")],
            swiftSettings: settings
        ),
        .target(
            name: "QueueModel",
            dependencies: [crypto],
            swiftSettings: settingsOfWire
        ),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "QueueModel", "SQLite", "Migrations", crypto, logging,
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "QueueEngine",
            dependencies: ["QueueModel", logging, .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(name: "SQSWire", dependencies: ["QueueModel", nioCore], swiftSettings: settingsOfWire),
        .target(
            name: "HTTPAPI",
            dependencies: ["QueueEngine", "QueueModel", "SQSWire", logging, nioCore, nioHTTP1, nioPosix],
            swiftSettings: settingsOfWire
        ),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "Benchmark",
            dependencies: ["CLinux", .product(name: "Histogram", package: "hdrhistogram-swift")],
            swiftSettings: settings
        ),
        .target(
            name: "HoldfastApp",
            dependencies: [
                "Benchmark", "HTTPAPI", "QueueEngine", "QueueModel", "SQLiteStore", logging, nioCore, nioPosix, "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(name: "holdfast", dependencies: ["HoldfastApp"], swiftSettings: settings),

        // Tools
        .executableTarget(
            name: "HoldfastBench",
            dependencies: [
                "Benchmark", "CLinux", "Migrations", "QueueModel", "SQLite", "SQLiteStore", "SQSWire", logging, nioCore,
                nioHTTP1, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: settings
        ),

        // Tests
        .target(
            name: "ReferenceStore",
            dependencies: ["QueueModel"],
            path: "Tests/ReferenceStore",
            swiftSettings: settings
        ),
        .target(name: "CrashVFS", dependencies: ["CSQLite"], path: "Tests/CrashVFS"),
        .executableTarget(
            name: "HoldfastWithFailPoints",
            dependencies: ["HoldfastApp", "SQLiteStore"],
            path: "Tests/HoldfastWithFailPoints",
            swiftSettings: settings
        ),
        .testTarget(name: "QueueModelTests", dependencies: ["QueueModel"], swiftSettings: settings),
        .testTarget(name: "SQSWireTests", dependencies: ["SQSWire", "QueueModel", nioCore], swiftSettings: settings),
        .testTarget(
            name: "StoreConformanceTests",
            dependencies: ["CrashVFS", "QueueModel", "ReferenceStore", "SQLite", "SQLiteStore", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: ["SQLiteStore", "SQLite", "QueueModel", "Migrations"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "QueueEngineTests",
            dependencies: ["QueueEngine", "QueueModel", "ReferenceStore", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "HTTPAPI", "QueueEngine", "QueueModel", "ReferenceStore", logging, nioCore, nioHTTP1, nioPosix,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "BenchmarkTests", dependencies: ["Benchmark"], swiftSettings: settings),
        .testTarget(
            name: "HoldfastAppTests",
            dependencies: [
                "HoldfastApp", logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "FuzzedDecoders",
            dependencies: [
                "HTTPAPI", "HoldfastApp", "QueueEngine", "QueueModel", "ReferenceStore", "SQSWire", logging, nioCore,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/Fuzz/Decoders",
            swiftSettings: settings
        ),
        .testTarget(
            name: "FuzzCorpusTests",
            dependencies: ["FuzzedDecoders"],
            path: "Tests/Fuzz/CorpusTests",
            swiftSettings: settings
        ),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ]
)

if isFuzzing {
    package.targets.append(
        .executableTarget(
            name: "HoldfastFuzz",
            dependencies: ["FuzzedDecoders"],
            path: "Tests/Fuzz/Fuzzer",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
