import QueueModel
import Testing

@Suite struct QueueNameTests {
    @Test(arguments: ["a", "orders", "A-b_9", "-", "_", "0", "a.fifo", String(repeating: "x", count: 80)])
    func `letters, digits, hyphens and underscores make a name`(text: String) {
        #expect(QueueName(text)?.text == text)
    }

    @Test(arguments: [
        "", " ", "a b", "a.b", ".fifo", "a.fifo.fifo", "a.FIFO", "a/b", "é", "a\u{301}", "a.fifo\u{301}", "a\n", "a\0",
        "a%2F",
        String(repeating: "x", count: 81), String(repeating: "x", count: 76) + ".fifo",
    ])
    func `anything else makes none`(text: String) {
        #expect(QueueName(text) == nil)
    }

    @Test(arguments: [
        "http://localhost:9324/000000000000/orders", "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "/000000000000/orders", "orders", "/orders/", "http://[::1]:9324/orders",
    ])
    func `the last part of a URL is the name, whatever stands before it`(url: String) {
        #expect(QueueName(queueUrl: url)?.text == "orders")
    }

    @Test(arguments: ["", "/", "///", "http://h/0/a b", "http://h/0/orders?x=1", "http://h/0/é"])
    func `a URL whose last part is no name has none`(url: String) {
        #expect(QueueName(queueUrl: url) == nil)
    }

    @Test func `names are ordered by their bytes and know whether they are FIFO`() throws {
        let names = ["B", "a", "_", "-", "a.fifo", "0"].compactMap { QueueName($0) }
        #expect(names.sorted().map(\.text) == ["-", "0", "B", "_", "a", "a.fifo"])
        #expect(names.map(\.isFifo) == [false, false, false, false, true, false])
    }
}
