"""What SDKs choke on with other servers: digests that differ, error codes without a class, sends without a number."""

import pytest

from digests import md5_of, md5_of_attributes
from good_requests import OPERATIONS
from move_tasks import handle_of
from queues import arn_of, receive
from refusals import refused
from service_model import MODEL

# As Spring and others label what they send, and as compressing clients do.
ATTRIBUTES = {
    "timestamp": {"DataType": "Number.java.lang.Long", "StringValue": "1493147359900"},
    "contentType": {"DataType": "String.custom", "StringValue": "application/json; charset=UTF-8"},
    "content-encoding": {"DataType": "String", "StringValue": "lz4"},
    "name.1": {"DataType": "String", "StringValue": "Grüße, 世界 🚀"},
    "packed": {"DataType": "Binary.gzip", "BinaryValue": b"\x1f\x8b\x08\x00\xff\xfe"},
    "raw": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    "number": {"DataType": "Number", "StringValue": "-0.1E+3"},
}


@pytest.mark.parametrize("attribute_name", sorted(ATTRIBUTES))
def test_the_digest_of_an_attribute_of_any_type_is_the_sdks(sqs, queue, attribute_name):
    attributes = {attribute_name: ATTRIBUTES[attribute_name]}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)
    assert sent["MD5OfMessageAttributes"] == md5_of_attributes(attributes)
    [message] = receive(sqs, queue)
    assert message["MessageAttributes"] == attributes
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]


def test_each_entry_of_a_batch_has_its_digests(sqs, queue):
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}
    entries = [
        {"Id": str(number), "MessageBody": f"{name} 世界", "MessageAttributes": {name: ATTRIBUTES[name]}}
        for number, name in enumerate(sorted(ATTRIBUTES))
    ]
    entries.append({"Id": "all", "MessageBody": "all", "MessageAttributes": ATTRIBUTES})
    entries.append({"Id": "none", "MessageBody": "none", "MessageSystemAttributes": system})
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    for entry, result in zip(entries, answer["Successful"], strict=True):
        assert result["Id"] == entry["Id"]
        assert result["MD5OfMessageBody"] == md5_of(entry["MessageBody"])
        attributes = entry.get("MessageAttributes")
        assert result.get("MD5OfMessageAttributes") == (attributes and md5_of_attributes(attributes))
    assert result["MD5OfMessageSystemAttributes"] == md5_of_attributes(system)


def test_the_digest_of_a_receive_is_that_of_the_attributes_asked_for(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=ATTRIBUTES)
    for names in (["timestamp"], ["timestamp", "packed"], ["content*"], ["All"], []):
        answer = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=names, VisibilityTimeout=0)
        [message] = answer["Messages"]
        received = message.get("MessageAttributes")
        assert message.get("MD5OfMessageAttributes") == (received and md5_of_attributes(received))


def test_a_client_that_sends_attempt_ids_to_a_standard_queue_gets_its_messages(sqs, queue):
    for body in "12":
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    attempt = {"ReceiveRequestAttemptId": "e90ad7eb-b4dd-4086-8618-46bc91a030f3"}
    assert [message["Body"] for _ in range(3) for message in receive(sqs, queue, **attempt)] == ["1", "2"]


def test_a_fifo_send_is_answered_with_its_sequence_number(sqs, fifo_queue):
    sent = sqs.send_message(QueueUrl=fifo_queue, MessageBody="1", MessageGroupId="g")
    entries = [{"Id": body, "MessageBody": body, "MessageGroupId": "g"} for body in "23"]
    batch = sqs.send_message_batch(QueueUrl=fifo_queue, Entries=entries)["Successful"]
    numbers = [answer["SequenceNumber"] for answer in [sent, *batch]]
    received = receive(sqs, fifo_queue, MaxNumberOfMessages=10)
    assert numbers == [message["Attributes"]["SequenceNumber"] for message in received]
    assert all(len(number) == 20 and number.isdigit() for number in numbers)


BATCH = [{"Id": "a", "MessageBody": "x"}]

# The name of the class in an SDK, the code that it shows, its status, and the call that gets it.
ERRORS = {
    "QueueDoesNotExist": (
        "AWS.SimpleQueueService.NonExistentQueue",
        lambda sqs, queue: sqs.send_message(QueueUrl=queue + "-missing", MessageBody="x"),
    ),
    "QueueNameExists": (
        "QueueAlreadyExists",
        lambda sqs, queue: sqs.create_queue(
            QueueName=queue.rpartition("/")[2], Attributes={"DelaySeconds": "9"}
        ),
    ),
    "ReceiptHandleIsInvalid": (
        "ReceiptHandleIsInvalid",
        lambda sqs, queue: sqs.delete_message(QueueUrl=queue, ReceiptHandle="fake"),
    ),
    "InvalidMessageContents": (
        "InvalidMessageContents",
        lambda sqs, queue: sqs.send_message(QueueUrl=queue, MessageBody="\x01"),
    ),
    "InvalidAttributeName": (
        "InvalidAttributeName",
        lambda sqs, queue: sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Colour": "red"}),
    ),
    "EmptyBatchRequest": (
        "AWS.SimpleQueueService.EmptyBatchRequest",
        lambda sqs, queue: sqs.send_message_batch(QueueUrl=queue, Entries=[]),
    ),
    "TooManyEntriesInBatchRequest": (
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        lambda sqs, queue: sqs.send_message_batch(
            QueueUrl=queue, Entries=[BATCH[0] | {"Id": str(number)} for number in range(11)]
        ),
    ),
    "BatchEntryIdsNotDistinct": (
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        lambda sqs, queue: sqs.send_message_batch(QueueUrl=queue, Entries=BATCH * 2),
    ),
    "InvalidBatchEntryId": (
        "AWS.SimpleQueueService.InvalidBatchEntryId",
        lambda sqs, queue: sqs.send_message_batch(QueueUrl=queue, Entries=[BATCH[0] | {"Id": "a b"}]),
    ),
    "BatchRequestTooLong": (
        "AWS.SimpleQueueService.BatchRequestTooLong",
        lambda sqs, queue: sqs.send_message_batch(
            QueueUrl=queue, Entries=[{"Id": entry, "MessageBody": "x" * 600_000} for entry in "ab"]
        ),
    ),
    "ResourceNotFoundException": (
        "ResourceNotFoundException",
        lambda sqs, queue: sqs.cancel_message_move_task(TaskHandle=handle_of(arn_of(sqs, queue))),
    ),
}


@pytest.mark.parametrize("name_of_class", ERRORS)
def test_an_error_arrives_as_the_class_that_clients_catch(sqs, queue, name_of_class):
    code, call = ERRORS[name_of_class]
    status = 404 if name_of_class == "ResourceNotFoundException" else 400
    with refused(code, status=status) as caught:
        call(sqs, queue)
    error_class = getattr(sqs.exceptions, name_of_class, None)
    # The model of 2022 knows neither move tasks nor their errors.
    assert error_class is None or isinstance(caught.value, error_class)
    assert caught.value.response["Error"]["Message"]


def test_no_operation_of_the_sdk_is_without_a_test():
    # Each of these is called, well and badly, in both protocols, by the tests of robustness.
    assert sorted(OPERATIONS) == sorted(MODEL.operation_names)


def test_a_queue_that_is_not_there_has_no_url(sqs, queue, name):
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == queue
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="no-" + name[-60:])
