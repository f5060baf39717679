"""A full disk stops sends, and nothing else: on a small ext4 and on a small tmpfs, which differ in when they say so."""

import functools
import json
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import volumes
from broker import REGION
from move_tasks import tasks_of
from queues import arn_of, counts_of
from volumes import MEGABYTE
from wire import Caller

VOLUME_MEGABYTES = 40
BODY_BYTES = 200_000
RESUME_SECONDS_MAX = 60


@functools.cache
def why_not():
    return volumes.why_not()


@pytest.fixture(params=volumes.KINDS)
def volume(request):
    if why_not():
        pytest.skip(f"needs file systems of its own; {why_not()}")
    with volumes.volume_of(request.param, VOLUME_MEGABYTES) as volume:
        yield volume


@pytest.fixture
def full(volume, new_broker):
    """A broker with its data on the volume."""
    broker = new_broker()
    broker.data = volume.path / "data"
    broker.start()
    disk = FullDisk(volume, broker)
    yield disk
    # Before the volume goes.
    broker.discard()


class FullDisk:
    """What a client does to a broker on a volume, and what it was promised."""

    def __init__(self, volume, broker):
        self.volume = volume
        self.broker = broker
        self.kept = set()
        self.sent = 0
        # Nobody tries again on its own, so that each answer is seen.
        self.sqs = self.client({"max_attempts": 0})
        self.queue = self.make("q")

    def client(self, retries):
        return boto3.client(
            "sqs",
            endpoint_url=self.broker.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries=retries, read_timeout=60),
        )

    def make(self, name, **attributes):
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def send(self, size=BODY_BYTES, queue=None):
        """Sends one message; whether it was taken."""
        self.sent += 1
        token = f"{self.sent:06d}"
        with Caller(self.broker) as caller:
            body = {"QueueUrl": queue or self.queue, "MessageBody": token + "x" * (size - len(token))}
            answer = caller.call("SendMessage", body)
        if answer.status == 200:
            self.kept.add(token)
            return True
        assert (answer.status, answer.code) == (503, "ServiceUnavailable"), answer
        return False

    def send_until_refused(self, size=BODY_BYTES, queue=None):
        before = len(self.kept)
        while self.send(size, queue):
            assert len(self.kept) < 5_000, "the disk does not get full"
        return len(self.kept) - before

    def receive(self, count=10, timeout=600, queue=None):
        answer = self.sqs.receive_message(
            QueueUrl=queue or self.queue, MaxNumberOfMessages=count, VisibilityTimeout=timeout
        )
        return answer.get("Messages", [])

    def delete(self, messages, queue=None):
        entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
        answer = self.sqs.delete_message_batch(QueueUrl=queue or self.queue, Entries=entries)
        assert len(answer["Successful"]) == len(messages), answer
        self.kept -= {token(message) for message in messages}

    def use(self):
        """A receive, a change of visibility there and back, and deletes."""
        messages = self.receive(5)
        assert messages, "nothing can be received"
        handle = {"QueueUrl": self.queue, "ReceiptHandle": messages[0]["ReceiptHandle"]}
        self.sqs.change_message_visibility(**handle, VisibilityTimeout=300)
        self.sqs.change_message_visibility(**handle, VisibilityTimeout=0)
        self.delete(messages[1:])

    def wait_for_sends(self):
        deadline = time.monotonic() + RESUME_SECONDS_MAX
        while not self.send():
            assert time.monotonic() < deadline, f"sends do not resume: {self.volume.free_bytes()} bytes are free"
            time.sleep(0.05)

    def drain(self, queue=None):
        """Takes everything that is left; the tokens."""
        found = []
        while messages := self.receive(queue=queue):
            found += [token(message) for message in messages]
            self.delete(messages, queue)
        return found

    def assert_all_there(self):
        """All that was acknowledged and not deleted is there once, and nothing else."""
        kept = set(self.kept)
        found = self.drain()
        assert len(found) == len(set(found))
        assert set(found) == kept

    def assert_runs_on(self):
        assert self.broker.is_running(), self.broker.log()


def token(message):
    return message["Body"][:6]


def test_sends_are_refused_early_and_resume_when_deletes_have_made_room(full):
    sent = full.send_until_refused()
    assert sent * BODY_BYTES > 8 * MEGABYTE
    # Early: there is room left for all else.
    assert full.volume.free_bytes() > 4 * MEGABYTE
    for _ in range(10):
        full.use()
    full.wait_for_sends()
    # Again and again, at the edge.
    for _ in range(5):
        full.send_until_refused()
        full.use()
        full.use()
        full.wait_for_sends()
    full.send_until_refused()
    assert counts_of(full.sqs, full.queue)[0] > 0
    full.assert_runs_on()


def test_the_refusal_is_one_that_sdks_try_again(full):
    full.send_until_refused()
    for mode in ("legacy", "standard"):
        client = full.client({"mode": mode, "total_max_attempts": 2})
        with pytest.raises(ClientError) as caught:
            client.send_message(QueueUrl=full.queue, MessageBody="x" * BODY_BYTES)
        answer = caught.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1
        assert "no room on the disk" in answer["Error"]["Message"]


def test_sends_resume_when_others_make_room(full):
    full.volume.take(12)
    full.send_until_refused()
    full.volume.relieve()
    full.wait_for_sends()
    assert full.send_until_refused() > 20
    full.assert_all_there()


def test_sends_resume_after_a_purge(full):
    full.send_until_refused()
    full.sqs.purge_queue(QueueUrl=full.queue)
    full.kept.clear()
    full.wait_for_sends()
    assert full.send_until_refused() > 20
    full.assert_all_there()


@pytest.mark.parametrize("log", ["long", "short"])
def test_receives_and_deletes_go_on_when_others_fill_the_disk_to_the_last_byte(full, log):
    for _ in range(40):
        assert full.send()
    if log == "short":
        # The log begins anew and has next to no room of its own.
        full.broker.restart()
        assert full.send(10)
    full.volume.fill()
    assert full.volume.free_bytes() < 8_192
    assert not full.send()
    for _ in range(4):
        full.use()
    # What the ballast gave is taken, too.
    full.volume.fill()
    for _ in range(5):
        full.use()
        assert not full.send()
    assert full.broker.is_healthy()
    if log == "short":
        assert "the ballast is given up" in full.broker.log()
    full.volume.relieve()
    full.wait_for_sends()
    full.assert_all_there()
    full.assert_runs_on()


@pytest.mark.parametrize("how", ["kill -9", "SIGTERM"])
def test_a_full_disk_lets_the_broker_stop_and_start(full, how):
    for _ in range(40):
        assert full.send()
    full.volume.fill()
    full.use()
    if how == "SIGTERM":
        assert full.broker.terminate() == 0
    else:
        full.broker.kill()
    # Whatever room the stop gave back, somebody else has it now.
    full.volume.fill()
    full.broker.start()
    assert not full.send()
    for _ in range(3):
        full.use()
    full.volume.relieve()
    full.wait_for_sends()
    full.assert_all_there()


def test_dead_letters_and_move_tasks_wait_on_a_full_disk_and_go_on_by_themselves(full):
    sqs = full.sqs
    dead = full.make("dead")
    back = full.make("back")
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 1})
    poisoned = full.make("poisoned", RedrivePolicy=policy)
    for queue in (dead, poisoned):
        for _ in range(20):
            assert full.send(queue=queue)
    while full.receive(timeout=0, queue=poisoned):
        pass
    # Those are dead letters now. These come back to be moved, and stand before healthy ones.
    for _ in range(20):
        assert full.send(queue=poisoned)
    while full.receive(timeout=1, queue=poisoned):
        pass
    healthy = 5
    for _ in range(healthy):
        assert full.send(queue=poisoned)
    moved_before = counts_of(sqs, dead)[0]
    full.volume.fill()
    task = sqs.start_message_move_task(SourceArn=arn_of(sqs, dead), DestinationArn=arn_of(sqs, back))
    assert task["TaskHandle"]
    time.sleep(1.5)
    received = full.receive(queue=poisoned)
    full.volume.fill()
    received += full.receive(queue=poisoned)
    assert len(received) >= healthy
    status = tasks_of(sqs, arn_of(sqs, dead))[0]
    assert status["Status"] == "RUNNING"
    assert moved_before >= 20

    full.volume.relieve()
    deadline = time.monotonic() + RESUME_SECONDS_MAX
    while tasks_of(sqs, arn_of(sqs, dead))[0]["Status"] == "RUNNING":
        assert time.monotonic() < deadline, "the task does not go on"
        time.sleep(0.1)
    while full.receive(queue=poisoned):
        pass
    for message in received:
        sqs.change_message_visibility(
            QueueUrl=poisoned, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    kept = set(full.kept)
    found = full.drain(back) + full.drain(dead) + full.drain(poisoned) + full.drain(dead)
    assert len(found) == len(set(found))
    assert set(found) == kept
