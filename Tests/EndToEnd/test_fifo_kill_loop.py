"""`kill -9` in a loop under a FIFO load with dead letters and move tasks: order, deduplication and moves hold."""

import random
import time

from conftest import client_of
from fifo_history import STALE_DELETED, FifoHistory
from fifo_load import MAX_RECEIVE_COUNT, Drain, FifoLoad
from history import DELETED, RECEIVED, REFUSED, SENT
from load import VISIBILITY_TIMEOUT_SECONDS
from move_tasks import finished
from queues import arn_of, counts_of, redrive
from test_kill_loop import SEED, UPTIME_SECONDS, end_broker, show

ROUNDS = 20


def new_queue(sqs, name):
    attributes = {"FifoQueue": "true", "VisibilityTimeout": str(VISIBILITY_TIMEOUT_SECONDS)}
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def test_fifo_dead_letters_and_move_tasks_survive_kill_minus_nine_under_load(new_broker):
    broker = new_broker().start()
    chance = random.Random(SEED)
    history = FifoHistory(MAX_RECEIVE_COUNT)
    sqs = client_of(broker)
    queue, dead = new_queue(sqs, "load.fifo"), new_queue(sqs, "dead.fifo")
    redrive(sqs, queue, dead, MAX_RECEIVE_COUNT)
    load = FifoLoad(broker, queue, dead, arn_of(sqs, dead), history, SEED)

    for number in range(ROUNDS):
        if number > 0:
            broker.start()
        clients = load.begin_round()
        end_broker(broker, number, chance.uniform(*UPTIME_SECONDS))
        load.end_round(clients)
        if number % 5 == 4:
            violations = history.violations()
            assert not violations, show(violations)

    broker.start()
    drained_since = drain(load, sqs)
    violations = history.violations(drained_since)
    assert not violations, show(violations)
    assert_the_load_was_one(load)
    broker.kill()
    broker.start()
    assert counts_of(sqs, queue) == counts_of(sqs, dead) == (0, 0, 0)


def drain(load, sqs):
    """Takes everything out of both queues; when that began."""
    client = Drain(load)
    if load.tasks_started:
        finished(sqs, load.dead_arn)
    drained_since = time.monotonic()
    # The source first: what it has too often goes on to the dead-letter queue.
    client.of(load.queue_url)
    client.of(load.dead_url)
    client.caller.close()
    return drained_since


def assert_the_load_was_one(load):
    """The test means something only if enough happened."""
    history = load.history
    counts = {kind: history.count(kind) for kind in (SENT, RECEIVED, DELETED)}
    counts["refused as stale"] = history.count(STALE_DELETED, REFUSED)
    counts["stale since a kill"] = load.deleted_with_old_handles
    counts["dead letters"] = sum(event.queue == "dead" for event in history.events)
    counts["redriven"] = redriven_count(history)
    counts["tasks"] = load.tasks_started
    print(f"seed {SEED}: {counts}")
    assert min(counts.values()) > 0 and counts[SENT] > 10 * ROUNDS, counts


def redriven_count(history):
    """How many messages came back under another MessageId than they were sent with."""
    sent = {event.message_id for event in history.events if event.kind == SENT}
    received = {event.message_id for event in history.events if event.kind == RECEIVED}
    return len(received - sent)
