"""What all clients have: a connection, and calls that are written down."""

import http.client
import json
import random
import threading
import time

from load.content import received_record, sent_record
from load.graph import VISIBILITY_TIMEOUT_SECONDS
from wire import Caller

RECEIVE = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
BROKEN = (OSError, http.client.HTTPException, json.JSONDecodeError)


class Received:
    """A message as one receive gave it."""

    __slots__ = ("queue", "token", "handle", "receipt", "fresh_until", "stale_from", "round")

    def __init__(self, queue, token, handle, receipt, fresh_until, stale_from, round):
        self.queue = queue
        self.token = token
        self.handle = handle
        self.receipt = receipt
        # The receive happened at some moment between its start and its end.
        self.fresh_until = fresh_until
        self.stale_from = stale_from
        self.round = round


class Client(threading.Thread):
    """One thread with one connection; it ends when that breaks."""

    def __init__(self, load, name, seed):
        super().__init__(daemon=True, name=name)
        self.load = load
        self.log = load.log
        self.round = load.round
        self.random = random.Random(seed)
        self.caller = Caller(load.broker)
        self.failure = None

    def run(self):
        try:
            self.caller.connect()
        except OSError:
            return
        try:
            while not self.load.is_over.is_set():
                self.step()
        except BROKEN:
            pass
        except BaseException as error:
            self.failure = error
        finally:
            self.caller.close()

    def step(self):
        raise NotImplementedError

    def call(self, operation, queue, payload, answer_of=lambda body: None, **request):
        """The body of a 200, with the call's number and times; nothing if it was refused.

        `request` and `answer_of(body)` are what the history is told.
        """
        payload = {"QueueUrl": self.load.broker.queue_url(queue)} | payload
        number = self.log.invoke(self.name, operation, queue, **request)
        started = time.monotonic()
        try:
            answer = self.caller.call(operation, payload)
            body = answer.body
        except BROKEN as error:
            self.log.unknown(number, type(error).__name__)
            raise
        if answer.status == 200:
            self.log.ok(number, answer_of(body))
            return body, number, started
        if answer.status == 503:
            # The broker stops: nothing happened.
            self.log.failed(number, "ServiceUnavailable")
            raise ConnectionError(answer)
        if answer.status >= 500:
            self.log.unknown(number, f"status {answer.status}")
            raise ConnectionError(answer)
        self.log.failed(number, answer.code)
        return None

    def send(self, queue, message):
        def answer_of(body):
            return [sent_record(body)]

        return self.call("SendMessage", queue, message.entry, answer_of, messages=[message.record])

    def send_batch(self, queue, messages):
        def answer_of(body):
            answers = {int(entry["Id"]): sent_record(entry) for entry in body.get("Successful", [])}
            answers |= {int(entry["Id"]): {"failed": entry["Code"]} for entry in body.get("Failed", [])}
            return [answers[number] for number in range(len(messages))]

        entries = [message.entry | {"Id": str(number)} for number, message in enumerate(messages)]
        records = [message.record for message in messages]
        return self.call("SendMessageBatch", queue, {"Entries": entries}, answer_of, messages=records)

    def receive(self, queue, *, hidden=None, wait=0):
        """What one receive brought."""

        def answer_of(body):
            return [received_record(message) for message in body.get("Messages", [])]

        payload = RECEIVE | {"MaxNumberOfMessages": 10}
        request = {"wait": wait}
        if wait:
            payload["WaitTimeSeconds"] = wait
        if hidden is not None:
            payload["VisibilityTimeout"] = request["hidden"] = hidden
        answered = self.call("ReceiveMessage", queue, payload, answer_of, **request)
        assert answered, f"a receive from {queue} was refused"
        body, number, started = answered
        seconds = VISIBILITY_TIMEOUT_SECONDS if hidden is None else hidden
        ended = time.monotonic()
        return [
            Received(
                queue,
                message["Body"].split("/", 1)[0],
                message["ReceiptHandle"],
                f"{number}/{position}",
                started + seconds,
                ended + seconds,
                self.round,
            )
            for position, message in enumerate(body.get("Messages", []))
        ]

    def delete(self, message):
        return self.call(
            "DeleteMessage", message.queue, {"ReceiptHandle": message.handle}, receipts=[message.receipt]
        )

    def delete_batch(self, messages):
        """Messages of one queue, ten at most."""
        return self._touch_batch("DeleteMessageBatch", messages)

    def change(self, message, timeout):
        payload = {"ReceiptHandle": message.handle, "VisibilityTimeout": timeout}
        return self.call(
            "ChangeMessageVisibility", message.queue, payload, receipts=[message.receipt], timeouts=[timeout]
        )

    def change_batch(self, messages, timeouts):
        return self._touch_batch("ChangeMessageVisibilityBatch", messages, timeouts)

    def _touch_batch(self, operation, messages, timeouts=None):
        def answer_of(body):
            failed = {int(entry["Id"]): {"failed": entry["Code"]} for entry in body.get("Failed", [])}
            return [failed.get(number) for number in range(len(messages))]

        entries = [{"Id": str(number), "ReceiptHandle": message.handle} for number, message in enumerate(messages)]
        request = {"receipts": [message.receipt for message in messages]}
        if timeouts:
            request["timeouts"] = timeouts
            for entry, timeout in zip(entries, timeouts):
                entry["VisibilityTimeout"] = timeout
        return self.call(operation, messages[0].queue, {"Entries": entries}, answer_of, **request)

    def count(self, queue):
        """Visible, in flight, delayed."""

        def answer_of(body):
            attributes = body["Attributes"]
            return {
                "visible": int(attributes["ApproximateNumberOfMessages"]),
                "inFlight": int(attributes["ApproximateNumberOfMessagesNotVisible"]),
                "delayed": int(attributes["ApproximateNumberOfMessagesDelayed"]),
            }

        return self.call("GetQueueAttributes", queue, {"AttributeNames": ["All"]}, answer_of)
