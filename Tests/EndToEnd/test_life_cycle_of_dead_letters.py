"""Dead-letter queues through boto3."""

import json

import pytest

from queues import arn_of, counts_of, receive, redrive
from refusals import refused


@pytest.fixture
def dead_letters(sqs, name):
    """The URL of a queue for dead letters."""
    return sqs.create_queue(QueueName="dead-" + name[-60:])["QueueUrl"]


def test_a_redrive_policy_is_shown_as_it_was_set(sqs, queue, dead_letters):
    policy = redrive(sqs, queue, dead_letters, 3)
    shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    assert json.loads(shown) == policy
    redrive(sqs, queue, dead_letters, "5")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": ""})
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])


def test_a_message_received_too_often_moves_to_the_dead_letter_queue(sqs, queue, dead_letters):
    redrive(sqs, queue, dead_letters, 2)
    attribute = {"a": {"DataType": "Number.float", "StringValue": "1.5"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="poison", MessageAttributes=attribute)
    for count in ("1", "2"):
        [message] = receive(sqs, queue, VisibilityTimeout=0)
        assert message["Attributes"]["ApproximateReceiveCount"] == count
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    assert receive(sqs, queue) == []
    assert counts_of(sqs, queue) == (0, 0, 0)
    assert counts_of(sqs, dead_letters) == (1, 0, 0)

    [dead] = receive(sqs, dead_letters)
    assert (dead["MessageId"], dead["Body"]) == (sent["MessageId"], "poison")
    assert dead["MessageAttributes"] == attribute
    assert dead["Attributes"]["ApproximateReceiveCount"] == "3"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(sqs, queue)
    for name in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"):
        assert dead["Attributes"][name] == message["Attributes"][name]
    sqs.delete_message(QueueUrl=dead_letters, ReceiptHandle=dead["ReceiptHandle"])
    assert counts_of(sqs, dead_letters) == (0, 0, 0)


def test_a_receive_passes_over_dead_letters_and_finds_the_good_message_behind_them(sqs, queue, dead_letters):
    for number in range(10):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    receive(sqs, queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
    redrive(sqs, queue, dead_letters, 1)
    sqs.send_message(QueueUrl=queue, MessageBody="good")
    assert [message["Body"] for message in receive(sqs, queue)] == ["good"]
    assert counts_of(sqs, dead_letters) == (10, 0, 0)


def test_a_dead_letter_wakes_a_long_poll_on_the_dead_letter_queue(sqs, queue, dead_letters):
    redrive(sqs, queue, dead_letters, 1)
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    receive(sqs, queue, VisibilityTimeout=0)
    assert receive(sqs, queue) == []
    assert len(receive(sqs, dead_letters, WaitTimeSeconds=20)) == 1


def test_a_message_stays_if_its_dead_letter_queue_was_deleted(sqs, queue, dead_letters):
    redrive(sqs, queue, dead_letters, 1)
    sqs.delete_queue(QueueUrl=dead_letters)
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    for _ in range(3):
        assert len(receive(sqs, queue, VisibilityTimeout=0)) == 1


@pytest.mark.parametrize("count", [0, 1001, -1, "x", 1.5, None])
def test_a_receive_count_out_of_range_is_refused(sqs, queue, dead_letters, count):
    with pytest.raises(sqs.exceptions.ClientError) as caught:
        redrive(sqs, queue, dead_letters, count)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("policy", ["{", "[]", "null", "{}", '{"maxReceiveCount": 1}'])
def test_a_redrive_policy_of_a_wrong_form_is_refused(sqs, queue, policy):
    with refused("InvalidParameterValue"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": policy})


def test_a_redrive_policy_needs_a_queue_that_exists(sqs, queue):
    policy = {"deadLetterTargetArn": arn_of(sqs, queue) + "-missing", "maxReceiveCount": 1}
    with refused("InvalidParameterValue"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})


def test_a_queue_that_allows_no_dead_letters_takes_none(sqs, queue, dead_letters):
    attributes = {"RedriveAllowPolicy": '{"redrivePermission":"denyAll"}'}
    sqs.set_queue_attributes(QueueUrl=dead_letters, Attributes=attributes)
    with refused("InvalidParameterValue"):
        redrive(sqs, queue, dead_letters, 1)
