"""The kinds of clients, and how they share a round."""

import itertools
import threading
import time
from collections import deque

from load.client import Client
from load.content import NewMessage
from load.graph import DELAY_SECONDS_MAX, GRAPH, MOVES

# Half a second for a request to arrive before its handle expires.
FRESH_SECONDS = 0.5
STALE_SECONDS = 0.2


class Load:
    """The clients' common state; it outlives the broker's processes."""

    def __init__(self, broker, log, seed, prefix="m"):
        self.broker = broker
        self.log = log
        self.seed = seed
        self.prefix = prefix
        self.tokens = itertools.count()
        self.round = 0
        # Receipt handles put by, to be used late: those of standard and those of FIFO queues.
        self.kept = deque()
        self.kept_of_fifo = deque()
        # Sends to FIFO queues as (queue, message), to be repeated: such without an answer first of all.
        self.to_repeat = deque()
        self.is_over = threading.Event()

    def token(self):
        return f"{self.prefix}{next(self.tokens)}"

    def begin_round(self):
        self.round += 1
        self.is_over.clear()
        clients = [kind(self, f"{kind.__name__}-{at}", f"{self.seed}/{self.round}/{at}") for at, kind in KINDS]
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


class Sender(Client):
    def choose(self):
        [queue] = self.random.choices(GRAPH, [queue.sends for queue in GRAPH])
        return queue

    def new_message(self, queue):
        group = f"g{self.random.randrange(queue.groups)}" if queue.is_fifo else None
        delay = self.random.choice([None, None, 0, 1, DELAY_SECONDS_MAX]) if queue.is_delayed else None
        return NewMessage(self.load.token(), self.random, group=group, delay=delay)

    def step(self):
        queue = self.choose()
        message = self.new_message(queue)
        self.to_repeat_if_unanswered(queue, [message], lambda: self.send(queue.name, message))
        time.sleep(self.random.uniform(0, 0.006))

    def to_repeat_if_unanswered(self, queue, messages, send):
        if not queue.is_fifo:
            send()
            return
        repeats = [(queue, message) for message in messages]
        try:
            send()
        except BaseException:
            self.load.to_repeat.extendleft(repeats)
            raise
        if self.random.random() < 0.1:
            self.load.to_repeat.extend(repeats)


class BatchSender(Sender):
    def step(self):
        queue = self.choose()
        messages = [self.new_message(queue) for _ in range(self.random.randint(1, 6))]
        self.to_repeat_if_unanswered(queue, messages, lambda: self.send_batch(queue.name, messages))
        time.sleep(self.random.uniform(0, 0.012))


class Repeater(Sender):
    """Sends again what got no answer, and now and then what got one."""

    def step(self):
        if not self.load.to_repeat:
            time.sleep(0.005)
            return
        queue, message = self.load.to_repeat.popleft()
        self.to_repeat_if_unanswered(queue, [message], lambda: self.send(queue.name, message))
        time.sleep(self.random.uniform(0, 0.01))


class Consumer(Client):
    """Deletes most of what it gets, at once or later; the rest comes back by itself or is given back."""

    wait = 0

    def step(self):
        [queue] = self.random.choices(GRAPH, [queue.receives for queue in GRAPH])
        hidden = self.random.choice([None, None, None, 1, 2])
        messages = self.receive(queue.name, hidden=hidden, wait=self.wait)
        together, given_back = [], []
        for message in messages:
            fate = self.random.random()
            if queue.is_fifo and time.monotonic() > message.fresh_until - FRESH_SECONDS:
                self.keep(queue, message)
            elif fate < 0.25:
                self.delete(message)
            elif fate < 0.50:
                together.append(message)
            elif fate < 0.62:
                self.keep(queue, message)
            elif fate < 0.68:
                self.change(message, 0)
            elif fate < 0.80:
                given_back.append(message)
            elif fate < 0.84:
                self.change(message, 2)
        if together:
            self.delete_batch(together)
        if given_back:
            self.change_batch(given_back, [self.random.choice([0, 0, 0, 1]) for _ in given_back])
        if not messages:
            time.sleep(0.004)

    def keep(self, queue, message):
        (self.load.kept_of_fifo if queue.is_fifo else self.load.kept).append(message)


class LongPoller(Consumer):
    wait = 2


class LateUser(Client):
    """Uses receipt handles late: of processes that were killed since, and after their time; and forged ones."""

    def step(self):
        if self.random.random() < 0.5:
            self.use_of_standard()
        else:
            self.use_stale_of_fifo()
        time.sleep(0.003)

    def use_of_standard(self):
        kept = self.load.kept
        if not kept or kept[0].round == self.round and len(kept) < 500:
            return
        message = kept.popleft()
        if self.random.random() < 0.1:
            self.forge(message)
        elif self.random.random() < 0.15:
            self.change(message, 1)
        else:
            self.delete(message)

    def use_stale_of_fifo(self):
        kept = self.load.kept_of_fifo
        if not kept or time.monotonic() < kept[0].stale_from + STALE_SECONDS:
            return
        message = kept.popleft()
        if self.random.random() < 0.1:
            self.forge(message)
        elif self.random.random() < 0.2:
            self.change(message, 2)
        else:
            self.delete(message)

    def forge(self, message):
        # The last character may have bits that mean nothing.
        at = self.random.randrange(len(message.handle) - 1)
        other = "A" if message.handle[at] != "A" else "Q"
        forged = {"ReceiptHandle": message.handle[:at] + other + message.handle[at + 1 :]}
        operation = self.random.choice(["DeleteMessage", "ChangeMessageVisibility"])
        if operation == "ChangeMessageVisibility":
            forged["VisibilityTimeout"] = 0
        self.call(operation, message.queue, forged, forged=True)


class Purger(Client):
    def step(self):
        time.sleep(self.random.uniform(0.05, 0.5))
        queue = self.random.choice([queue for queue in GRAPH if queue.is_purged])
        self.call("PurgeQueue", queue.name, {})


class Redriver(Client):
    """Starts move tasks and cancels some; some are slow, so that a kill meets them."""

    def step(self):
        source, destination = self.random.choice(MOVES)
        queues = {queue.name: queue for queue in GRAPH}
        payload = {"SourceArn": queues[source].arn}
        request = {}
        if destination:
            payload["DestinationArn"] = queues[destination].arn
            request["to"] = destination
        if self.random.random() < 0.7:
            payload["MaxNumberOfMessagesPerSecond"] = self.random.choice([5, 50, 500])
        answered = self.call("StartMessageMoveTask", source, payload, lambda body: body, **request)
        time.sleep(self.random.uniform(0.02, 0.12))
        if answered and self.random.random() < 0.3:
            self.call("CancelMessageMoveTask", source, {"TaskHandle": answered[0]["TaskHandle"]})


KINDS = list(
    enumerate(
        [Sender] * 3 + [BatchSender] * 2 + [Repeater] + [Consumer] * 5 + [LongPoller] * 2 + [LateUser, Purger, Redriver]
    )
)
