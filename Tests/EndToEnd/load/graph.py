"""The queues of the load: with and without dead-letter queues, purged, delayed, and short of memory."""

import json
from dataclasses import dataclass

from broker import ACCOUNT, REGION
from wire import Caller

VISIBILITY_TIMEOUT_SECONDS = 1
DELAY_SECONDS_MAX = 2
RETENTION_SECONDS = 60


@dataclass(frozen=True)
class GraphQueue:
    """A queue, and how often it is chosen for a send and for a receive."""

    name: str
    sends: int = 0
    receives: int = 0
    groups: int = 0
    dead_letters: str | None = None
    max_receive_count: int | None = None
    is_purged: bool = False
    delay: int = 0
    retention: int | None = None
    # Whether sends have delays of their own.
    is_delayed: bool = False
    # How far it is from where messages are sent to.
    stage: int = 0

    @property
    def is_fifo(self):
        return self.name.endswith(".fifo")

    @property
    def arn(self):
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def attributes(self):
        attributes = {"VisibilityTimeout": str(VISIBILITY_TIMEOUT_SECONDS), "DelaySeconds": str(self.delay)}
        if self.is_fifo:
            attributes["FifoQueue"] = "true"
        if self.retention:
            attributes["MessageRetentionPeriod"] = str(self.retention)
        if self.dead_letters:
            target = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.dead_letters}"
            policy = {"deadLetterTargetArn": target, "maxReceiveCount": self.max_receive_count}
            attributes["RedrivePolicy"] = json.dumps(policy)
        return attributes

    def mark(self, log, sequence_floor):
        fields = {"name": self.name, "fifo": self.is_fifo, "visibility": VISIBILITY_TIMEOUT_SECONDS}
        fields |= {"delay": self.delay, "sequenceFloor": sequence_floor}
        if self.retention:
            fields["retention"] = self.retention
        if self.dead_letters:
            fields |= {"deadLetters": self.dead_letters, "maxReceiveCount": self.max_receive_count}
        log.mark("queue", **fields)


# Dead-letter queues come first, since a policy names one that is there.
GRAPH = [
    GraphQueue("orders-dead", receives=1, stage=1),
    GraphQueue("lanes-dead.fifo", receives=1, stage=1),
    GraphQueue("rescued", receives=1, stage=1),
    GraphQueue("orders", sends=4, receives=6, dead_letters="orders-dead", max_receive_count=3),
    GraphQueue("lanes.fifo", sends=4, receives=7, groups=24, dead_letters="lanes-dead.fifo", max_receive_count=3),
    GraphQueue("plain", sends=3, receives=4, is_delayed=True),
    GraphQueue("purged", sends=2, receives=2, is_purged=True, retention=RETENTION_SECONDS),
    GraphQueue("purged.fifo", sends=2, receives=2, groups=6, is_purged=True, retention=RETENTION_SECONDS),
    GraphQueue("slow.fifo", sends=1, receives=2, groups=6, delay=1),
]

# From where move tasks go, and where to; nothing for each message's own source.
MOVES = [("orders-dead", None), ("orders-dead", "rescued"), ("lanes-dead.fifo", None)]


def queue_named(name):
    return next(queue for queue in GRAPH if queue.name == name)


def create_queues(broker, log, sequence_floors):
    """Makes the queues, or finds them as they were made, and tells the history of them."""
    with Caller(broker) as caller:
        for queue in GRAPH:
            caller.ok("CreateQueue", {"QueueName": queue.name, "Attributes": queue.attributes})
            queue.mark(log, sequence_floors.get(queue.name, -1))
