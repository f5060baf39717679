import NIOCore
import QueueModel
import SQSWire
import Testing

@Suite struct ErrorTests {
    @Test func `an error's body has its type and its message`() {
        #expect(
            encode(.queueDoesNotExist)
                == #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#
        )
        #expect(
            encode(.receiptHandleIsInvalid("a\"b"))
                == #"{"__type":"com.amazonaws.sqs#ReceiptHandleIsInvalid","#
                + #""message":"The input receipt handle \"a\"b\" is not a valid receipt handle."}"#
        )
    }

    @Test(arguments: [
        (SQSError.queueDoesNotExist, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender"),
        (.queueNameExists(differing: .delaySeconds), "QueueNameExists", "QueueAlreadyExists;Sender"),
        (.invalidParameterValue("x"), "InvalidParameterValueException", "InvalidParameterValue;Sender"),
        (.missingParameter("x"), "MissingRequiredParameterException", "MissingParameter;Sender"),
        (.invalidAttributeName("x"), "InvalidAttributeName", "InvalidAttributeName;Sender"),
        (.invalidAttributeValue(for: "x"), "InvalidAttributeValue", "InvalidAttributeValue;Sender"),
        (.receiptHandleIsInvalid("x"), "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid;Sender"),
        (.internalFailure, "InternalFailure", "InternalFailure;Receiver"),
        (.serviceUnavailable("x"), "ServiceUnavailable", "ServiceUnavailable;Receiver"),
    ])
    func `the headers carry the type in JSON's words and the code in the Query protocol's`(
        error: SQSError,
        type: String,
        queryError: String
    ) {
        #expect(AWSJSON.errorTypeHeader(error) == "com.amazonaws.sqs#\(type)")
        #expect(AWSJSON.queryErrorHeader(error) == queryError)
    }

    @Test func `the content type is that of AWS JSON 1.0`() {
        #expect(AWSJSON.contentType == "application/x-amz-json-1.0")
    }

    @Test(arguments: [
        "", "SendMessage", "AmazonSQS", "AmazonSQS.", "AmazonSQS.sendMessage", "amazonsqs.SendMessage",
        "AmazonSQS.SendMessage ",
        "AmazonSQS.AmazonSQS.SendMessage", "AmazonSQS.Nonsense", "DynamoDB_20120810.GetItem",
        "AmazonSQS.Se\u{301}ndMessage",
    ])
    func `a target that SQS does not have is an unknown operation, whatever the body`(target: String) {
        do {
            _ = try AWSJSON.decode(target: target, body: ByteBuffer(string: "{"))
            Issue.record("read as a request")
        } catch {
            #expect(error.type == "UnknownOperationException")
            #expect(error.status == 400)
            #expect(AWSJSON.errorTypeHeader(error) == "com.amazon.coral.service#UnknownOperationException")
        }
    }

    @Test func `every operation of the service model is known, and no other`() {
        #expect(OperationName.allCases.count == 23)
    }

    @Test(arguments: ["{", "{}}", "\u{FEFF}{}", "nonsense", "{\"QueueUrl\":\"\\ud800\"}", " "])
    func `a body that is no JSON is a serialization error`(body: String) throws {
        let error = try #require(refusal("DeleteQueue", body))
        #expect(error.type == "SerializationException")
        #expect(error.status == 400)
        #expect(AWSJSON.errorTypeHeader(error) == "com.amazon.coral.service#SerializationException")
    }

    @Test func `a body that is no object is a serialization error`() {
        #expect(refusal("ListQueues", "[]") == serialization("Start of list found where not expected"))
        for body in ["1", "\"{}\"", "true", "null"] {
            #expect(refusal("ListQueues", body) == serialization("Expected map or null"))
        }
    }

    @Test func `an empty body counts as an empty object`() throws {
        #expect(try decode("ListQueues", "") == .listQueues(ListQueuesRequest()))
        #expect(refusal("DeleteQueue", "") == .missingParameter("QueueUrl"))
    }
}
