"""What the kernel is asked for: few syncs for many sends, and no answer before the sync that covers it."""

import time
import uuid

import pytest

import strace
from wire import Caller, next_answer, open_socket, request_bytes

CONNECTIONS = 64
ROUNDS = 3
SYNC_DELAY_SECONDS = 0.02


class Traced:
    """A broker under strace."""

    def __init__(self, new_broker, path, sync_delay_seconds):
        self.path = path
        self.broker = new_broker(prefix=strace.prefix(path, sync_delay_seconds)).start()

    def calls_since(self, mark):
        """Everything traced from a mark on."""
        # strace writes a line when the call is over; the last answer's may still be on its way.
        time.sleep(0.2)
        return strace.calls_in(self.path.read_bytes()[mark:].decode(errors="replace"))

    def mark(self):
        time.sleep(0.2)
        return self.path.stat().st_size


@pytest.fixture(scope="module")
def strace_works():
    if not strace.is_available():
        pytest.skip("strace is missing or may not trace here")


@pytest.fixture
def traced(strace_works, new_broker, tmp_path):
    def make(sync_delay_seconds=0):
        return Traced(new_broker, tmp_path / "trace", sync_delay_seconds)

    return make


def first(calls, condition, after):
    """The first call entered after a moment that meets a condition."""
    return next((call for call in calls if call.entered > after and condition(call)), None)


def assert_synced_before_answered(calls, token):
    """The request with this token was written to the log, then the log was synced, and only then came the answer."""
    request = first(calls, lambda call: call.is_request and token in call.text, -1)
    assert request, f"no request with {token} in the trace"
    written = first(calls, lambda call: call.is_log_write and token in call.text, request.entered)
    assert written, f"{token} was not written to the log"
    synced = first(calls, lambda call: call.is_sync, written.left)
    assert synced, f"no sync after {token} was written"
    answer = first(calls, lambda call: call.is_answer and call.target == request.target, request.left)
    assert answer, f"no answer to the request with {token}"
    assert synced.left < answer.entered, f"{token} was answered before the sync that covers it"


def test_many_concurrent_sends_share_few_syncs_and_none_is_answered_before_its_own(traced):
    traced = traced(SYNC_DELAY_SECONDS)
    broker = traced.broker
    with Caller(broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "many"})["QueueUrl"]
    connections = [open_socket(broker) for _ in range(CONNECTIONS)]
    mark = traced.mark()
    tokens = []
    for _ in range(ROUNDS):
        bodies = [uuid.uuid4().hex for _ in connections]
        requests = [request_bytes(broker, "SendMessage", {"QueueUrl": url, "MessageBody": body}) for body in bodies]
        for connection, request in zip(connections, requests):
            connection.sendall(request)
        for connection in connections:
            assert next_answer(connection).status == 200
        tokens += bodies

    calls = traced.calls_since(mark)
    for token in tokens:
        assert_synced_before_answered(calls, token)
    syncs = sum(call.is_sync for call in calls)
    print(f"{len(tokens)} sends, {syncs} syncs")
    assert 0 < syncs <= len(tokens) / 4


def test_every_kind_of_change_is_synced_before_it_is_answered(traced):
    traced = traced()
    with Caller(traced.broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "first"})["QueueUrl"]
        other = traced.broker.queue_url("second")

        def handle():
            return caller.ok("ReceiveMessage", {"QueueUrl": url})["Messages"][0]["ReceiptHandle"]

        def batch(**entry):
            return {"QueueUrl": url, "Entries": [{"Id": "a", **entry}]}

        message = {"QueueUrl": url, "MessageBody": "x"}
        for _ in range(4):
            caller.ok("SendMessage", message)
        changes = [
            ("CreateQueue", lambda: {"QueueName": "second"}),
            ("SetQueueAttributes", lambda: {"QueueUrl": other, "Attributes": {"DelaySeconds": "1"}}),
            ("SendMessage", lambda: message),
            ("SendMessageBatch", lambda: batch(MessageBody="x")),
            ("ReceiveMessage", lambda: {"QueueUrl": url}),
            ("ChangeMessageVisibility", lambda: {"QueueUrl": url, "ReceiptHandle": handle(), "VisibilityTimeout": 9}),
            ("ChangeMessageVisibilityBatch", lambda: batch(ReceiptHandle=handle(), VisibilityTimeout=9)),
            ("DeleteMessage", lambda: {"QueueUrl": url, "ReceiptHandle": handle()}),
            ("DeleteMessageBatch", lambda: batch(ReceiptHandle=handle())),
            ("PurgeQueue", lambda: {"QueueUrl": url}),
            ("DeleteQueue", lambda: {"QueueUrl": url}),
        ]
        for operation, payload in changes:
            payload = payload()
            mark = traced.mark()
            caller.ok(operation, payload)
            assert_one_change_was_synced(traced.calls_since(mark), operation)


def assert_one_change_was_synced(calls, operation):
    target = f"AmazonSQS.{operation}\\r"
    request = first(calls, lambda call: call.is_request and target in call.text, -1)
    assert request, f"no request {operation} in the trace"
    answer = first(calls, lambda call: call.is_answer and call.target == request.target, request.left)
    before = [call for call in calls if request.left < call.entered < answer.entered]
    writes = [call for call in before if call.is_log_write]
    assert writes, f"{operation} was answered with nothing written"
    syncs = [call for call in before if call.is_sync and call.left < answer.entered]
    assert syncs and syncs[-1].entered > writes[-1].left, f"{operation} was answered before the sync that covers it"


def test_what_changes_nothing_costs_no_sync(traced):
    traced = traced()
    with Caller(traced.broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "empty"})["QueueUrl"]
        # What the start or the creation still has to do is over by then.
        time.sleep(1)
        mark = traced.mark()
        for _ in range(20):
            assert "Messages" not in caller.ok("ReceiveMessage", {"QueueUrl": url})
            caller.ok("GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["All"]})
            caller.ok("GetQueueUrl", {"QueueName": "empty"})
            caller.ok("ListQueues", {})
        calls = traced.calls_since(mark)
    assert sum(call.is_request for call in calls) >= 80
    # A chore of the broker itself may fall into this time, but not with each request.
    assert sum(call.is_sync for call in calls) <= 2
