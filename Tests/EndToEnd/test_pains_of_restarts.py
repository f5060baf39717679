"""What users of other servers lose, or get back, with a restart."""

import pytest

from conftest import client_of
from queues import attributes_of, bury, counts_of, delete, receive, redrive, send, take


@pytest.fixture
def sqs(own_broker):
    return client_of(own_broker)


@pytest.fixture(params=["", ".fifo"], ids=["standard", "FIFO"])
def new_queue(request, sqs):
    """Makes queues of one type; their URLs."""
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if request.param else {}

    def make(name, **attributes):
        return sqs.create_queue(QueueName=name + request.param, Attributes=fifo | attributes)["QueueUrl"]

    return make


def test_deleted_dead_letters_do_not_come_back(interrupt, sqs, new_queue):
    queue, dead = new_queue("q"), new_queue("dead")
    redrive(sqs, queue, dead, 1)
    send(sqs, queue, "1", "2", "3")
    bury(sqs, queue)
    letters = receive(sqs, dead, MaxNumberOfMessages=2)
    delete(sqs, dead, *letters)
    interrupt()
    assert take(sqs, dead) == ["3"]
    assert (counts_of(sqs, queue), counts_of(sqs, dead)) == ((0, 0, 0), (0, 1, 0))


def test_purged_messages_do_not_come_back_and_what_was_sent_since_stays(interrupt, sqs, new_queue):
    queue = new_queue("q")
    send(sqs, queue, "1", "2", "3")
    receive(sqs, queue)
    sqs.purge_queue(QueueUrl=queue)
    interrupt()
    assert counts_of(sqs, queue) == (0, 0, 0)
    send(sqs, queue, "1", "4")
    interrupt()
    assert take(sqs, queue) == ["1", "4"]


def test_a_queues_delay_and_wait_hold_afterwards(interrupt, sqs, new_queue):
    given = {"DelaySeconds": "1", "ReceiveMessageWaitTimeSeconds": "20", "VisibilityTimeout": "77"}
    queue = new_queue("q", **given)
    before = attributes_of(sqs, queue)
    interrupt()
    assert attributes_of(sqs, queue) == before
    send(sqs, queue, "x")
    assert counts_of(sqs, queue) == (0, 0, 1)
    assert take(sqs, queue) == ["x"]


def test_a_program_that_makes_its_queues_at_each_start_finds_them_as_they_were(interrupt, sqs, new_queue):
    given = {"VisibilityTimeout": "45"}
    queue = new_queue("q", **given)
    send(sqs, queue, "x")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "2048"})
    interrupt()
    assert new_queue("q", **given) == new_queue("q") == queue
    assert attributes_of(sqs, queue, "MaximumMessageSize") == {"MaximumMessageSize": "2048"}
    assert take(sqs, queue) == ["x"]
