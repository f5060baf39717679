"""Redrive through boto3: messages go back from a dead-letter queue, or on to another one."""

import base64
import json
import time
import uuid

import pytest

from move_tasks import finished, handle_of, tasks_of
from queues import arn_of, bodies_of, bury, counts_of, receive, redrive, send, take
from refusals import refused

ATTRIBUTE = {"a": {"DataType": "Number.float", "StringValue": "1.5"}}
TRACE = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}


@pytest.fixture
def new_queue(caller, name):
    """Makes standard queues; their URLs."""

    def make():
        queue_name = f"{name[-60:]}-{uuid.uuid4().hex[:6]}"
        return caller.ok("CreateQueue", {"QueueName": queue_name})["QueueUrl"]

    return make


@pytest.fixture
def dead(sqs, queue, new_queue):
    """The URL of the dead-letter queue of `queue`."""
    dead = new_queue()
    redrive(sqs, queue, dead, 1)
    return dead


def make_letters(sqs, queue, *bodies, **arguments):
    for body in bodies:
        sqs.send_message(QueueUrl=queue, MessageBody=body, **arguments)
    bury(sqs, queue)


def test_messages_without_a_destination_return_to_the_queues_they_came_from(sqs, queue, dead, new_queue):
    other = new_queue()
    redrive(sqs, other, dead, 1)
    make_letters(sqs, queue, "a", "b")
    make_letters(sqs, other, "c")
    assert counts_of(sqs, dead) == (3, 0, 0)
    arn = arn_of(sqs, dead)
    handle = sqs.start_message_move_task(SourceArn=arn)["TaskHandle"]
    decoded = json.loads(base64.b64decode(handle))
    assert decoded == {"taskId": str(uuid.UUID(decoded["taskId"])), "sourceArn": arn}

    task = finished(sqs, arn)
    assert task.pop("StartedTimestamp") > 1_600_000_000_000
    assert task == {
        "Status": "COMPLETED",
        "SourceArn": arn,
        "ApproximateNumberOfMessagesMoved": 3,
        "ApproximateNumberOfMessagesToMove": 3,
    }
    assert counts_of(sqs, dead) == (0, 0, 0)
    assert sorted(take(sqs, queue)) == ["a", "b"]
    assert take(sqs, other) == ["c"]


def test_a_redriven_message_is_a_new_one(sqs, queue, dead):
    sent = sqs.send_message(
        QueueUrl=queue, MessageBody="x", MessageAttributes=ATTRIBUTE, MessageSystemAttributes=TRACE
    )
    bury(sqs, queue)
    [letter] = receive(sqs, dead, VisibilityTimeout=0)
    before = int(time.time() * 1_000)
    sqs.start_message_move_task(SourceArn=arn_of(sqs, dead))
    finished(sqs, arn_of(sqs, dead))
    [message] = receive(sqs, queue)
    assert message["MessageId"] != sent["MessageId"]
    assert (message["Body"], message["MessageAttributes"]) == ("x", ATTRIBUTE)
    attributes = message["Attributes"]
    assert attributes["AWSTraceHeader"] == "Root=1-abc"
    assert attributes["ApproximateReceiveCount"] == "1"
    assert int(attributes["SentTimestamp"]) > int(letter["Attributes"]["SentTimestamp"])
    assert abs(int(attributes["SentTimestamp"]) - before) < 60_000
    assert "DeadLetterQueueSourceArn" not in attributes


def test_messages_go_to_a_chosen_destination(sqs, queue, dead, new_queue):
    destination = new_queue()
    make_letters(sqs, queue, "a", "b")
    arn = arn_of(sqs, dead)
    arguments = {"DestinationArn": arn_of(sqs, destination), "MaxNumberOfMessagesPerSecond": 500}
    sqs.start_message_move_task(SourceArn=arn, **arguments)
    task = finished(sqs, arn)
    assert task["Status"] == "COMPLETED"
    assert {name: task[name] for name in arguments} == arguments
    assert sorted(take(sqs, destination)) == ["a", "b"]
    assert counts_of(sqs, queue) == counts_of(sqs, dead) == (0, 0, 0)


def test_a_task_keeps_to_its_rate_and_can_be_cancelled(sqs, queue, dead):
    make_letters(sqs, queue, *map(str, range(10)))
    arn = arn_of(sqs, dead)
    handle = sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    [task] = tasks_of(sqs, arn)
    assert (task["Status"], task["TaskHandle"]) == ("RUNNING", handle)
    assert task["MaxNumberOfMessagesPerSecond"] == 1
    text = "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
    with refused("InvalidParameterValue", text):
        sqs.start_message_move_task(SourceArn=arn)
    answer = sqs.cancel_message_move_task(TaskHandle=handle)
    moved = answer["ApproximateNumberOfMessagesMoved"]
    task = finished(sqs, arn)
    assert task["Status"] == "CANCELLED" and "TaskHandle" not in task
    # Ten a second would be all by now, and what was moved stays moved.
    moved = task["ApproximateNumberOfMessagesMoved"]
    assert moved < 10
    assert counts_of(sqs, queue)[0] == moved and counts_of(sqs, dead)[0] == 10 - moved
    with refused("ResourceNotFoundException", "Task does not exist.", 404):
        sqs.cancel_message_move_task(TaskHandle=handle)


def test_what_comes_after_the_start_stays(sqs, queue, dead):
    make_letters(sqs, queue, "1", "2", "3")
    arn = arn_of(sqs, dead)
    sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)
    sqs.send_message(QueueUrl=dead, MessageBody="late")
    assert finished(sqs, arn)["ApproximateNumberOfMessagesMoved"] == 3
    assert take(sqs, dead) == ["late"]
    assert len(take(sqs, queue)) == 3


def test_tasks_are_listed_newest_first(sqs, queue, dead, new_queue):
    arn = arn_of(sqs, dead)
    assert tasks_of(sqs, arn) == []
    destinations = [arn_of(sqs, new_queue()) for _ in range(2)]
    for destination in destinations:
        make_letters(sqs, queue, "x")
        sqs.start_message_move_task(SourceArn=arn, DestinationArn=destination)
        finished(sqs, arn)
    assert [task["DestinationArn"] for task in tasks_of(sqs, arn)] == destinations[::-1]
    assert len(sqs.list_message_move_tasks(SourceArn=arn)["Results"]) == 1


def test_the_last_ten_tasks_are_listed(sqs, dead):
    arn = arn_of(sqs, dead)
    for _ in range(12):
        sqs.start_message_move_task(SourceArn=arn)
        finished(sqs, arn)
    assert len(tasks_of(sqs, arn)) == 10


def test_a_task_fails_when_its_destination_is_deleted(sqs, queue, dead, new_queue):
    destination = new_queue()
    make_letters(sqs, queue, *map(str, range(5)))
    arn = arn_of(sqs, dead)
    arguments = {"DestinationArn": arn_of(sqs, destination), "MaxNumberOfMessagesPerSecond": 1}
    sqs.start_message_move_task(SourceArn=arn, **arguments)
    sqs.delete_queue(QueueUrl=destination)
    task = finished(sqs, arn)
    assert task["Status"] == "FAILED"
    assert task["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert counts_of(sqs, dead)[0] >= 3


def test_a_fifo_queues_letters_go_back_in_their_groups(sqs, new_fifo_queue):
    queue, dead = (new_fifo_queue(ContentBasedDeduplication="true") for _ in range(2))
    redrive(sqs, queue, dead, 1)
    send(sqs, queue, "1", "2", "3", group="g")
    bury(sqs, queue)
    assert counts_of(sqs, dead) == (3, 0, 0)
    arn = arn_of(sqs, dead)
    sqs.start_message_move_task(SourceArn=arn)
    assert finished(sqs, arn)["ApproximateNumberOfMessagesMoved"] == 3
    messages = receive(sqs, queue, MaxNumberOfMessages=10)
    assert bodies_of(messages) == ["1", "2", "3"]
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"g"}
    assert {message["Attributes"]["ApproximateReceiveCount"] for message in messages} == {"1"}


def test_a_source_must_be_a_dead_letter_queue_and_a_destination_must_exist(sqs, queue, dead):
    with refused("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, queue))
    text = "The resource that you specified for the {} parameter doesn't exist."
    arn = arn_of(sqs, dead)
    with refused("ResourceNotFoundException", text.format("DestinationArn"), 404):
        sqs.start_message_move_task(SourceArn=arn, DestinationArn=f"{arn}-missing")
    with refused("ResourceNotFoundException", text.format("SourceArn"), 404):
        sqs.start_message_move_task(SourceArn=f"{arn}-missing")
    for rate in (0, -1, 501):
        with refused("InvalidParameterValue"):
            sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=rate)
    assert tasks_of(sqs, arn) == []


def test_a_listing_for_a_queue_that_is_not_there_says_so(sqs, dead):
    for arn in (f"{arn_of(sqs, dead)}-missing", "not an ARN"):
        with refused("AWS.SimpleQueueService.NonExistentQueue"):
            sqs.list_message_move_tasks(SourceArn=arn)


def test_a_task_handle_is_read(sqs, dead):
    arn = arn_of(sqs, dead)
    for handle in ("garbage", "", base64.b64encode(b"{}").decode(), base64.b64encode(b"[]").decode()):
        with pytest.raises(sqs.exceptions.ClientError) as caught:
            sqs.cancel_message_move_task(TaskHandle=handle)
        if handle:
            error = caught.value.response["Error"]
            assert error["Code"] == "InvalidParameterValue"
            assert error["Message"] == "Value for parameter TaskHandle is invalid."
    text = "The resource that you specified for the SourceArn parameter doesn't exist."
    with refused("ResourceNotFoundException", text, 404):
        sqs.cancel_message_move_task(TaskHandle=handle_of(f"{arn}-missing"))
    with refused("ResourceNotFoundException", "Task does not exist.", 404):
        sqs.cancel_message_move_task(TaskHandle=handle_of(arn))
