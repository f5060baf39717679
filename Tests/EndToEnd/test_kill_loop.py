"""`kill -9` in a loop under load, and now and then SIGTERM: what was answered holds."""

import os
import random
import time

from conftest import client_of
from history import DELETED, RECEIVED, SENT, History
from load import VISIBILITY_TIMEOUT_SECONDS, Client, Load
from queues import counts_of

ROUNDS = 24
# Rounds that end with SIGTERM instead.
GRACEFUL_ROUNDS = {7, 15}
UPTIME_SECONDS = (0.05, 0.6)

# A run that found something is repeated with its seed; the threads' interleaving is not part of it.
SEED = int(os.environ.get("HOLDFAST_TEST_SEED") or random.SystemRandom().randrange(1_000_000))


def end_broker(broker, number, uptime_seconds):
    time.sleep(uptime_seconds)
    assert broker.is_running(), f"the broker ended by itself:\n{broker.log()}"
    if number in GRACEFUL_ROUNDS:
        code = broker.terminate()
        assert code == 0, f"the broker ended with {code}:\n{broker.log()}"
    else:
        broker.kill()


def drain(load):
    """Receives everything that is in the queue; when that began, and the messages."""
    client = Client(load, 0, "drain")
    client.caller.connect()
    started = time.monotonic()
    messages = []
    # What the load has received becomes visible again within its visibility timeout; an empty answer after waiting
    # longer than that means that nothing else is there.
    while received := client.receive(VisibilityTimeout=600, WaitTimeSeconds=VISIBILITY_TIMEOUT_SECONDS + 2):
        messages += received
    return started, client, messages


def show(violations):
    return f"seed {SEED}; {len(violations)} violations:\n" + "\n".join(violations[:50])


def test_whatever_was_acknowledged_survives_kill_minus_nine_under_load(new_broker):
    broker = new_broker()
    chance = random.Random(SEED)
    history = History()
    broker.start()
    sqs = client_of(broker)
    attributes = {"VisibilityTimeout": str(VISIBILITY_TIMEOUT_SECONDS)}
    url = sqs.create_queue(QueueName="load", Attributes=attributes)["QueueUrl"]
    load = Load(broker, url, history, SEED)

    for number in range(ROUNDS):
        if number > 0:
            broker.start()
        clients = load.begin_round()
        end_broker(broker, number, chance.uniform(*UPTIME_SECONDS))
        load.end_round(clients)
        if number % 6 == 5:
            violations = history.violations()
            assert not violations, show(violations)

    broker.start()
    drained_since, client, messages = drain(load)
    violations = history.violations(drained_since)
    assert not violations, show(violations)
    assert_the_load_was_one(load)

    # The counts agree with what was found, and what is deleted now is gone after one more kill.
    assert counts_of(sqs, url) == (0, len(messages), 0)
    for start in range(0, len(messages), 10):
        client.delete_batch(messages[start : start + 10])
    broker.kill()
    broker.start()
    assert counts_of(sqs, url) == (0, 0, 0)
    violations = history.violations()
    assert not violations, show(violations)


def assert_the_load_was_one(load):
    """The test means something only if enough happened."""
    history = load.history
    counts = {kind: history.count(kind) for kind in (SENT, RECEIVED, DELETED)}
    counts["deleted with handles from before a kill"] = load.deleted_with_old_handles
    print(f"seed {SEED}: {counts}")
    assert min(counts.values()) >= ROUNDS, counts
