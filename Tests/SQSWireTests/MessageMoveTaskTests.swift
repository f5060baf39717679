import QueueModel
import SQSWire
import Testing

/// A task of which everything is known, and one of which only what has to be.
let listedMoveTasks = ListMessageMoveTasksResult(results: [
    ListMessageMoveTasksResultEntry(
        taskHandle: "e30=",
        status: .running,
        sourceArn: "arn:s",
        destinationArn: "arn:d",
        maxNumberOfMessagesPerSecond: 500,
        approximateNumberOfMessagesMoved: 3,
        approximateNumberOfMessagesToMove: 7,
        failureReason: "AWS.SimpleQueueService.NonExistentQueue",
        startedTimestamp: 1_700_000_000_123
    ),
    ListMessageMoveTasksResultEntry(
        taskHandle: nil,
        status: .completed,
        sourceArn: "arn:s",
        destinationArn: nil,
        maxNumberOfMessagesPerSecond: nil,
        approximateNumberOfMessagesMoved: 0,
        approximateNumberOfMessagesToMove: nil,
        failureReason: nil,
        startedTimestamp: 0
    ),
])

@Suite struct MessageMoveTaskTests {
    @Test func `StartMessageMoveTask reads ARNs and the rate, and answers the handle`() throws {
        #expect(
            try decode(
                "StartMessageMoveTask",
                #"{"SourceArn":"a","DestinationArn":"b","MaxNumberOfMessagesPerSecond":5}"#
            )
                == .startMessageMoveTask(
                    StartMessageMoveTaskRequest(sourceArn: "a", destinationArn: "b", maxNumberOfMessagesPerSecond: 5)
                )
        )
        #expect(
            try decode("StartMessageMoveTask", #"{"SourceArn":"a"}"#)
                == .startMessageMoveTask(StartMessageMoveTaskRequest(sourceArn: "a"))
        )
        #expect(refusal("StartMessageMoveTask", "{}") == .missingParameter("SourceArn"))
        #expect(
            encode(.startMessageMoveTask(StartMessageMoveTaskResult(taskHandle: "e30="))) == #"{"TaskHandle":"e30="}"#
        )
    }

    @Test func `ListMessageMoveTasks answers numbers as numbers and leaves out what is not known`() throws {
        #expect(
            try decode("ListMessageMoveTasks", #"{"SourceArn":"a","MaxResults":2}"#)
                == .listMessageMoveTasks(ListMessageMoveTasksRequest(sourceArn: "a", maxResults: 2))
        )
        #expect(refusal("ListMessageMoveTasks", "{}") == .missingParameter("SourceArn"))
        let full =
            #"{"TaskHandle":"e30=","Status":"RUNNING","SourceArn":"arn:s","DestinationArn":"arn:d","#
            + #""MaxNumberOfMessagesPerSecond":500,"ApproximateNumberOfMessagesMoved":3,"#
            + #""ApproximateNumberOfMessagesToMove":7,"FailureReason":"AWS.SimpleQueueService.NonExistentQueue","#
            + #""StartedTimestamp":1700000000123}"#
        let bare =
            #"{"Status":"COMPLETED","SourceArn":"arn:s","ApproximateNumberOfMessagesMoved":0,"StartedTimestamp":0}"#
        #expect(encode(.listMessageMoveTasks(listedMoveTasks)) == #"{"Results":[\#(full),\#(bare)]}"#)
        #expect(encode(.listMessageMoveTasks(ListMessageMoveTasksResult(results: []))) == "{}")
    }

    @Test func `CancelMessageMoveTask reads the handle and answers how many were moved`() throws {
        #expect(
            try decode("CancelMessageMoveTask", #"{"TaskHandle":"h"}"#)
                == .cancelMessageMoveTask(CancelMessageMoveTaskRequest(taskHandle: "h"))
        )
        #expect(refusal("CancelMessageMoveTask", "{}") == .missingParameter("TaskHandle"))
        #expect(
            encode(.cancelMessageMoveTask(CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: 12)))
                == #"{"ApproximateNumberOfMessagesMoved":12}"#
        )
    }
}
