"""Clients of a FIFO queue, its dead-letter queue and the move tasks between them; they write down what they saw."""

import time
from collections import deque

from fifo_history import DEAD, SOURCE, STALE_DELETED
from history import CHANGED, DELETED, HIDDEN_TOLERANCE_SECONDS, RECEIVED, REFUSED, SENT, UNKNOWN, Event
from load import VISIBILITY_TIMEOUT_SECONDS, Client, Load, token_of

GROUPS = 24
MAX_RECEIVE_COUNT = 3

# Half a second for a request to arrive before its handle expires.
FRESH_SECONDS = 0.5

RECEIVE = {
    "MaxNumberOfMessages": 10,
    "MessageSystemAttributeNames": ["ApproximateReceiveCount", "MessageGroupId", "SequenceNumber"],
}


class Received:
    """A message as one receive gave it."""

    def __init__(self, message, started, ended, hidden):
        self.token, self.is_intact = token_of(message["Body"])
        self.handle = message["ReceiptHandle"]
        self.id = message["MessageId"]
        attributes = message["Attributes"]
        self.count = int(attributes["ApproximateReceiveCount"])
        self.group = attributes["MessageGroupId"]
        self.sequence = int(attributes["SequenceNumber"])
        # The receive happened at some moment between its start and its end.
        self.fresh_until = started + hidden
        self.stale_from = ended + hidden


class FifoLoad(Load):
    """The common state: what was sent without an answer, and which handles are to be used late."""

    def __init__(self, broker, queue_url, dead_url, dead_arn, history, seed):
        super().__init__(broker, queue_url, history, seed)
        self.dead_url = dead_url
        self.dead_arn = dead_arn
        # Sends as (token, entry), to be repeated: such without an answer first of all.
        self.to_repeat = deque()
        self.tasks_started = 0

    def kinds(self):
        consumers = [FifoConsumer, FifoConsumer, FifoConsumer, FifoLongPoller]
        return [FifoSender, FifoSender, FifoBatchSender, Repeater, *consumers, StaleDeleter, Redriver]


class FifoClient(Client):
    """One thread with one connection."""

    def new_entry(self):
        """A token, and what sends its message; the token is the deduplication id."""
        token, body = self.new_message()
        group = f"g{self.random.randrange(GROUPS)}"
        return token, {"MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": token}

    def send(self, token, entry):
        def events(started, ended, outcome, body, answer):
            if outcome == UNKNOWN:
                self.load.to_repeat.appendleft((token, entry))
            yield sent(token, started, ended, outcome, body or {}, answer)

        return self.call("SendMessage", entry, events)

    def receive(self, **arguments):
        """The received messages, written down."""
        messages = []
        hidden = arguments.get("VisibilityTimeout", VISIBILITY_TIMEOUT_SECONDS)
        queue = DEAD if arguments.get("QueueUrl") == self.load.dead_url else SOURCE

        def events(started, ended, outcome, body, answer):
            assert outcome != REFUSED, f"a receive was refused: {answer}"
            for raw in (body or {}).get("Messages", []):
                message = Received(raw, started, ended, hidden)
                messages.append(message)
                yield Event(
                    RECEIVED,
                    message.token,
                    started,
                    ended,
                    receive_count=message.count,
                    hidden_seconds=hidden,
                    is_intact=message.is_intact,
                    message_id=message.id,
                    group=message.group,
                    sequence=message.sequence,
                    queue=queue,
                )

        self.call("ReceiveMessage", RECEIVE | arguments, events)
        return messages

    def on_message(self, kind, message):
        def events(started, ended, outcome, _, answer):
            fields = {"message_id": message.id, "group": message.group, "fresh_until": message.fresh_until}
            return [Event(kind, message.token, started, ended, outcome, answer=answer, **fields)]

        return events

    def delete(self, message, kind=DELETED, **arguments):
        return self.call("DeleteMessage", {"ReceiptHandle": message.handle} | arguments, self.on_message(kind, message))

    def give_back(self, message):
        change = {"ReceiptHandle": message.handle, "VisibilityTimeout": 0}
        return self.call("ChangeMessageVisibility", change, self.on_message(CHANGED, message))


def sent(token, started, ended, outcome, body, answer):
    fields = {"message_id": body.get("MessageId", ""), "sequence": int(body.get("SequenceNumber", 0))}
    return Event(SENT, token, started, ended, outcome, answer=str(answer), **fields)


class FifoSender(FifoClient):
    def step(self):
        token, entry = self.new_entry()
        self.send(token, entry)
        if self.random.random() < 0.1:
            self.load.to_repeat.append((token, entry))
        time.sleep(self.random.uniform(0, 0.006))


class FifoBatchSender(FifoClient):
    def step(self):
        messages = [self.new_entry() for _ in range(self.random.randint(1, 5))]
        entries = [entry | {"Id": str(number)} for number, (_, entry) in enumerate(messages)]

        def events(started, ended, outcome, body, answer):
            body = body or {}
            answers = {entry["Id"]: entry for entry in body.get("Successful", [])}
            failed = {entry["Id"]: entry for entry in body.get("Failed", [])}
            for number, (token, entry) in enumerate(messages):
                failure = failed.get(str(number))
                if outcome == UNKNOWN:
                    self.load.to_repeat.appendleft((token, entry))
                result = REFUSED if failure else outcome
                yield sent(token, started, ended, result, answers.get(str(number), {}), failure or answer)

        self.call("SendMessageBatch", {"Entries": entries}, events)
        time.sleep(self.random.uniform(0, 0.015))


class Repeater(FifoClient):
    """Sends again what got no answer, and now and then what got one."""

    def step(self):
        if not self.load.to_repeat:
            time.sleep(0.005)
            return
        self.send(*self.load.to_repeat.popleft())
        time.sleep(self.random.uniform(0, 0.01))


class FifoConsumer(FifoClient):
    """Deletes most of what it gets; the rest comes back by itself or is given back, and at last is a dead letter."""

    def step(self, **arguments):
        messages = self.receive(**arguments)
        for message in messages:
            fate = self.random.random()
            if time.monotonic() > message.fresh_until - FRESH_SECONDS or fate > 0.9:
                self.load.kept.append((self.round, message))
            elif fate < 0.7:
                self.delete(message)
            elif fate < 0.8:
                self.give_back(message)
        if not messages:
            time.sleep(0.005)


class FifoLongPoller(FifoConsumer):
    def step(self):
        super().step(WaitTimeSeconds=2)


class StaleDeleter(FifoClient):
    """Deletes with handles that have expired, of this process or of one that was killed since."""

    def step(self):
        kept = self.load.kept
        if not kept or time.monotonic() < kept[0][1].stale_from + 2 * HIDDEN_TOLERANCE_SECONDS:
            time.sleep(0.01)
            return
        number, message = kept.popleft()
        self.delete(message, STALE_DELETED)
        if number < self.round:
            self.load.deleted_with_old_handles += 1


class Redriver(FifoClient):
    """Starts move tasks back to the source, one after the other; some are slow, so that a kill meets them."""

    def step(self):
        task = {"SourceArn": self.load.dead_arn}
        if self.random.random() < 0.7:
            task["MaxNumberOfMessagesPerSecond"] = self.random.choice([5, 20, 100])
        answer = self.caller.call("StartMessageMoveTask", task)
        if answer.status == 200:
            self.load.tasks_started += 1
        elif answer.status >= 500:
            raise ConnectionError(answer)
        else:
            assert "already a task running" in answer.body["message"], answer
        time.sleep(0.1)


class Drain(FifoClient):
    """Receives and deletes all that is left."""

    def __init__(self, load):
        super().__init__(load, 0, "drain")
        self.caller.connect()

    def of(self, queue_url):
        """What is left in a queue, taken out of it."""
        found = []
        # What the load has received becomes visible again within its visibility timeout.
        wait = VISIBILITY_TIMEOUT_SECONDS + 2
        arguments = {"QueueUrl": queue_url, "VisibilityTimeout": 600, "WaitTimeSeconds": wait}
        while messages := self.receive(**arguments):
            found += messages
            for message in messages:
                self.delete(message, QueueUrl=queue_url)
        return found
