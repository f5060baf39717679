"""What users of other servers report of FIFO queues: groups that unlock too early, or never again."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from move_tasks import finished
from queues import arn_of, bodies_of, bury, counts_of, delete, hide, receive, redrive, send, take

# Of polls that are to be woken: it only shows how long the test would hang.
WAIT_SECONDS = 20

PARKED_SECONDS = 0.3


@pytest.fixture
def dead(sqs, fifo_queue, new_fifo_queue):
    """The URL of a dead-letter queue that gets what two receives did not settle."""
    dead = new_fifo_queue()
    redrive(sqs, fifo_queue, dead, 2)
    return dead


def fail(sqs, queue, body):
    """Receives a group's head twice and gives it back, as a consumer does that can't handle it."""
    for _ in range(2):
        assert take(sqs, queue, MaxNumberOfMessages=1, VisibilityTimeout=0) == [body]


def test_every_message_of_a_group_is_received_one_after_the_other(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3")
    for body in "123":
        [message] = receive(sqs, fifo_queue)
        assert message["Body"] == body
        assert take(sqs, fifo_queue) == []
        delete(sqs, fifo_queue, message)
    assert take(sqs, fifo_queue) == []


def test_a_send_to_a_group_in_flight_does_not_unlock_it(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2")
    assert take(sqs, fifo_queue) == ["1", "2"]
    send(sqs, fifo_queue, "3", "4")
    assert take(sqs, fifo_queue) == []
    assert take(sqs, fifo_queue, WaitTimeSeconds=1) == []


def test_locking_and_freeing_one_group_leaves_the_locks_of_the_others(sqs, fifo_queue):
    groups = ["g1", "g2", "g3"]
    for group in groups:
        send(sqs, fifo_queue, f"{group}-1", f"{group}-2", group=group)
    heads = [receive(sqs, fifo_queue)[0] for _ in groups]
    assert bodies_of(heads) == ["g1-1", "g2-1", "g3-1"]
    assert take(sqs, fifo_queue) == []
    delete(sqs, fifo_queue, heads[1])
    assert take(sqs, fifo_queue) == ["g2-2"]
    hide(sqs, fifo_queue, heads[2], 0)
    assert take(sqs, fifo_queue) == ["g3-1", "g3-2"]
    assert take(sqs, fifo_queue) == []


def test_what_became_visible_again_is_in_front_of_what_was_sent_since(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3")
    assert take(sqs, fifo_queue, MaxNumberOfMessages=2, VisibilityTimeout=1) == ["1", "2"]
    send(sqs, fifo_queue, "4")
    assert take(sqs, fifo_queue, WaitTimeSeconds=WAIT_SECONDS) == ["1", "2", "3", "4"]


def test_after_a_move_to_the_dead_letters_the_rest_of_the_group_comes_message_by_message(sqs, fifo_queue, dead):
    send(sqs, fifo_queue, "bad", "2", "3", "4")
    fail(sqs, fifo_queue, "bad")
    for body in "234":
        [message] = receive(sqs, fifo_queue)
        assert message["Body"] == body
        assert take(sqs, fifo_queue) == []
        delete(sqs, fifo_queue, message)
    assert (counts_of(sqs, fifo_queue), counts_of(sqs, dead)) == ((0, 0, 0), (1, 0, 0))


def test_a_dead_letter_does_not_lock_its_group_in_the_source(sqs, fifo_queue, dead):
    send(sqs, fifo_queue, "bad")
    fail(sqs, fifo_queue, "bad")
    assert take(sqs, fifo_queue) == []
    # The letter lies in the dead-letter queue, and is then in flight there: neither is of any concern to the source.
    assert counts_of(sqs, dead) == (1, 0, 0)
    for body in "23":
        send(sqs, fifo_queue, body)
        [message] = receive(sqs, fifo_queue)
        assert message["Body"] == body
        delete(sqs, fifo_queue, message)
        take(sqs, dead)
    assert counts_of(sqs, dead) == (0, 1, 0)


def test_a_receive_that_moves_a_dead_letter_brings_the_rest_of_its_group_and_other_groups(sqs, fifo_queue, dead):
    send(sqs, fifo_queue, "bad", "2", group="a")
    fail(sqs, fifo_queue, "bad")
    send(sqs, fifo_queue, "1", group="b")
    assert sorted(take(sqs, fifo_queue)) == ["1", "2"]
    assert take(sqs, dead) == ["bad"]


def test_a_delayed_fifo_queue_moves_its_dead_letters(sqs, new_fifo_queue):
    attributes = {"ContentBasedDeduplication": "true", "VisibilityTimeout": "300"}
    queue, dead = new_fifo_queue(DelaySeconds="1", **attributes), new_fifo_queue(**attributes)
    redrive(sqs, queue, dead, 1)
    send(sqs, queue, "bad", "good")
    [message] = receive(sqs, queue, WaitTimeSeconds=WAIT_SECONDS)
    hide(sqs, queue, message, 0)
    assert take(sqs, queue) == ["good"]
    assert take(sqs, dead) == ["bad"]


def test_a_long_poll_on_a_fifo_queue_is_woken_by_a_send_a_delete_and_a_move(sqs, fifo_queue, dead):
    def woken_by(change):
        with ThreadPoolExecutor(1) as executor:
            started = time.monotonic()
            poll = executor.submit(receive, sqs, fifo_queue, WaitTimeSeconds=WAIT_SECONDS)
            time.sleep(PARKED_SECONDS)
            assert not poll.done()
            change()
            messages = poll.result()
            assert time.monotonic() - started < WAIT_SECONDS / 2
            return messages

    [first] = woken_by(lambda: send(sqs, fifo_queue, "1", "2"))
    assert first["Body"] == "1"
    [second] = woken_by(lambda: delete(sqs, fifo_queue, first))
    assert second["Body"] == "2"
    send(sqs, fifo_queue, "3")
    hide(sqs, fifo_queue, second, 0)
    [second] = receive(sqs, fifo_queue)
    # Its third receive moves the head, and the poll that does so goes on to what stands behind.
    [third] = woken_by(lambda: hide(sqs, fifo_queue, second, 0))
    assert third["Body"] == "3"
    assert take(sqs, dead) == ["2"]


def test_a_purged_group_is_free(sqs, fifo_queue, dead):
    send(sqs, fifo_queue, "1", "2")
    receive(sqs, fifo_queue)
    sqs.purge_queue(QueueUrl=fifo_queue)
    send(sqs, fifo_queue, "3")
    assert take(sqs, fifo_queue) == ["3"]


def test_redriven_messages_stay_in_a_queue_that_allows_one_receive(sqs, fifo_queue, new_fifo_queue):
    dead = new_fifo_queue()
    redrive(sqs, fifo_queue, dead, 1)
    send(sqs, fifo_queue, "1", "2")
    bury(sqs, fifo_queue)
    sqs.start_message_move_task(SourceArn=arn_of(sqs, dead))
    assert finished(sqs, arn_of(sqs, dead))["Status"] == "COMPLETED"
    assert take(sqs, fifo_queue) == ["1", "2"]
    assert (counts_of(sqs, fifo_queue), counts_of(sqs, dead)) == ((0, 2, 0), (0, 0, 0))
