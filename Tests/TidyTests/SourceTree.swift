import Foundation

/// The repository that this file stands in.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file of the repository.
    struct File: CustomStringConvertible {
        /// Its path from the root on.
        let path: String
        let text: String

        var name: String { String(path.split(separator: "/").last ?? "") }
        var description: String { path }

        /// The lines, without an empty one for the end of the last.
        var lines: [Substring] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.last == "" ? lines.dropLast() : lines
        }
    }

    /// The Swift files of the product and its tools.
    static let sources = files(under: ["Sources", "migrations"], endings: [".swift"])

    /// The Swift files of the tests.
    static let tests = files(under: ["Tests"], endings: [".swift"])

    /// All that is written by hand as program text.
    static let programs = files(
        under: ["Sources", "Tests", "migrations", "Package.swift", "Makefile", ".ci", "config"],
        endings: [".swift", ".c", ".h", ".sql", ".py", ".sh", ".yaml", "Makefile", "run"]
    )

    /// Program text and the pages about it.
    static let everything = programs + files(under: ["README.md", "CHANGELOG.md"], endings: [".md"])

    private static func files(under places: [String], endings: [String]) -> [File] {
        places.flatMap { place in
            paths(at: place).filter { path in endings.contains { path.hasSuffix($0) } }
        }.map { path in
            guard let data = FileManager.default.contents(atPath: root.appending(path: path).path) else {
                preconditionFailure("\(path) can't be read")
            }
            return File(path: path, text: String(decoding: data, as: UTF8.self))
        }
    }

    /// The files at a place, or the place itself if it is one.
    private static func paths(at place: String) -> [String] {
        let url = root.appending(path: place)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else { return [] }
        guard isDirectory.boolValue else { return [place] }
        let inside = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
        return inside.map { "\(place)/\($0)" }.sorted()
    }

    /// The paths that git tracks; nothing if this is no clone.
    static func trackedPaths() throws -> [String]? {
        guard FileManager.default.fileExists(atPath: root.appending(path: ".git").path) else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A clone may belong to another user than the one who runs the tests.
        process.arguments = ["git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: output, as: UTF8.self).split(separator: "\0").map(String.init)
    }
}
