import Foundation
import HoldfastApp
import Logging
import Testing

/// A directory of a test's own.
private struct Scratch: ~Copyable {
    let directory = FileManager.default.temporaryDirectory.appending(path: "holdfast-\(UUID().uuidString)")

    /// Writes a configuration file; its path.
    func file(_ yaml: String) throws -> String {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let url = directory.appending(path: "test.yaml")
        try yaml.write(to: url, atomically: true, encoding: .utf8)
        return url.path
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }
}

private func load(
    options: [String: String] = [:],
    environment: [String: String] = [:],
    yaml: String? = nil
) throws -> BrokerConfiguration {
    let scratch = Scratch()
    let path = try yaml.map { try scratch.file($0) }
    return try BrokerConfiguration(options: options, environment: environment, file: path)
}

/// What a load complains about, with the file's name for its path.
private func problems(
    options: [String: String] = [:],
    environment: [String: String] = [:],
    yaml: String? = nil
) throws -> [String] {
    do {
        _ = try load(options: options, environment: environment, yaml: yaml)
    } catch let error as ConfigurationError {
        return error.problems.map { problem in
            guard let end = problem.range(of: "test.yaml") else { return problem }
            return "test.yaml" + problem[end.upperBound...]
        }
    }
    return []
}

struct BrokerConfigurationTests {
    @Test func `without anything the defaults hold`() throws {
        #expect(try load() == BrokerConfiguration())
    }

    @Test func `options go over the environment, that over the file, that over the defaults`() throws {
        let yaml = "server:\n  host: 10.0.0.1\n  port: 1001\nservice:\n  region: file-1\n"
        let environment = ["HOLDFAST_PORT": "1002", "HOLDFAST_REGION": "environment-1"]
        let configuration = try load(options: ["region": "option-1"], environment: environment, yaml: yaml)
        #expect(configuration.host == "10.0.0.1")
        #expect(configuration.port == 1002)
        #expect(configuration.region == "option-1")
        #expect(configuration.account == "000000000000")
    }

    @Test func `every setting can come from the file and from the environment`() throws {
        let samples = [
            "server.host": "::1", "server.port": "0", "server.public_url": "https://sqs.example.com:8443",
            "server.idle_timeout_seconds": "7", "server.connections_max": "99", "server.long_polls_max": "0",
            "server.buffers_mib_max": "64", "data.directory": "d/e",
            "service.account": "123456789012", "service.region": "eu-central-1",
            "service.purge_interval_seconds": "0", "service.queue_recreation_delay_seconds": "5",
            "log.level": "debug",
        ]
        #expect(Set(samples.keys) == Set(Setting.all.map(\.key)))
        for setting in Setting.all {
            let sample = try #require(samples[setting.key])
            let parts = setting.key.split(separator: ".")
            let fromFile = try load(yaml: "\(parts[0]):\n  \(parts[1]): \"\(sample)\"\n")
            let fromEnvironment = try load(environment: [setting.environmentName: sample])
            #expect(setting.text(in: fromFile) == sample)
            #expect(fromFile != BrokerConfiguration())
            #expect(fromFile == fromEnvironment)
        }
    }

    @Test func `the environment can name the file, and the command line's file goes over it`() throws {
        let scratch = Scratch()
        let path = try scratch.file("server:\n  port: 1001\n")
        let environment = ["HOLDFAST_CONFIG": path]
        #expect(try BrokerConfiguration(options: [:], environment: environment, file: nil).port == 1001)
        #expect(
            try BrokerConfiguration(options: [:], environment: ["HOLDFAST_CONFIG": "/nowhere"], file: path).port == 1001
        )
    }

    @Test func `an account keeps its leading zeros even without quotes`() throws {
        #expect(try load(yaml: "service:\n  account: 000000000042\n").account == "000000000042")
    }

    @Test func `a file of comments and empty sections sets nothing`() throws {
        #expect(try load(yaml: "") == BrokerConfiguration())
        #expect(try load(yaml: "# nothing\n") == BrokerConfiguration())
        #expect(try load(yaml: "server:\n  # port: 1\nlog:\n") == BrokerConfiguration())
    }

    @Test(arguments: [
        ("server:\n  port: 1\n  prot: 2\n", "test.yaml:3: unknown key server.prot"),
        ("sever:\n  port: 1\n", "test.yaml:1: unknown key sever"),
        ("server:\n  port: 1\n  port: 2\n", "test.yaml:2: the mapping that starts here has a key twice: port"),
        ("server:\n  port: 99999\n", "test.yaml:2: server.port is '99999' but must be a whole number from 0 to 65535"),
        ("server:\n  port:\n", "test.yaml:2: server.port needs one plain value"),
        ("server:\n  host: [a, b]\n", "test.yaml:2: server.host needs one plain value"),
        ("server: 9324\n", "test.yaml:1: server must hold keys of its own"),
        ("- server\n", "test.yaml:1: the file must be a mapping"),
        ("server\n", "test.yaml:1: the file must be a mapping"),
        ("server: {\n", "test.yaml:2:1: "),
        ("server:\n  port: 1\n---\nlog:\n  level: info\n", "test.yaml:3:1: "),
    ])
    func `what is wrong with a file is told with its line`(yaml: String, problem: String) throws {
        let told = try problems(yaml: yaml)
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix(problem) == true, "\(told)")
    }

    @Test func `a missing file stops the start`() throws {
        #expect(throws: ConfigurationError.self) {
            try BrokerConfiguration(options: [:], environment: [:], file: "/nowhere/holdfast.yaml")
        }
        #expect(throws: ConfigurationError.self) {
            try BrokerConfiguration(options: [:], environment: ["HOLDFAST_CONFIG": ""], file: nil)
        }
    }

    @Test func `an unknown variable stops the start, but those of tests and of others do not`() throws {
        #expect(try problems(environment: ["HOLDFAST_PROT": "1"]) == ["unknown environment variable HOLDFAST_PROT"])
        let others = ["HOLDFAST_TEST_BINARY": "x", "HOLDFAST_MODEL_SEED": "1", "HOLDFASTEN": "1", "PATH": "/bin"]
        #expect(try load(environment: others) == BrokerConfiguration())
    }

    @Test func `all that is wrong is told at once`() throws {
        let told = try problems(
            options: ["log-level": "loud"],
            environment: ["HOLDFAST_ACCOUNT": "12", "HOLDFAST_X": ""],
            yaml: "a: 1\nserver:\n  port: x\n"
        )
        #expect(
            told.map { $0.prefix(15) } == ["test.yaml:1: un", "HOLDFAST_ACCOUN", "unknown environ", "--log-level is "]
        )
    }

    @Test(arguments: [
        ("server.host", ["127.0.0.1", "::", "fe80::1%eth0", "broker.local"], ["", "a b", "[::1]", "http://a", "a/b"]),
        ("server.port", ["0", "9324", "65535"], ["", "-1", "+1", "65536", "1.0", "0x10", " 1", "٣"]),
        (
            "server.public_url",
            [
                "", "http://localhost:9324", "https://sqs.example.com/", "http://[::1]:1", "http://a/b",
                "http://a:1/b/",
                "https://a/b-1/c_2.d~/",
            ],
            [
                "sqs.example.com", "ftp://a", "http://", "http://a:0", "http://a:70000", "http://a//", "http://a//b",
                "http://a/b//", "http://a/../b", "http://a/b c", "http://a/b%20", "http://a/b?c", "http://a/b#c",
                "http://u@a", "http://a?b", "HTTP://a b",
            ]
        ),
        ("server.idle_timeout_seconds", ["1", "86400"], ["0", "86401", "1s"]),
        ("server.connections_max", ["1", "1000000"], ["0", "1000001", "many"]),
        ("server.long_polls_max", ["0", "1000000"], ["-1", "1000001", "many"]),
        ("server.buffers_mib_max", ["32", "1048576"], ["31", "1048577", "1g"]),
        ("data.directory", ["data", "/var/lib/holdfast", "a b"], ["", "a\0b"]),
        ("service.account", ["000000000000"], ["", "00000000000", "0000000000000", "00000000000a", "٠٠٠٠٠٠٠٠٠٠٠٠"]),
        (
            "service.region", ["us-east-1", "local", "eu-isoe-west-1"],
            ["", "US-EAST-1", "-a", "a-", "a--b", "a b", "a/b"]
        ),
        ("log.level", ["trace", "info", "critical"], ["", "INFO", "verbose"]),
    ])
    func `values are checked for their form`(key: String, good: [String], bad: [String]) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        for text in good {
            #expect(setting.problem(with: text, from: key) == nil, "\(text)")
        }
        for text in bad {
            let problem = setting.problem(with: text, from: "here")
            #expect(problem == "here is '\(text)' but must be \(setting.expectation)")
        }
    }

    @Test func `a public URL loses the slash at its end`() throws {
        #expect(try load(options: ["public-url": "https://a.example/"]).publicURL == "https://a.example")
        #expect(try load(options: ["public-url": "https://a.example/sqs/"]).publicURL == "https://a.example/sqs")
        #expect(try load(options: ["public-url": ""]).publicURL == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("localhost", true), ("0.0.0.0", false),
        ("::", false), ("127.0.0.1.example.com", false), ("10.0.0.1", false), ("broker", false),
    ])
    func `only loopback counts as closed to others`(host: String, isLoopback: Bool) {
        var configuration = BrokerConfiguration()
        configuration.host = host
        #expect(configuration.isLoopbackOnly == isLoopback)
    }
}
