"""What clients saw of a queue that was killed again and again, and what must never be in it.

Times are `time.monotonic()` of one machine. An operation takes effect at one moment between its start and its end; one
with an unknown outcome takes effect at some moment after its start, or never.
"""

import math
import threading
from collections import defaultdict
from dataclasses import dataclass

SENT, RECEIVED, DELETED, CHANGED = "sent", "received", "deleted", "changed"
OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"

# The broker's milliseconds are rounded, and its clock is slewed.
HIDDEN_TOLERANCE_SECONDS = 0.05


@dataclass(frozen=True)
class Event:
    """One operation on one message."""

    kind: str
    token: str
    started: float
    ended: float
    outcome: str = OK
    # Of receives only.
    receive_count: int = 0
    hidden_seconds: float = 0
    is_intact: bool = True
    # Of refusals only.
    answer: str = ""
    # Of FIFO queues only. A redriven message has the token of the old one, and another MessageId.
    message_id: str = ""
    group: str = ""
    sequence: int = 0
    queue: str = ""
    # Of deletes and changes: until when the handle is good; on a standard queue, always.
    fresh_until: float = math.inf


class History:
    """Events from many threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.events = []

    def add(self, *events):
        with self.lock:
            self.events.extend(events)

    def count(self, kind, outcome=OK):
        return sum(event.kind == kind and event.outcome == outcome for event in self.events)

    def violations(self, drained_since=None):
        """Sentences about broken promises; none if all are kept.

        `drained_since`: the moment from which on everything in the queue was received, if that has been done.
        """
        by_token = defaultdict(lambda: defaultdict(list))
        for event in self.events:
            by_token[event.token][event.kind].append(event)
        found = []
        for token, events in by_token.items():
            found += [f"{token}: {text}" for text in _violations_of_message(events, drained_since)]
        return found


def _violations_of_message(events, drained_since):
    yield from _refusals(events)
    yield from _receives_of_what_was_not_sent(events)
    yield from _receives_after_delete(events)
    for receives in _by_message_id(events[RECEIVED]):
        yield from _receive_counts(receives)
        yield from _receives_while_hidden(receives, events[CHANGED])
    if drained_since is not None:
        yield from _losses(events, drained_since)


def _refusals(events):
    """No operation of the load is one that may be refused; not with a receipt handle from before a kill either.

    Only a message that somebody else deleted, after its time was over, has no visibility to be changed.
    """
    deletes = [delete.started for delete in events[DELETED] if delete.outcome != REFUSED]
    for kind in (SENT, DELETED, CHANGED):
        for event in events[kind]:
            # A handle may have expired on its way.
            if event.outcome != REFUSED or event.ended >= event.fresh_until - HIDDEN_TOLERANCE_SECONDS:
                continue
            if kind == CHANGED and any(started < event.ended for started in deletes):
                continue
            yield f"was refused ({kind}): {event.answer}"


def _receives_of_what_was_not_sent(events):
    sends = [send for send in events[SENT] if send.outcome != REFUSED]
    for receive in events[RECEIVED]:
        if not any(send.started < receive.ended for send in sends):
            yield "was received but not sent"
        if not receive.is_intact:
            yield "was received with another body than it was sent with"


def _receives_after_delete(events):
    deleted = min((delete.ended for delete in events[DELETED] if delete.outcome == OK), default=None)
    if deleted is None:
        return
    for receive in events[RECEIVED]:
        if receive.started > deleted:
            yield f"came back {receive.started - deleted:.3f} s after its delete was acknowledged"


def _by_message_id(receives):
    lives = defaultdict(list)
    for receive in receives:
        lives[receive.message_id].append(receive)
    return [sorted(life, key=lambda receive: receive.receive_count) for life in lives.values()]


def _receive_counts(receives):
    """Each receive adds one, so a later receive has a higher count, and no two receives have the same."""
    for earlier, later in zip(receives, receives[1:]):
        if earlier.receive_count == later.receive_count:
            yield f"was received twice with count {later.receive_count}"
        elif later.ended < earlier.started:
            yield f"was received with count {later.receive_count} and afterwards with {earlier.receive_count}"


def _receives_while_hidden(receives, changes):
    """The count tells which receive came first: a long poll may begin before another receive and end after it."""
    for earlier, later in zip(receives, receives[1:]):
        if later.ended < earlier.started:
            # The counts themselves are wrong, which is found elsewhere.
            continue
        if any(change.outcome != REFUSED and change.started < later.ended for change in changes):
            continue
        hidden_until = earlier.started + earlier.hidden_seconds - HIDDEN_TOLERANCE_SECONDS
        if later.ended < hidden_until:
            yield f"was handed out {hidden_until - later.ended:.3f} s before its visibility timeout was over"


def _losses(events, drained_since):
    if not any(send.outcome == OK for send in events[SENT]):
        return
    if any(delete.outcome != REFUSED for delete in events[DELETED]):
        return
    if not any(receive.started >= drained_since for receive in events[RECEIVED]):
        yield f"is lost: its send was acknowledged; {len(events[RECEIVED])} receives, no delete"
