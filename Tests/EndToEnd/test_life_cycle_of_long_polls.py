"""Long polls: woken, ended, and abandoned."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from queues import counts_of, receive
from wire import Caller, open_socket, request_bytes

# A poll needs this long at most to reach the broker and be parked there.
PARKED_SECONDS = 0.3

# Of polls that are to be woken: it only shows how long the test would hang.
WAIT_SECONDS = 20


def poll(executor, sqs, queue, **arguments):
    """Starts a long poll; it is parked when this returns."""
    future = executor.submit(receive, sqs, queue, **{"WaitTimeSeconds": WAIT_SECONDS} | arguments)
    time.sleep(PARKED_SECONDS)
    assert not future.done()
    return future


@pytest.fixture
def executor():
    with ThreadPoolExecutor(16) as executor:
        yield executor


def test_a_send_wakes_a_long_poll(sqs, queue, executor):
    started = time.monotonic()
    waiting = poll(executor, sqs, queue)
    sqs.send_message(QueueUrl=queue, MessageBody="wake")
    assert [message["Body"] for message in waiting.result()] == ["wake"]
    assert time.monotonic() - started < WAIT_SECONDS / 2


def test_a_batch_wakes_a_long_poll(sqs, queue, executor):
    waiting = poll(executor, sqs, queue, MaxNumberOfMessages=10)
    entries = [{"Id": str(number), "MessageBody": str(number)} for number in range(5)]
    sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert [message["Body"] for message in waiting.result()] == ["0", "1", "2", "3", "4"]


def test_a_message_given_back_wakes_a_long_poll(sqs, queue, executor):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue)
    waiting = poll(executor, sqs, queue)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    assert len(waiting.result()) == 1


def test_a_message_whose_hiding_ends_wakes_a_long_poll(sqs, queue, executor):
    started = time.monotonic()
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    receive(sqs, queue, VisibilityTimeout=1)
    assert len(poll(executor, sqs, queue).result()) == 1
    assert 0.99 < time.monotonic() - started < WAIT_SECONDS / 2


def test_a_message_whose_hiding_is_cut_short_wakes_a_long_poll_in_time(sqs, queue, executor):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue, VisibilityTimeout=600)
    waiting = poll(executor, sqs, queue)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=1)
    assert len(waiting.result()) == 1


def test_one_message_ends_one_of_several_long_polls(sqs, queue, executor):
    waiting = [poll(executor, sqs, queue, WaitTimeSeconds=3) for _ in range(4)]
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    assert sorted(len(future.result()) for future in waiting) == [0, 0, 0, 1]
    assert counts_of(sqs, queue) == (0, 1, 0)


def test_as_many_messages_end_as_many_long_polls(sqs, queue, executor):
    waiting = [poll(executor, sqs, queue) for _ in range(3)]
    for body in "abc":
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    bodies = [message["Body"] for future in waiting for message in future.result()]
    assert sorted(bodies) == ["a", "b", "c"]


def test_the_queues_wait_time_holds_for_receives_that_do_not_say(sqs, queue, executor):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"ReceiveMessageWaitTimeSeconds": "20"})
    assert receive(sqs, queue, WaitTimeSeconds=0) == []
    waiting = executor.submit(receive, sqs, queue)
    time.sleep(PARKED_SECONDS)
    assert not waiting.done()
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    assert len(waiting.result()) == 1


def test_a_long_poll_on_an_empty_queue_ends_empty_after_its_time(sqs, queue):
    started = time.monotonic()
    assert receive(sqs, queue, WaitTimeSeconds=1) == []
    assert 0.99 <= time.monotonic() - started < 10


def test_deleting_the_queue_ends_its_long_polls(sqs, queue, executor):
    started = time.monotonic()
    waiting = poll(executor, sqs, queue)
    sqs.delete_queue(QueueUrl=queue)
    try:
        assert waiting.result() == []
    except sqs.exceptions.QueueDoesNotExist:
        pass
    assert time.monotonic() - started < WAIT_SECONDS / 2


def test_a_poller_that_went_away_consumes_nothing(sqs, broker, queue):
    payload = {"QueueUrl": queue, "WaitTimeSeconds": WAIT_SECONDS, "MaxNumberOfMessages": 10}
    dead = [open_socket(broker) for _ in range(8)]
    for connection in dead:
        connection.sendall(request_bytes(broker, "ReceiveMessage", payload))
    time.sleep(PARKED_SECONDS)
    for connection in dead:
        connection.close()
    time.sleep(PARKED_SECONDS)
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue, WaitTimeSeconds=2)
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_poller_that_goes_away_just_before_the_message_comes_takes_none(sqs, broker, queue):
    payload = {"QueueUrl": queue, "WaitTimeSeconds": WAIT_SECONDS, "VisibilityTimeout": 600}
    with Caller(broker) as caller:
        for number in range(50):
            connection = open_socket(broker)
            connection.sendall(request_bytes(broker, "ReceiveMessage", payload))
            time.sleep(0.01)
            # The broker may or may not have noticed when the message comes; the message must be there in both cases.
            connection.close()
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": str(number)})
            [message] = receive(sqs, queue, WaitTimeSeconds=5)
            assert message["Body"] == str(number)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def test_many_parked_polls_leave_the_broker_quick_for_others(sqs, broker, queue, name):
    other = sqs.create_queue(QueueName="other-" + name[-60:])["QueueUrl"]
    payload = {"QueueUrl": queue, "WaitTimeSeconds": WAIT_SECONDS}
    parked = [open_socket(broker) for _ in range(300)]
    for connection in parked:
        connection.sendall(request_bytes(broker, "ReceiveMessage", payload))
    with Caller(broker) as caller:
        for _ in range(50):
            caller.ok("SendMessage", {"QueueUrl": other, "MessageBody": "x"})
            assert caller.ok("ReceiveMessage", {"QueueUrl": other})["Messages"]
    for connection in parked:
        connection.close()
