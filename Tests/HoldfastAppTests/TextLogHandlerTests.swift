import HoldfastApp
import Logging
import Synchronization
import Testing

private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "holdfast") { label in
            TextLogHandler(label: label, level: level) { line in self.lines.withLock { $0.append(line) } }
        }
    }

    /// The lines without their times.
    var texts: [String] {
        lines.withLock { $0.map { String($0.dropFirst("2026-11-21T00:00:00.000Z ".count)) } }
    }

    var all: [String] { lines.withLock { $0 } }
}

struct TextLogHandlerTests {
    @Test func `a line holds time, level, label, message and metadata in order`() throws {
        let lines = Lines()
        var logger = lines.logger(.info)
        logger[metadataKey: "queue"] = "orders"
        logger.info("ready", metadata: ["b": "2", "address": "127.0.0.1:9324"])
        #expect(lines.texts == ["info holdfast: ready address=127.0.0.1:9324 b=2 queue=orders"])
        let line = try #require(lines.all.first)
        #expect(line.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\ /) != nil)
    }

    @Test func `what is less severe than the level is not written`() {
        let lines = Lines()
        let logger = lines.logger(.warning)
        logger.info("no")
        logger.warning("yes")
        #expect(lines.texts == ["warning holdfast: yes"])
    }

    @Test func `metadata of the event goes over that of the logger`() {
        let lines = Lines()
        var logger = lines.logger(.info)
        logger[metadataKey: "a"] = "1"
        logger.info("x", metadata: ["a": "2"])
        logger.info("x")
        #expect(lines.texts == ["info holdfast: x a=2", "info holdfast: x a=1"])
    }

    @Test func `nothing that is logged can begin a line of its own or steer a terminal`() {
        let lines = Lines()
        lines.logger(.info).info(
            "a\nb\u{1b}[31m\r\n\u{2028}\u{202e}",
            metadata: ["k\n": "v\n2026-11-21T00:00:00.000Z error holdfast: forged\u{9b}\u{7f}\0"]
        )
        let line = lines.texts[0]
        #expect(line.hasPrefix(#"info holdfast: a\nb\u{1b}[31m\r\n\u{2028}\u{202e} k\n="v\n2026-11-21T"#))
        #expect(line.hasSuffix(#"forged\u{9b}\u{7f}\u{0}""#))
    }

    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""), ("a\"b", "\"a\\\"b\""),
        ("größe", "größe"), ("a\tb", "a\\tb"),
    ])
    func `a value that is not one word is quoted`(text: String, written: String) {
        #expect(LogText.value(text) == written)
    }

    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (1_795_219_200, 7, "2026-11-21T00:00:00.007Z"),
        (951_782_399, 999, "2000-02-28T23:59:59.999Z"),
    ])
    func `times are written in UTC with milliseconds`(seconds: Int, milliseconds: Int, text: String) {
        #expect(UTCTime.text(secondsSince1970: seconds, milliseconds: milliseconds) == text)
    }
}
