"""What a history is made of: queues, and what happened to each message in them."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

OK, FAILED, UNKNOWN = "ok", "failed", "unknown"
DELETE, CHANGE = "delete", "change"

# The broker's milliseconds are rounded, and its clock is slewed by at most one in a thousand.
TOLERANCE_SECONDS = 0.05

DEDUPLICATION_SECONDS = 300


@dataclass(frozen=True)
class Queue:
    name: str
    is_fifo: bool = False
    visibility_seconds: float = 30
    delay_seconds: float = 0
    retention_seconds: float = 345_600
    # The name of its dead-letter queue, and after how many receives a message goes there.
    dead_letters: str | None = None
    max_receive_count: int | None = None
    # The highest sequence number that was seen before this history began.
    sequence_floor: int = -1


@dataclass(slots=True, eq=False)
class Event:
    """One operation, or its part that is about one message; `effect_ended`: it has happened by then, or never."""

    queue: str
    started: float
    ended: float
    effect_ended: float
    outcome: str


@dataclass(slots=True, eq=False)
class Send(Event):
    token: str
    body: str
    attributes: str | None
    group: str | None
    deduplication: str | None
    delay_seconds: float
    code: str = ""
    # Of the answer.
    id: str = ""
    sequence: int | None = None
    told_body: str = ""
    told_attributes: str | None = None


@dataclass(slots=True, eq=False)
class Receive(Event):
    token: str
    call: int
    position: int
    id: str
    count: int
    hidden_seconds: float
    body: str
    attributes: str | None
    told_body: str
    told_attributes: str | None
    group: str | None
    sequence: int | None
    # The queue whose dead letter it is.
    source: str | None

    @property
    def place(self):
        return (self.queue, self.id)


@dataclass(slots=True, eq=False)
class Touch(Event):
    """A delete or a change of visibility."""

    kind: str
    receive: Receive
    timeout_seconds: float
    code: str = ""


@dataclass(slots=True, eq=False)
class Poll(Event):
    """A receive as a whole."""

    wait_seconds: float
    hidden_seconds: float
    count: int


@dataclass(slots=True, eq=False)
class Count(Event):
    """Of GetQueueAttributes."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self):
        return self.visible + self.in_flight + self.delayed


@dataclass(slots=True, eq=False)
class Purge(Event):
    """All messages of a queue go, the hidden and the delayed ones, too."""


@dataclass(slots=True, eq=False)
class MoveTask(Event):
    """From a queue to another or to each message's own source."""

    destination: str | None


@dataclass(slots=True, eq=False)
class Forgery(Event):
    """A call with a receipt handle that the broker never gave."""

    code: str


class Place:
    """A message under one MessageId in one queue."""

    def __init__(self, queue, id, is_fifo):
        self.queue = queue
        self.id = id
        self.is_fifo = is_fifo
        # By their counts.
        self.receives = []
        self.deletes = []
        self.changes = []

    def sort(self):
        self.receives.sort(key=lambda receive: (receive.count, receive.started))


class Windows:
    """The times of many operations of unknown outcome."""

    def __init__(self, events):
        self.starts = sorted(event.started for event in events)
        self.ends = sorted(event.effect_ended for event in events)

    def count_between(self, start, end):
        """How many of them can have happened between two moments."""
        return bisect_left(self.starts, end) - bisect_right(self.ends, start)


@dataclass(eq=False)
class Message:
    """All about one token: a message, and what a redrive made of it."""

    token: str
    sends: list = field(default_factory=list)
    receives: list = field(default_factory=list)
    deletes: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    @property
    def possible_sends(self):
        return [send for send in self.sends if send.outcome != FAILED]

    @property
    def is_acknowledged(self):
        return any(send.outcome == OK for send in self.sends)

    @property
    def home(self):
        return self.sends[0].queue if self.sends else None


class History:
    """Events, by what the invariants ask for."""

    def __init__(self):
        self.queues = {}
        self.messages = {}
        self.places = {}
        self.polls = []
        self.counts = []
        self.purges = []
        self.move_tasks = []
        self.forgeries = []
        self.marks = []
        # Started and ended of each call that has a quick answer, for the times after the heal.
        self.quick_calls = []
        self.downs = []
        self.healed_at = math.inf
        self.drained_at = None
        self.ended_at = 0.0
        self.calls = 0

    def finish(self):
        """To be called when all events are in."""
        for message in self.messages.values():
            message.receives.sort(key=lambda receive: receive.started)
        for place in self.places.values():
            place.sort()
        unanswered = {name: [] for name in self.queues}
        for poll in self.polls:
            if poll.outcome == UNKNOWN:
                unanswered.setdefault(poll.queue, []).append(poll)
        self.unanswered_receives = {name: Windows(polls) for name, polls in unanswered.items()}
        self.purges.sort(key=lambda purge: purge.started)
        self.purges_of = {name: [] for name in self.queues}
        for purge in self.purges:
            if purge.outcome != FAILED:
                self.purges_of.setdefault(purge.queue, []).append(purge)
        self.purge_windows = {name: Windows(purges) for name, purges in self.purges_of.items()}
        self.reachable_of = {}
        self.first_move_of = {}

    def can_have_been_purged(self, queue, start, end=math.inf):
        """Whether a purge of a queue can have happened between two moments."""
        windows = self.purge_windows.get(queue)
        return bool(windows and windows.starts and windows.count_between(start, end))

    def first_move(self, name):
        """When the first move task began by which messages of a queue can have become new ones; or never."""
        if name not in self.first_move_of:
            started = (task.started for task in self.move_tasks if task.queue in self.reachable(name))
            self.first_move_of[name] = min(started, default=math.inf)
        return self.first_move_of[name]

    def unanswered_receives_between(self, queue, start, end):
        windows = self.unanswered_receives.get(queue)
        return windows.count_between(start, end) if windows else 0

    def queue(self, name):
        return self.queues.get(name) or Queue(name, is_fifo=name.endswith(".fifo"))

    def place_of(self, receive):
        return self.places[receive.place]

    def next_queues(self, name):
        """Where the messages of a queue can go: to its dead-letter queue, and where move tasks bring them."""
        found = set()
        if self.queue(name).dead_letters:
            found.add(self.queue(name).dead_letters)
        for task in self.move_tasks:
            if task.queue == name:
                sources = {queue.name for queue in self.queues.values() if queue.dead_letters == name}
                found |= {task.destination} if task.destination else sources
        return found

    def reachable(self, name):
        """A queue and all that its messages can come to."""
        if name not in self.reachable_of:
            found, ahead = {name}, [name]
            while ahead:
                for other in self.next_queues(ahead.pop()) - found:
                    found.add(other)
                    ahead.append(other)
            self.reachable_of[name] = found
        return self.reachable_of[name]

    def base_count(self, receive):
        """With which count a message came to where it was received; each queue counts on, up to its own maximum."""
        source = receive.source and self.queues.get(receive.source)
        if not source or source.dead_letters != receive.queue:
            return 0
        before = self.places.get((source.name, receive.id))
        return source.max_receive_count + (self.base_count(before.receives[0]) if before else 0)

    def may_be_new_again(self, message):
        """Whether sends of one token can have made several messages that are in order."""
        sends = message.possible_sends
        if len(sends) < 2:
            return False
        if not self.queue(message.home).is_fifo or not sends[0].deduplication:
            return True
        if max(send.effect_ended for send in sends) - min(send.started for send in sends) >= DEDUPLICATION_SECONDS:
            return True
        first = min(send.started for send in sends)
        last = max(send.effect_ended for send in sends)
        return self.can_have_been_purged(message.home, first, last)
