"""The wall clock jumps under the real binary, by faketime; the kernel's monotonic clock stays true."""

import glob
import time

import pytest

from wire import Caller

HOUR = 3_600
LEASE_SECONDS = 3

# The broker's time may follow the wall clock by one part in a thousand; its moments are whole milliseconds.
LEASE_SECONDS_MIN = LEASE_SECONDS * 0.999 - 0.002

LIBRARIES = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")

pytestmark = pytest.mark.skipif(not LIBRARIES, reason="the package faketime is not installed")


class Wall:
    """The wall clock that a broker sees."""

    def __init__(self, directory):
        self.path = directory / "wall"
        self.set(0)

    def set(self, seconds):
        """Sets it off by so many seconds from the true time, at once."""
        part = self.path.with_suffix(".part")
        part.write_text(f"{seconds:+d}\n")
        part.rename(self.path)

    def environment(self):
        return {
            "LD_PRELOAD": LIBRARIES[0],
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def wall(tmp_path):
    return Wall(tmp_path)


@pytest.fixture
def broker(new_broker, wall):
    # faketime moves the environment of the process that loads it first, where Swift then finds no arguments: `env` is
    # that process.
    return new_broker(environment=wall.environment(), prefix=["env"]).start()


def receive(caller, url, wait=0, **arguments):
    arguments = {"MessageSystemAttributeNames": ["All"], "WaitTimeSeconds": wait} | arguments
    return caller.ok("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10} | arguments).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def sent_at(messages):
    return [int(message["Attributes"]["SentTimestamp"]) / 1_000 for message in messages]


def has_noticed(broker):
    return "the wall clock has moved against the broker's time" in broker.log()


def wait_until_noticed(broker):
    """The broker looks at its clock at least each second."""
    deadline = time.monotonic() + 30
    while not has_noticed(broker):
        assert time.monotonic() < deadline, "the broker sees no jump: faketime does not work"
        time.sleep(0.02)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_leases_delays_and_deduplication_hold_while_the_wall_clock_jumps(broker, wall, jump):
    with Caller(broker) as caller:
        leased = caller.ok("CreateQueue", {"QueueName": "leased"})["QueueUrl"]
        delayed = caller.ok("CreateQueue", {"QueueName": "delayed"})["QueueUrl"]
        fifo = caller.ok("CreateQueue", {"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})["QueueUrl"]
        once = {"QueueUrl": fifo, "MessageBody": "a", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
        first = caller.ok("SendMessage", once)
        caller.ok("SendMessage", {"QueueUrl": leased, "MessageBody": "leased"})
        began = time.monotonic()
        assert bodies(receive(caller, leased, VisibilityTimeout=LEASE_SECONDS)) == ["leased"]
        caller.ok("SendMessage", {"QueueUrl": delayed, "MessageBody": "delayed", "DelaySeconds": LEASE_SECONDS})

        wall.set(jump)
        wait_until_noticed(broker)
        early = receive(caller, leased) + receive(caller, delayed)
        assert early == [] or time.monotonic() - began >= LEASE_SECONDS_MIN
        assert caller.ok("SendMessage", once) == first

        for url, body in ((leased, "leased"), (delayed, "delayed")):
            messages = receive(caller, url, wait=20)
            assert bodies(messages) == [body]
            assert time.monotonic() - began >= LEASE_SECONDS_MIN
            assert abs(sent_at(messages)[0] - time.time()) < 60

        caller.ok("SendMessage", {"QueueUrl": leased, "MessageBody": "after"})
        after = receive(caller, leased, wait=20)
        assert bodies(after) == ["after"]
        assert abs(sent_at(after)[0] - time.time()) < 60


def test_time_goes_on_from_the_last_commit_when_the_broker_starts_an_hour_before_it(broker, wall):
    with Caller(broker) as caller:
        leased = caller.ok("CreateQueue", {"QueueName": "leased"})["QueueUrl"]
        fifo = caller.ok("CreateQueue", {"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})["QueueUrl"]
        once = {"QueueUrl": fifo, "MessageBody": "a", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
        first = caller.ok("SendMessage", once)
        caller.ok("SendMessage", {"QueueUrl": leased, "MessageBody": "leased"})
        began = time.monotonic()
        before = receive(caller, leased, VisibilityTimeout=LEASE_SECONDS)
    broker.kill()
    wall.set(-HOUR)
    broker.start()
    with Caller(broker) as caller:
        assert caller.ok("SendMessage", once) == first
        again = receive(caller, leased, wait=20)
        assert bodies(again) == ["leased"]
        assert time.monotonic() - began >= LEASE_SECONDS_MIN
        assert sent_at(again) == sent_at(before)
        second = caller.ok("SendMessage", once | {"MessageDeduplicationId": "e"})
        assert second["SequenceNumber"] > first["SequenceNumber"]
        messages = receive(caller, fifo)
        assert bodies(messages) == ["a", "a"]
        assert sent_at(messages) == sorted(sent_at(messages))
    assert "the wall clock is behind the last moment written" in broker.log()
