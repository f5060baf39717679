"""What FIFO queues, tags, permissions and move tasks know, they know after `kill -9` and SIGTERM."""

import itertools
import time

import pytest

from conftest import client_of
from move_tasks import finished, tasks_of
from queues import arn_of, attributes_of, bodies_of, bury, counts_of, delete, hide, receive, redrive, send, take
from refusals import refused

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


@pytest.fixture
def sqs(own_broker):
    """A client of a broker that may be interrupted; it connects again by itself."""
    return client_of(own_broker)


@pytest.fixture
def new_queue(sqs):
    numbers = itertools.count()

    def make(**attributes):
        return sqs.create_queue(QueueName=f"q{next(numbers)}.fifo", Attributes=FIFO | attributes)["QueueUrl"]

    return make


def test_order_groups_and_what_is_in_flight_are_as_before(interrupt, sqs, new_queue):
    queue = new_queue()
    for group in ("g1", "g2", "g3"):
        send(sqs, queue, f"{group}-1", f"{group}-2", group=group)
    [first] = receive(sqs, queue)
    [back] = receive(sqs, queue)
    hide(sqs, queue, back, 0)
    before = counts_of(sqs, queue)
    interrupt()
    assert counts_of(sqs, queue) == before
    # g1 waits for its head in flight, and g2 queues behind g3, for it came back.
    assert take(sqs, queue) == ["g3-1", "g3-2", "g2-1", "g2-2"]
    delete(sqs, queue, first)
    assert take(sqs, queue) == ["g1-2"]


def test_attributes_of_messages_and_queue_are_as_before(interrupt, sqs, new_queue):
    queue = new_queue(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    send(sqs, queue, "x")
    [before] = receive(sqs, queue, VisibilityTimeout=0)
    shown = attributes_of(sqs, queue)
    interrupt()
    assert attributes_of(sqs, queue) == shown
    [after] = receive(sqs, queue)
    assert after["Attributes"].pop("ApproximateReceiveCount") == "2"
    assert before["Attributes"].pop("ApproximateReceiveCount") == "1"
    assert (after["MessageId"], after["Attributes"]) == (before["MessageId"], before["Attributes"])


def test_duplicates_are_dropped_as_before_of_waiting_and_of_deleted_messages(interrupt, sqs, new_queue):
    queue = new_queue()
    sent = send(sqs, queue, "deleted", "waiting")
    delete(sqs, queue, *receive(sqs, queue))
    interrupt()
    again = send(sqs, queue, "deleted", "waiting")
    for first, second in zip(sent, again):
        assert second["MessageId"] == first["MessageId"]
        assert second["SequenceNumber"] == first["SequenceNumber"]
    assert take(sqs, queue) == ["waiting"]


def test_sequence_numbers_go_on(interrupt, sqs, new_queue):
    queue = new_queue()
    numbers = [send(sqs, queue, "1")[0]["SequenceNumber"]]
    delete(sqs, queue, *receive(sqs, queue))
    interrupt()
    numbers.append(send(sqs, queue, "2")[0]["SequenceNumber"])
    sqs.purge_queue(QueueUrl=queue)
    interrupt()
    numbers.append(send(sqs, queue, "3")[0]["SequenceNumber"])
    sqs.delete_queue(QueueUrl=queue)
    interrupt()
    sqs.create_queue(QueueName="q0.fifo", Attributes=FIFO)
    numbers.append(send(sqs, queue, "4")[0]["SequenceNumber"])
    assert numbers == sorted(set(numbers))


def test_receipts_hold_or_are_stale_as_before(interrupt, sqs, new_queue):
    queue = new_queue()
    send(sqs, queue, "1", "2")
    [stale] = receive(sqs, queue, VisibilityTimeout=0)
    fresh, other = receive(sqs, queue, MaxNumberOfMessages=2)
    interrupt()
    with refused("InvalidParameterValue", "The receipt handle has expired."):
        delete(sqs, queue, stale)
    delete(sqs, queue, fresh)
    hide(sqs, queue, other, 0)
    assert take(sqs, queue) == ["2"]


def test_a_receive_can_be_retried_afterwards(interrupt, sqs, new_queue):
    queue = new_queue()
    send(sqs, queue, "1", "2")
    attempt = {"ReceiveRequestAttemptId": "a", "MaxNumberOfMessages": 2}
    handles = [message["ReceiptHandle"] for message in receive(sqs, queue, **attempt)]
    interrupt()
    again = receive(sqs, queue, **attempt)
    assert [message["ReceiptHandle"] for message in again] == handles
    delete(sqs, queue, *again)
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_dead_letters_of_fifo_queues_are_as_before(interrupt, sqs, new_queue):
    queue, dead = new_queue(), new_queue()
    redrive(sqs, queue, dead, 1)
    sent = send(sqs, queue, "1", "2")
    take(sqs, queue, VisibilityTimeout=0, MaxNumberOfMessages=1)
    interrupt()
    assert take(sqs, queue) == ["2"]
    interrupt()
    [letter] = receive(sqs, dead)
    assert (letter["Body"], letter["MessageId"]) == ("1", sent[0]["MessageId"])
    assert letter["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(sqs, queue)
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [queue]


def test_tags_and_permissions_are_as_before(interrupt, sqs, new_queue):
    queue = new_queue()
    sqs.tag_queue(QueueUrl=queue, Tags={"a": "1", "b": ""})
    permission = {"Label": "one", "AWSAccountIds": ["1" * 12], "Actions": ["SendMessage"]}
    sqs.add_permission(QueueUrl=queue, **permission)
    policy = attributes_of(sqs, queue, "Policy")
    interrupt()
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {"a": "1", "b": ""}
    assert attributes_of(sqs, queue, "Policy") == policy
    sqs.remove_permission(QueueUrl=queue, Label="one")
    sqs.untag_queue(QueueUrl=queue, TagKeys=["a", "b"])
    interrupt()
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)
    assert "Policy" not in attributes_of(sqs, queue)


def test_a_move_task_goes_on_and_loses_and_doubles_nothing(own_broker, sqs):
    queue, dead = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q", "dead"))
    redrive(sqs, queue, dead, 1)
    bodies = [str(number) for number in range(200)]
    for start in range(0, 200, 10):
        entries = [{"Id": body, "MessageBody": body} for body in bodies[start : start + 10]]
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    bury(sqs, queue)
    assert counts_of(sqs, dead) == (200, 0, 0)
    arn = arn_of(sqs, dead)
    handle = sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=50)["TaskHandle"]
    started = tasks_of(sqs, arn)[0]["StartedTimestamp"]
    kills = 0
    while (task := tasks_of(sqs, arn)[0])["Status"] == "RUNNING":
        assert (task["TaskHandle"], task["StartedTimestamp"]) == (handle, started)
        if kills < 6:
            own_broker.kill()
            own_broker.start()
            kills += 1
        time.sleep(0.3)
    assert kills == 6
    assert task["Status"] == "COMPLETED"
    assert (task["ApproximateNumberOfMessagesMoved"], task["ApproximateNumberOfMessagesToMove"]) == (200, 200)
    assert counts_of(sqs, dead) == (0, 0, 0)
    assert counts_of(sqs, queue) == (200, 0, 0)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": ""})
    received = []
    while messages := receive(sqs, queue, MaxNumberOfMessages=10):
        received += bodies_of(messages)
    assert sorted(received) == sorted(bodies)


def test_ended_and_cancelled_tasks_are_listed_as_before(interrupt, sqs):
    queue, dead = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q", "dead"))
    redrive(sqs, queue, dead, 1)
    for number in range(5):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    bury(sqs, queue)
    arn = arn_of(sqs, dead)
    handle = sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    sqs.cancel_message_move_task(TaskHandle=handle)
    finished(sqs, arn)
    sqs.start_message_move_task(SourceArn=arn)
    finished(sqs, arn)
    before = tasks_of(sqs, arn)
    assert [task["Status"] for task in before] == ["COMPLETED", "CANCELLED"]
    counts = counts_of(sqs, queue), counts_of(sqs, dead)
    interrupt()
    assert tasks_of(sqs, arn) == before
    assert (counts_of(sqs, queue), counts_of(sqs, dead)) == counts
