"""Messages through boto3: sent, received, hidden, given back, deleted."""

import time

import pytest

from broker import ACCOUNT
from digests import md5_of, md5_of_attributes
from queues import counts_of, receive
from refusals import refused

ATTRIBUTES = {
    "text": {"DataType": "String", "StringValue": "grüße, 世界 🚀"},
    "labelled": {"DataType": "String.UUID", "StringValue": "f81d4fae"},
    "number": {"DataType": "Number", "StringValue": "-1.50e3"},
    "float": {"DataType": "Number.float", "StringValue": "3.14"},
    "bytes": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    "image": {"DataType": "Binary.png", "BinaryValue": b"\x89PNG\0"},
}


def test_a_message_arrives_as_it_was_sent(sqs, queue):
    body = "line one\r\nline two\t<&\"quot;'>  &quot; \\ \u007f\u0085\ud7ff\ue000\ufffd 🚀"
    sent = sqs.send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=ATTRIBUTES)
    assert sent["MD5OfMessageBody"] == md5_of(body)
    assert sent["MD5OfMessageAttributes"] == md5_of_attributes(ATTRIBUTES)
    assert "SequenceNumber" not in sent and "MD5OfMessageSystemAttributes" not in sent

    [message] = receive(sqs, queue)
    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == body
    assert message["MessageAttributes"] == ATTRIBUTES
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]


def test_a_message_of_the_largest_size_arrives(sqs, queue):
    attribute = {"n": {"DataType": "String", "StringValue": "v"}}
    largest = "é" * ((1_048_576 - 8) // 2)
    with refused("InvalidParameterValue", "Message must be shorter than 1048576 bytes."):
        sqs.send_message(QueueUrl=queue, MessageBody=largest + "x", MessageAttributes=attribute)
    sqs.send_message(QueueUrl=queue, MessageBody=largest, MessageAttributes=attribute)
    [message] = receive(sqs, queue)
    assert message["Body"] == largest


def test_the_queues_own_maximum_size_holds(sqs, queue):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
    sqs.send_message(QueueUrl=queue, MessageBody="x" * 1024)
    with refused("InvalidParameterValue", "Message must be shorter than 1024 bytes."):
        sqs.send_message(QueueUrl=queue, MessageBody="x" * 1025)


def test_system_attributes_tell_of_the_messages_way(sqs, queue):
    before = time.time()
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [first] = receive(sqs, queue, VisibilityTimeout=0)
    [second] = receive(sqs, queue, VisibilityTimeout=0)
    attributes = second["Attributes"]
    assert attributes["ApproximateReceiveCount"] == "2"
    assert attributes["SenderId"] == ACCOUNT
    first_received = attributes["ApproximateFirstReceiveTimestamp"]
    assert first_received == first["Attributes"]["ApproximateFirstReceiveTimestamp"]
    assert before * 1000 - 1000 < int(attributes["SentTimestamp"]) <= int(first_received) < time.time() * 1000 + 1000
    names = {"ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "SenderId", "SentTimestamp"}
    assert set(attributes) == names


def test_only_the_attributes_asked_for_are_received(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=ATTRIBUTES)

    def received(**names):
        return sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0, **names)["Messages"][0]

    plain = received()
    assert not {"Attributes", "MessageAttributes", "MD5OfMessageAttributes"} & set(plain)
    assert set(received(AttributeNames=["SenderId"])["Attributes"]) == {"SenderId"}
    assert set(received(MessageSystemAttributeNames=["SentTimestamp"])["Attributes"]) == {"SentTimestamp"}
    assert set(received(MessageAttributeNames=["float", "flo", "none"])["MessageAttributes"]) == {"float"}
    assert set(received(MessageAttributeNames=["t.*", "im.*"])["MessageAttributes"]) == {"text", "image"}
    assert set(received(MessageAttributeNames=[".*"])["MessageAttributes"]) == set(ATTRIBUTES)
    assert "MessageAttributes" not in received(MessageAttributeNames=["AWS.", "..foo"])


def test_a_trace_header_travels_with_the_message(sqs, queue):
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793"
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}}
    sent = sqs.send_message(
        QueueUrl=queue, MessageBody="x", MessageAttributes=ATTRIBUTES, MessageSystemAttributes=system
    )
    assert sent["MD5OfMessageSystemAttributes"] == md5_of_attributes(system)
    assert sent["MD5OfMessageAttributes"] == md5_of_attributes(ATTRIBUTES)
    [message] = receive(sqs, queue)
    assert message["Attributes"]["AWSTraceHeader"] == trace


def test_the_trace_header_of_the_request_becomes_the_messages(queue, caller, sqs):
    caller.call("SendMessage", {"QueueUrl": queue, "MessageBody": "x"}, headers={"X-Amzn-Trace-Id": "Root=1-abc"})
    [message] = receive(sqs, queue)
    assert message["Attributes"]["AWSTraceHeader"] == "Root=1-abc"


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_body_with_a_character_that_sqs_refuses_is_refused(sqs, queue, character):
    with refused("InvalidMessageContents"):
        sqs.send_message(QueueUrl=queue, MessageBody=f"a{character}b")
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_an_empty_body_is_a_missing_one(sqs, queue):
    with refused("MissingParameter", "The request must contain the parameter MessageBody."):
        sqs.send_message(QueueUrl=queue, MessageBody="")


@pytest.mark.parametrize(
    ("attribute_name", "attribute"),
    [
        ("a", {"DataType": "String", "StringValue": ""}),
        ("a", {"DataType": "Number", "StringValue": "twelve"}),
        ("a", {"DataType": "Text", "StringValue": "x"}),
        ("a", {"DataType": "String"}),
        ("a", {"DataType": "Binary", "StringValue": "x"}),
        ("a", {"DataType": "String", "StringValue": "\x01"}),
        ("", {"DataType": "String", "StringValue": "x"}),
        ("AWS.a", {"DataType": "String", "StringValue": "x"}),
        ("amazon.a", {"DataType": "String", "StringValue": "x"}),
        (".a", {"DataType": "String", "StringValue": "x"}),
        ("a.", {"DataType": "String", "StringValue": "x"}),
        ("a!", {"DataType": "String", "StringValue": "x"}),
        ("a" * 257, {"DataType": "String", "StringValue": "x"}),
    ],
)
def test_a_message_attribute_of_a_wrong_form_is_refused(sqs, queue, attribute_name, attribute):
    with pytest.raises(sqs.exceptions.ClientError) as caught:
        sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes={attribute_name: attribute})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_more_than_ten_message_attributes_are_refused(sqs, queue):
    attributes = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(11)}
    with refused("InvalidParameterValue"):
        sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)
    attributes.popitem()
    sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)


def test_a_received_message_is_hidden_until_its_time_is_over(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [first] = receive(sqs, queue, VisibilityTimeout=1)
    assert receive(sqs, queue) == []
    assert counts_of(sqs, queue) == (0, 1, 0)
    [second] = receive(sqs, queue, WaitTimeSeconds=10)
    assert second["MessageId"] == first["MessageId"]
    assert second["ReceiptHandle"] != first["ReceiptHandle"]
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"


def test_changing_the_visibility_to_zero_gives_the_message_back_at_once(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue)
    change = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
    sqs.change_message_visibility(**change, VisibilityTimeout=0)
    assert len(receive(sqs, queue)) == 1


def test_changing_the_visibility_hides_a_message_for_longer(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue, VisibilityTimeout=1)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=60)
    assert receive(sqs, queue, WaitTimeSeconds=2) == []
    assert counts_of(sqs, queue) == (0, 1, 0)


def test_a_visibility_timeout_out_of_range_or_beyond_twelve_hours_in_all_is_refused(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue)
    change = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
    for timeout in (-1, 43_201):
        with refused("InvalidParameterValue"):
            sqs.change_message_visibility(**change, VisibilityTimeout=timeout)
    # Whole seconds count.
    time.sleep(1.05)
    with refused("InvalidParameterValue", "beyond the limit [43200 seconds]"):
        sqs.change_message_visibility(**change, VisibilityTimeout=43_200)
    sqs.change_message_visibility(**change, VisibilityTimeout=43_190)


def test_a_delayed_message_appears_when_its_delay_is_over(sqs, queue):
    started = time.monotonic()
    sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=1)
    assert receive(sqs, queue) == []
    assert counts_of(sqs, queue) == (0, 0, 1)
    [message] = receive(sqs, queue, WaitTimeSeconds=10)
    assert time.monotonic() - started >= 0.99
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_the_queues_delay_holds_for_messages_that_do_not_say(sqs, queue):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "900"})
    sqs.send_message(QueueUrl=queue, MessageBody="late")
    sqs.send_message(QueueUrl=queue, MessageBody="now", DelaySeconds=0)
    assert [message["Body"] for message in receive(sqs, queue, MaxNumberOfMessages=10)] == ["now"]
    with refused("InvalidParameterValue", "DelaySeconds"):
        sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=901)


def test_a_deleted_message_does_not_come_back_and_deleting_again_is_no_error(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue, VisibilityTimeout=1)
    deletion = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
    sqs.delete_message(**deletion)
    sqs.delete_message(**deletion)
    assert receive(sqs, queue, WaitTimeSeconds=2) == []
    with refused("InvalidParameterValue", "Message does not exist or is not available for visibility timeout change."):
        sqs.change_message_visibility(**deletion, VisibilityTimeout=1)


def test_the_handle_of_an_earlier_receive_still_deletes(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [first] = receive(sqs, queue, VisibilityTimeout=0)
    receive(sqs, queue)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_a_made_up_receipt_handle_is_refused(sqs, queue):
    for handle in ("garbage", "", "A" * 100, "é"):
        with pytest.raises(sqs.exceptions.ClientError) as caught:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid) as caught:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle="garbage")
    message = caught.value.response["Error"]["Message"]
    assert message == 'The input receipt handle "garbage" is not a valid receipt handle.'


def test_a_changed_receipt_handle_is_refused(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue)
    handle = message["ReceiptHandle"]
    for position in range(0, len(handle) - 4, 7):
        other = "B" if handle[position] == "A" else "A"
        with refused("ReceiptHandleIsInvalid"):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle[:position] + other + handle[position + 1 :])
    assert counts_of(sqs, queue) == (0, 1, 0)


def test_a_receipt_handle_of_another_queue_is_refused(sqs, queue, name):
    other = sqs.create_queue(QueueName="other-" + name[-60:])["QueueUrl"]
    sqs.send_message(QueueUrl=other, MessageBody="x")
    [message] = receive(sqs, other)
    with pytest.raises(sqs.exceptions.ClientError) as caught:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert counts_of(sqs, other) == (0, 1, 0)


@pytest.mark.parametrize(
    ("parameter", "value", "reason"),
    [
        ("MaxNumberOfMessages", 0, "Must be between 1 and 10, if provided."),
        ("MaxNumberOfMessages", 11, "Must be between 1 and 10, if provided."),
        ("WaitTimeSeconds", -1, "Must be >= 0 and <= 20, if provided."),
        ("WaitTimeSeconds", 21, "Must be >= 0 and <= 20, if provided."),
        ("VisibilityTimeout", 43_201, ""),
    ],
)
def test_a_receive_with_a_value_out_of_range_is_refused(sqs, queue, parameter, value, reason):
    text = f"Value {value} for parameter {parameter} is invalid. Reason: {reason}"
    with refused("InvalidParameterValue", text):
        sqs.receive_message(QueueUrl=queue, **{parameter: value})


def test_the_longest_available_messages_come_first(sqs, queue):
    for number in range(12):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    bodies = [message["Body"] for message in receive(sqs, queue, MaxNumberOfMessages=10)]
    assert bodies == [str(number) for number in range(10)]
