"""Clients that send, receive and delete as fast as they can, and write down what they saw."""

import hashlib
import http.client
import itertools
import json
import random
import threading
import time
from collections import deque

from history import CHANGED, DELETED, OK, RECEIVED, REFUSED, SENT, UNKNOWN, Event
from wire import Caller

VISIBILITY_TIMEOUT_SECONDS = 1

# Small ones, ones of several pages, and now and then one that grows the log visibly.
BODY_SIZES_BYTES = [0, 0, 0, 200, 200, 3_000, 3_000, 20_000, 200_000]

RECEIVE = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}


def body_of(token, size):
    """A body that can be checked knowing nothing else: token, size, and bytes that follow from both."""
    seed = hashlib.sha256(f"{token}/{size}".encode()).hexdigest()
    return f"{token}/{size}/" + (seed * (size // len(seed) + 1))[:size]


def token_of(body):
    """The token, and whether the body is the one that was sent."""
    token, size, _ = body.split("/", 2)
    return token, body == body_of(token, int(size))


class Load:
    """The clients' common state; it outlives the broker's processes."""

    def __init__(self, broker, queue_url, history, seed):
        self.broker = broker
        self.queue_url = queue_url
        self.history = history
        self.seed = seed
        self.tokens = itertools.count()
        self.rounds = itertools.count()
        # Receipt handles put by: (round, token, handle).
        self.kept = deque()
        self.is_over = threading.Event()
        self.deleted_with_old_handles = 0

    def kinds(self):
        return [Sender, Sender, BatchSender, Consumer, Consumer, Consumer, LongPoller, LateDeleter]

    def begin_round(self):
        """Starts all clients; each ends when its connection breaks."""
        number = next(self.rounds)
        self.is_over.clear()
        clients = [kind(self, number, f"{self.seed}/{number}/{at}") for at, kind in enumerate(self.kinds())]
        for client in clients:
            client.start()
        return clients

    def end_round(self, clients):
        """Waits for the clients of a broker that is gone."""
        self.is_over.set()
        for client in clients:
            client.join(30)
            assert not client.is_alive(), "a client waits for an answer of a broker that is gone"
            assert client.failure is None, repr(client.failure)


class Client(threading.Thread):
    """One thread with one connection."""

    def __init__(self, load, number, seed):
        super().__init__(daemon=True)
        self.load = load
        self.round = number
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
        except (OSError, http.client.HTTPException):
            pass
        except BaseException as error:
            self.failure = error
        finally:
            self.caller.close()

    def call(self, operation, payload, events):
        """The answer's body if it is a 200; writes down `events(outcome, answer)` for whatever comes."""
        payload = {"QueueUrl": self.load.queue_url} | payload
        started = time.monotonic()

        def write(outcome, body=None, answer=""):
            self.load.history.add(*events(started, time.monotonic(), outcome, body, answer))

        try:
            answer = self.caller.call(operation, payload)
            body = answer.body
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            write(UNKNOWN)
            raise
        if answer.status == 200:
            write(OK, body)
            return body
        if answer.status == 503:
            # Refused because the broker stops: nothing happened, and that is no violation.
            raise ConnectionError(answer)
        if answer.status >= 500:
            write(UNKNOWN)
            raise ConnectionError(answer)
        write(REFUSED, None, str(answer))
        return None

    def on_one(self, kind, token):
        """An event of an operation on one message."""

        def events(started, ended, outcome, _, answer):
            return [Event(kind, token, started, ended, outcome, answer=answer)]

        return events

    def on_batch(self, kind, tokens):
        """Events of a batch whose ids are positions in `tokens`."""

        def events(started, ended, outcome, body, answer):
            failed = {entry["Id"]: entry for entry in (body or {}).get("Failed", [])}
            for number, token in enumerate(tokens):
                failure = failed.get(str(number))
                result = REFUSED if failure else outcome
                yield Event(kind, token, started, ended, result, answer=str(failure or answer))

        return events

    def new_message(self):
        token = f"m{next(self.load.tokens)}"
        return token, body_of(token, self.random.choice(BODY_SIZES_BYTES))

    def receive(self, **arguments):
        """Received messages as (token, handle)."""
        messages = []
        hidden = arguments.get("VisibilityTimeout", VISIBILITY_TIMEOUT_SECONDS)

        def events(started, ended, outcome, body, answer):
            assert outcome != REFUSED, f"a receive was refused: {answer}"
            for message in (body or {}).get("Messages", []):
                token, is_intact = token_of(message["Body"])
                messages.append((token, message["ReceiptHandle"]))
                count = int(message["Attributes"]["ApproximateReceiveCount"])
                yield Event(RECEIVED, token, started, ended, OK, count, hidden, is_intact)

        self.call("ReceiveMessage", RECEIVE | arguments, events)
        return messages

    def delete(self, token, handle):
        return self.call("DeleteMessage", {"ReceiptHandle": handle}, self.on_one(DELETED, token))

    def delete_batch(self, messages):
        entries = [{"Id": str(n), "ReceiptHandle": handle} for n, (_, handle) in enumerate(messages)]
        tokens = [token for token, _ in messages]
        return self.call("DeleteMessageBatch", {"Entries": entries}, self.on_batch(DELETED, tokens))

    def give_back(self, token, handle):
        change = {"ReceiptHandle": handle, "VisibilityTimeout": 0}
        return self.call("ChangeMessageVisibility", change, self.on_one(CHANGED, token))


class Sender(Client):
    def step(self):
        token, body = self.new_message()
        self.call("SendMessage", {"MessageBody": body}, self.on_one(SENT, token))
        time.sleep(self.random.uniform(0, 0.004))


class BatchSender(Client):
    def step(self):
        messages = [self.new_message() for _ in range(self.random.randint(1, 5))]
        entries = [{"Id": str(n), "MessageBody": body} for n, (_, body) in enumerate(messages)]
        self.call("SendMessageBatch", {"Entries": entries}, self.on_batch(SENT, [token for token, _ in messages]))
        time.sleep(self.random.uniform(0, 0.01))


class Consumer(Client):
    """Deletes most of what it gets, at once or later; the rest comes back by itself or is given back."""

    def step(self, **arguments):
        messages = self.receive(**arguments)
        now = []
        for token, handle in messages:
            fate = self.random.random()
            if fate < 0.30:
                self.delete(token, handle)
            elif fate < 0.60:
                now.append((token, handle))
            elif fate < 0.75:
                self.load.kept.append((self.round, token, handle))
            elif fate < 0.80:
                self.give_back(token, handle)
        if now:
            self.delete_batch(now)
        if not messages:
            time.sleep(0.005)


class LongPoller(Consumer):
    def step(self):
        super().step(WaitTimeSeconds=2)


class LateDeleter(Client):
    """Deletes with handles of earlier rounds: of processes that were killed since."""

    def step(self):
        old = [kept for kept in list(self.load.kept) if kept[0] < self.round][:10]
        if not old:
            time.sleep(0.005)
            return
        for kept in old:
            self.load.kept.remove(kept)
            _, token, handle = kept
            if self.delete(token, handle) is not None:
                self.load.deleted_with_old_handles += 1
