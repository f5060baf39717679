"""What a broker knew before it was killed or stopped, it knows afterwards."""

import json

import pytest

from conftest import client_of
from queues import arn_of, attributes_of, counts_of, receive
from refusals import refused

ATTRIBUTES = {
    "text": {"DataType": "String", "StringValue": "ü"},
    "float": {"DataType": "Number.float", "StringValue": "1.5"},
    "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}
TRACE = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}


@pytest.fixture
def sqs(own_broker):
    """A client of a broker that may be interrupted; it connects again by itself."""
    return client_of(own_broker)


def test_a_message_survives_kill_minus_nine(own_broker, sqs):
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="x")
    own_broker.kill()
    own_broker.start()
    assert [message["MessageId"] for message in receive(sqs, url)] == [sent["MessageId"]]


def test_a_message_and_what_happened_to_it_are_as_before(interrupt, sqs):
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(
        QueueUrl=url, MessageBody="body ü", MessageAttributes=ATTRIBUTES, MessageSystemAttributes=TRACE
    )
    [before] = receive(sqs, url, VisibilityTimeout=0)
    interrupt()
    [after] = receive(sqs, url, VisibilityTimeout=0)
    assert after["Attributes"].pop("ApproximateReceiveCount") == "2"
    assert before["Attributes"].pop("ApproximateReceiveCount") == "1"
    assert before.pop("ReceiptHandle") != after.pop("ReceiptHandle")
    assert {k: v for k, v in after.items() if k != "ResponseMetadata"} == before


def test_messages_keep_their_order_and_none_is_there_twice(interrupt, sqs):
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    for number in range(30):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    received = [message["Body"] for message in receive(sqs, url, MaxNumberOfMessages=10)]
    interrupt()
    while messages := receive(sqs, url, MaxNumberOfMessages=10):
        received += [message["Body"] for message in messages]
    assert received == [str(number) for number in range(30)]


def test_hidden_and_delayed_messages_stay_so_until_their_time_is_over(interrupt, sqs):
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    for body in ("hidden", "hidden longer", "given back"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    sqs.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=2)
    sqs.send_message(QueueUrl=url, MessageBody="delayed longer", DelaySeconds=900)
    hidden, longer, back = receive(sqs, url, MaxNumberOfMessages=10, VisibilityTimeout=2)
    change = dict(QueueUrl=url, ReceiptHandle=longer["ReceiptHandle"])
    sqs.change_message_visibility(**change, VisibilityTimeout=600)
    change = dict(QueueUrl=url, ReceiptHandle=back["ReceiptHandle"])
    sqs.change_message_visibility(**change, VisibilityTimeout=0)
    assert counts_of(sqs, url) == (1, 2, 2)

    interrupt()
    assert [message["Body"] for message in receive(sqs, url, MaxNumberOfMessages=10)] == ["given back"]
    bodies = set()
    while messages := receive(sqs, url, MaxNumberOfMessages=10, WaitTimeSeconds=3):
        bodies |= {message["Body"] for message in messages}
    assert bodies == {"hidden", "delayed"}
    assert counts_of(sqs, url) == (0, 4, 1)


def test_deleted_messages_purged_messages_and_deleted_queues_stay_away(interrupt, sqs, own_broker):
    url, purged, deleted = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q", "purged", "deleted"))
    for queue in (url, purged, deleted):
        for body in "ab":
            sqs.send_message(QueueUrl=queue, MessageBody=body)
    [message] = receive(sqs, url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.purge_queue(QueueUrl=purged)
    sqs.delete_queue(QueueUrl=deleted)

    interrupt()
    assert [message["Body"] for message in receive(sqs, url, MaxNumberOfMessages=10)] == ["b"]
    assert counts_of(sqs, purged) == (0, 0, 0)
    assert sqs.list_queues()["QueueUrls"] == [own_broker.queue_url("purged"), own_broker.queue_url("q")]
    sqs.create_queue(QueueName="deleted")
    assert receive(sqs, deleted) == []


def test_receipt_handles_from_before_still_delete_and_change_and_belong_to_their_queue(interrupt, sqs):
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    for body in "ab":
        sqs.send_message(QueueUrl=url, MessageBody=body)
    first, second = (message["ReceiptHandle"] for message in receive(sqs, url, MaxNumberOfMessages=10))
    interrupt()
    with pytest.raises(sqs.exceptions.ClientError):
        sqs.delete_message(QueueUrl=other, ReceiptHandle=first)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=second, VisibilityTimeout=0)
    assert [message["Body"] for message in receive(sqs, url, MaxNumberOfMessages=10)] == ["b"]
    with refused("ReceiptHandleIsInvalid"):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=first[:-6] + "AAAAAA")


def test_queue_attributes_and_dead_letters_are_as_before(interrupt, sqs):
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 1})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "0", "MaximumMessageSize": "2048"}
    url = sqs.create_queue(QueueName="q", Attributes=attributes)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    sqs.send_message(QueueUrl=url, MessageBody="dead")
    receive(sqs, url)
    assert receive(sqs, url) == []
    sqs.send_message(QueueUrl=url, MessageBody="dying")
    receive(sqs, url)
    before = attributes_of(sqs, url)

    interrupt()
    assert attributes_of(sqs, url) == before
    assert receive(sqs, url) == []
    letters = receive(sqs, dead, MaxNumberOfMessages=10)
    assert sorted(letter["Body"] for letter in letters) == ["dead", "dying"]
    for letter in letters:
        assert letter["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(sqs, url)
        assert letter["Attributes"]["ApproximateReceiveCount"] == "2"
