import Foundation
import HoldfastApp
import Logging
import Testing

struct BrokerTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "holdfast-\(UUID().uuidString)").path

    /// Opens a broker on the test's directory and a free port.
    private func open(port: Int = 0, data: String? = nil) throws -> Broker {
        var configuration = BrokerConfiguration()
        configuration.port = port
        configuration.dataDirectory = data ?? directory
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try Broker(configuration: configuration, logger: logger) { Issue.record("the store failed: \($0)") }
    }

    private func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test func `a broker tells the port it got, and what it stopped with can be opened again`() throws {
        defer { remove(directory) }
        for _ in 1...2 {
            let broker = try open()
            #expect(broker.address.wholeMatch(of: /127\.0\.0\.1:[1-9][0-9]*/) != nil)
            broker.stop()
        }
    }

    @Test func `a directory in use is refused, and its user is not disturbed`() throws {
        defer { remove(directory) }
        let broker = try open()
        let error = #expect(throws: StartError.self) { try open() }
        #expect(error?.status == .dataInUse)
        #expect(error?.description.contains(directory) == true)
        broker.stop()
        try open().stop()
    }

    @Test func `a port in use is refused, and the directory is free again`() throws {
        let other = directory + "-other"
        defer {
            remove(directory)
            remove(other)
        }
        let broker = try open()
        let port = try #require(broker.address.split(separator: ":").last.flatMap { Int($0) })
        let error = #expect(throws: StartError.self) { try open(port: port, data: other) }
        #expect(error?.status == .cannotListen)
        #expect(error?.description == "can't listen on 127.0.0.1, port \(port): Address already in use")
        try open(data: other).stop()
        broker.stop()
    }

    @Test func `a directory that can't be made is told`() throws {
        try Data().write(to: URL(fileURLWithPath: directory))
        defer { remove(directory) }
        let error = #expect(throws: StartError.self) { try open(data: directory + "/data") }
        #expect(error?.status == .dataDirectory)
    }

    @Test func `a file that is no database of ours is left alone`() throws {
        defer { remove(directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = URL(fileURLWithPath: directory + "/holdfast.db")
        let text = Data(String(repeating: "not a database ", count: 1_000).utf8)
        try text.write(to: file)
        let error = #expect(throws: StartError.self) { try open() }
        #expect(error?.status == .unusableData)
        #expect(try Data(contentsOf: file) == text)
    }
}
