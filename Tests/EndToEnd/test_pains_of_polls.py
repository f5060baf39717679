"""What users of other servers report of long polls: cut off, outliving their queue, missing messages, burning CPU."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import client_of
from queues import arn_of, counts_of, delete, receive, redrive
from wire import Caller, next_answer, open_socket, request_bytes

LONGEST_SECONDS = 20
PARKED_SECONDS = 0.3


@pytest.fixture(scope="session", autouse=True)
def longest_polls(broker):
    """The longest polls there are, in both protocols and by the queue's default; they wait while other tests run."""
    clients = [client_of(broker, protocol) for protocol in ("json", "query")]
    attributes = {"ReceiveMessageWaitTimeSeconds": str(LONGEST_SECONDS)}
    queues = [clients[0].create_queue(QueueName=name)["QueueUrl"] for name in ("longest-poll", "longest-default")]
    clients[0].set_queue_attributes(QueueUrl=queues[1], Attributes=attributes)

    def poll(sqs, queue, arguments):
        started = time.monotonic()
        answer = sqs.receive_message(QueueUrl=queue, **arguments)
        return answer, time.monotonic() - started

    with ThreadPoolExecutor(4) as executor:
        asked = [(queues[0], {"WaitTimeSeconds": LONGEST_SECONDS}), (queues[1], {})]
        yield [executor.submit(poll, sqs, *arguments) for sqs in clients for arguments in asked]


def test_a_poll_of_a_deleted_queue_takes_nothing_from_the_queue_that_has_its_name_now(sqs, broker, queue, name):
    # One receive is all that the new queue allows: if the old poll took it, the message would be a dead letter.
    dead = sqs.create_queue(QueueName="dead-" + name[-60:])["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 1})
    stale = open_socket(broker)
    stale.sendall(request_bytes(broker, "ReceiveMessage", {"QueueUrl": queue, "WaitTimeSeconds": LONGEST_SECONDS}))
    time.sleep(PARKED_SECONDS)
    sqs.delete_queue(QueueUrl=queue)
    assert sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"] == queue
    sqs.send_message(QueueUrl=queue, MessageBody="fresh")
    [message] = receive(sqs, queue)
    assert (message["Body"], message["Attributes"]["ApproximateReceiveCount"]) == ("fresh", "1")
    answer = next_answer(stale)
    assert answer.status == 400 and answer.type == "QueueDoesNotExist" or answer.body == {}, answer
    stale.close()


def test_polls_of_several_queues_are_each_woken_by_their_own_queue(sqs, name):
    queues = [sqs.create_queue(QueueName=f"{name[-60:]}-{number}")["QueueUrl"] for number in range(12)]
    with ThreadPoolExecutor(len(queues)) as executor:
        polls = [executor.submit(receive, sqs, queue, WaitTimeSeconds=LONGEST_SECONDS) for queue in queues]
        time.sleep(PARKED_SECONDS)
        for queue in reversed(queues):
            sqs.send_message(QueueUrl=queue, MessageBody=queue)
        assert [[message["Body"] for message in poll.result()] for poll in polls] == [[queue] for queue in queues]


def test_no_poll_ends_empty_while_messages_are_there(sqs, queue):
    pollers, rounds = 8, 15

    def consume(_):
        for _ in range(rounds):
            [message] = receive(sqs, queue, WaitTimeSeconds=LONGEST_SECONDS)
            delete(sqs, queue, message)

    with ThreadPoolExecutor(pollers) as executor:
        done = executor.map(consume, range(pollers))
        for number in range(pollers * rounds):
            sqs.send_message(QueueUrl=queue, MessageBody=str(number))
        list(done)
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_a_poll_that_moves_dead_letters_goes_on_waiting(sqs, queue, name):
    dead = sqs.create_queue(QueueName="dead-" + name[-60:])["QueueUrl"]
    redrive(sqs, queue, dead, 1)
    sqs.send_message(QueueUrl=queue, MessageBody="bad")
    receive(sqs, queue, VisibilityTimeout=0)
    with ThreadPoolExecutor(1) as executor:
        poll = executor.submit(receive, sqs, queue, WaitTimeSeconds=LONGEST_SECONDS)
        time.sleep(PARKED_SECONDS)
        assert not poll.done() and counts_of(sqs, dead) == (1, 0, 0)
        sqs.send_message(QueueUrl=queue, MessageBody="good")
        assert [message["Body"] for message in poll.result()] == ["good"]


def cpu_seconds(broker):
    """What the broker's process has computed so far."""
    fields = Path(f"/proc/{broker.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_waiting_polls_cost_no_work(own_broker):
    with Caller(own_broker) as caller:
        names = [f"q{number}" for number in range(12)]
        queues = [caller.ok("CreateQueue", {"QueueName": name})["QueueUrl"] for name in names]
    waiting = []
    for queue in queues * 10:
        waiting.append(open_socket(own_broker))
        payload = {"QueueUrl": queue, "WaitTimeSeconds": LONGEST_SECONDS}
        waiting[-1].sendall(request_bytes(own_broker, "ReceiveMessage", payload))
    time.sleep(2 * PARKED_SECONDS)
    before, started = cpu_seconds(own_broker), time.monotonic()
    time.sleep(2)
    share = (cpu_seconds(own_broker) - before) / (time.monotonic() - started)
    for connection in waiting:
        connection.close()
    # A broker that looked again and again would need a good part of a processor, as others do.
    assert share < 0.1


def test_the_longest_polls_end_as_empty_answers(longest_polls):
    for poll in longest_polls:
        answer, seconds = poll.result()
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200 and "Messages" not in answer
        assert seconds > LONGEST_SECONDS - 0.1
