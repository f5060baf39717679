import Foundation
import QueueEngine
import QueueModel
import Testing

/// Move tasks as a caller sees them.
@Suite struct MoveTaskTests {
    private let broker = Broker()
    private let dead = "arn:aws:sqs:us-east-1:000000000000:dead"
    private let missing = "arn:aws:sqs:us-east-1:000000000000:missing"

    init() throws {
        try broker.create("dead")
        try broker.create("other")
        let policy = #"{"deadLetterTargetArn":"\#(dead)","maxReceiveCount":1}"#
        try broker.create("q", ["RedrivePolicy": policy, "VisibilityTimeout": "0"])
    }

    /// Lets messages reach the dead-letter queue.
    private func bury(_ count: Int) throws {
        for index in 0..<count { try broker.send("\(index)", to: "q") }
        for _ in 0..<(2 * count) { _ = try broker.receive("q") { $0.maxNumberOfMessages = 10 } }
        #expect(try self.count("dead") == count)
    }

    private func count(_ queue: String) throws -> Int? {
        let request = GetQueueAttributesRequest(
            queueUrl: queue,
            attributeNames: ["ApproximateNumberOfMessages"]
        )
        guard case .getQueueAttributes(let result) = try broker.perform(.getQueueAttributes(request)) else {
            throw UnexpectedResult()
        }
        return result.attributes.first.flatMap { Int($0.value) }
    }

    private func starting(_ source: String, to destination: String? = nil, rate: Int? = nil) -> SQSRequest {
        .startMessageMoveTask(
            StartMessageMoveTaskRequest(
                sourceArn: source,
                destinationArn: destination,
                maxNumberOfMessagesPerSecond: rate
            )
        )
    }

    private func start(to destination: String? = nil, rate: Int? = nil) throws -> String {
        guard case .startMessageMoveTask(let result) = try broker.perform(starting(dead, to: destination, rate: rate))
        else { throw UnexpectedResult() }
        return result.taskHandle
    }

    private func list(_ maxResults: Int? = nil) throws -> [ListMessageMoveTasksResultEntry] {
        let request = ListMessageMoveTasksRequest(sourceArn: dead, maxResults: maxResults)
        guard case .listMessageMoveTasks(let result) = try broker.perform(.listMessageMoveTasks(request)) else {
            throw UnexpectedResult()
        }
        return result.results
    }

    private func cancelling(_ handle: String) -> SQSRequest {
        .cancelMessageMoveTask(CancelMessageMoveTaskRequest(taskHandle: handle))
    }

    private func handle(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    @Test func `a task takes each message back to where it came from`() throws {
        try bury(3)
        broker.engine.startChores()
        _ = try start()
        #expect(try count("dead") == 0)
        #expect(try count("q") == 3)
        let task = try #require(try list().first)
        #expect(task.status == .completed)
        #expect(task.taskHandle == nil)
        #expect(task.destinationArn == nil)
        #expect(task.maxNumberOfMessagesPerSecond == nil)
        #expect(task.approximateNumberOfMessagesMoved == 3)
        #expect(task.approximateNumberOfMessagesToMove == 3)
        #expect(task.sourceArn == dead)
    }

    @Test func `a task with a rate moves so many a second, the first at once`() throws {
        try bury(7)
        broker.engine.startChores()
        _ = try start(to: "arn:aws:sqs:us-east-1:000000000000:other", rate: 3)
        var counts: [Int?] = []
        for _ in 0..<4 {
            counts.append(try count("other"))
            broker.timers.advance(milliseconds: 1_000)
        }
        #expect(counts == [1, 4, 7, 7])
        #expect(try list().first?.status == .completed)
    }

    @Test func `a task that began before the chores goes on with them`() throws {
        try bury(1)
        _ = try start()
        #expect(try count("dead") == 1)
        broker.engine.startChores()
        #expect(try count("dead") == 0)
    }

    @Test func `a running task shows its handle, which cancels it once`() throws {
        try bury(3)
        let taskHandle = try start(rate: 1)
        let task = try #require(try list().first)
        #expect(task.status == .running)
        #expect(task.taskHandle == taskHandle)
        #expect(task.maxNumberOfMessagesPerSecond == 1)
        let text = String(decoding: try #require(Data(base64Encoded: taskHandle)), as: UTF8.self)
        #expect(text.hasPrefix(#"{"taskId":""#))
        #expect(text.hasSuffix(#"","sourceArn":"\#(dead)"}"#))

        #expect(broker.error(of: starting(dead)) == .taskAlreadyRunning)
        #expect(
            try broker.perform(cancelling(taskHandle))
                == .cancelMessageMoveTask(CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: 0))
        )
        #expect(broker.error(of: cancelling(taskHandle)) == .taskDoesNotExist)
        #expect(try list().map(\.status) == [.cancelled])
    }

    @Test func `a cancelled task moves no further message`() throws {
        try bury(5)
        broker.engine.startChores()
        let taskHandle = try start(rate: 1)
        broker.timers.advance(milliseconds: 1_000)
        _ = try broker.perform(cancelling(taskHandle))
        broker.timers.advance(milliseconds: 60_000)
        #expect(try count("dead") == 3)
    }

    @Test func `one task is listed unless more are asked for, the newest first`() throws {
        try bury(1)
        let first = try start()
        _ = try broker.perform(cancelling(first))
        let second = try start()
        #expect(try list().map(\.taskHandle) == [second])
        #expect(try list(10).map(\.status) == [.running, .cancelled])
    }

    @Test func `bad tasks are refused in AWS's words`() {
        let other = "arn:aws:sqs:us-east-1:000000000000:other"
        let cases: [(SQSRequest, SQSError)] = [
            (starting(""), .missingParameter("SourceArn")),
            (starting(missing), .resourceNotFound("SourceArn")),
            (starting("garbage"), .resourceNotFound("SourceArn")),
            (starting("arn:aws:sqs:eu-west-1:000000000000:dead"), .resourceNotFound("SourceArn")),
            (starting(other), .sourceMustBeDeadLetterQueue),
            (starting(dead, to: missing), .resourceNotFound("DestinationArn")),
            (starting(dead, to: "garbage"), .resourceNotFound("DestinationArn")),
            (starting(missing, to: "garbage"), .resourceNotFound("SourceArn")),
        ]
        for (request, expected) in cases { #expect(broker.error(of: request) == expected) }
        for rate in [0, -1, 501] {
            #expect(broker.error(of: starting(dead, rate: rate))?.code == "InvalidParameterValue")
        }
        #expect(broker.error(of: starting(dead, to: dead))?.code == "InvalidParameterValue")
        #expect(SQSError.resourceNotFound("SourceArn").status == 404)
    }

    @Test func `bad lists are refused`() {
        func listing(_ source: String, _ maxResults: Int? = nil) -> SQSRequest {
            .listMessageMoveTasks(ListMessageMoveTasksRequest(sourceArn: source, maxResults: maxResults))
        }
        #expect(broker.error(of: listing("")) == .missingParameter("SourceArn"))
        for source in [missing, "garbage"] { #expect(broker.error(of: listing(source)) == .queueDoesNotExist) }
        for count in [0, 11] { #expect(broker.error(of: listing(dead, count))?.code == "InvalidParameterValue") }
    }

    @Test func `bad handles are refused in AWS's words`() {
        let id = "219f8380-5770-4cc2-8c3e-5c715e145f5e"
        #expect(broker.error(of: cancelling("")) == .missingParameter("TaskHandle"))
        for text in ["garbage", handle("{}"), handle("[]"), handle(#"{"taskId":"\#(id)"}"#), handle("{\"taskId\":1}")] {
            #expect(broker.error(of: cancelling(text)) == .invalidTaskHandle)
        }
        for source in [missing, "garbage"] {
            #expect(
                broker.error(of: cancelling(handle(#"{"taskId":"\#(id)","sourceArn":"\#(source)"}"#)))
                    == .resourceNotFound("SourceArn")
            )
        }
        for task in [id, "garbage"] {
            #expect(
                broker.error(of: cancelling(handle(#"{"taskId":"\#(task)","sourceArn":"\#(dead)"}"#)))
                    == .taskDoesNotExist
            )
        }
    }
}
