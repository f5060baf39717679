import QueueModel
import Testing

/// What a queue's tags may be.
struct QueueTagsTests {
    private func check(_ tags: QueueTags) throws {
        try tags.check()
    }

    @Test func `letters, digits, blanks and some characters make a tag`() throws {
        try check(["Größe 1_.:/=+-@": "", String(repeating: "ü", count: 128): "x"])
        try check(["k": String(repeating: "ü", count: 256), "awsome": "aws:", "K": "k"])
    }

    @Test(arguments: [
        "", String(repeating: "x", count: 129), "aws:x", "AWS:x", "Aws:", "a#b", "a\nb", "a;b", "a\u{0}",
        "aws:\u{301}x",
    ])
    func `a bad key is refused`(key: String) {
        #expect(throws: SQSError.self) { try check([key: "value"]) }
    }

    @Test(arguments: [String(repeating: "x", count: 257), "a#b", "a\tb"])
    func `a bad value is refused`(value: String) {
        #expect(throws: SQSError.self) { try check(["key": value]) }
    }

    @Test func `keys and values that only Unicode calls equal are others`() {
        #expect(QueueTags([("\u{E9}", ""), ("e\u{301}", "")]).count == 2)
        #expect(QueueTags([("\u{E9}", "")]) != QueueTags([("e\u{301}", "")]))
        #expect(QueueTags([("k", "\u{E9}")]) != QueueTags([("k", "e\u{301}")]))
    }

    @Test func `a queue has fifty tags at most, overwritten ones counted once`() throws {
        let queue = try #require(QueueName("q"))
        let fifty = QueueTags((0..<50).map { ("k\($0)", "") })
        #expect(try fifty.merging(["k0": "new"], of: queue)["k0"] == "new")
        #expect(throws: SQSError.invalidParameterValue("Too many tags added for queue q.")) {
            try fifty.merging(["k50": ""], of: queue)
        }
    }
}
