"""I4, its other side: a message whose time is over is given to who asks; a crash makes no visibility timeout longer.

Judged between two receives of which the later one has the next count: then nobody had the message in between, and it
was there. A receive that came back empty, and that looked while the message was visible for certain, is a violation.
What was answered may come from changes that a crash took back, so nothing is judged beside what got no answer.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict

from history.events import FAILED, OK, TOLERANCE_SECONDS, UNKNOWN
from history.leases import changes_of

INVARIANT = "I4"

# How late a long poll may be told that a message has become visible.
LATE_SECONDS_MAX = 2.0


def violations(history):
    empty = {name: _EmptyPolls(polls) for name, polls in _empty_polls(history).items()}
    holders = _holders(history)
    moved_from = {task.queue for task in history.move_tasks}
    for place in history.places.values():
        if place.queue not in empty or place.queue in moved_from:
            continue
        keys = [place.queue, (place.queue, place.receives[0].group)]
        others = [holders[key] for key in keys if key in holders]
        for earlier, later in zip(place.receives, place.receives[1:]):
            if later.count != earlier.count + 1:
                continue
            missed = _missed(place, earlier, later, others, empty[place.queue], history)
            if missed:
                yield later.token, missed
                break


def _missed(place, earlier, later, others, empty, history):
    spans = _spans(place, earlier, later)
    for other in others:
        spans = [free for start, end in spans for free in other.free_between(place, start, end)]
    for visible_from, until in spans:
        if visible_from >= until:
            continue
        poll_ended = empty.first_end(visible_from)
        if poll_ended <= until and not history.can_have_been_purged(place.queue, earlier.started, until):
            seconds = poll_ended - visible_from
            return f"was handed out to nobody for {seconds:.3f} s after its visibility timeout was over"
    return None


def _spans(place, earlier, later):
    """From when a message is visible for certain, and until when nothing changes that, between two receives."""
    deletes = (delete.started for delete in place.deletes if delete.outcome != FAILED)
    until = min([later.started] + [started for started in deletes if started > earlier.started])
    for visible_from, changed in _visible(place, earlier):
        yield visible_from, min(changed, until)
        if changed >= until:
            return


def _visible(place, receive):
    """From when a message is visible for certain after a receive, and until when: after each change of that."""
    left = [(receive.ended, receive.ended + receive.hidden_seconds)]
    for change in sorted(changes_of(place, receive), key=lambda change: change.started):
        if change.effect_ended <= receive.started:
            continue
        yield max(end for _, end in left) + TOLERANCE_SECONDS, change.started
        if change.outcome == OK:
            # What it has certainly replaced does not count.
            left = [(ended, end) for ended, end in left if ended >= change.started]
        left.append((change.effect_ended, change.effect_ended + change.timeout_seconds))
    yield max(end for _, end in left) + TOLERANCE_SECONDS, math.inf


def _held_until(place, receive):
    """Until when a message of a FIFO queue can be in flight by a receive, given what is given back and deleted."""
    *_, (until, _) = _visible(place, receive)
    deletes = (delete.ended for delete in place.deletes if delete.receive is receive and delete.outcome == OK)
    return min(until, min(deletes, default=math.inf))


def _empty_polls(history):
    found = defaultdict(list)
    for poll in history.polls:
        if poll.outcome != OK or poll.count:
            continue
        if poll.ended < poll.started + poll.wait_seconds:
            # The broker stopped.
            continue
        if not history.unanswered_receives_between(poll.queue, poll.started, poll.ended):
            found[poll.queue].append(poll)
    return found


class _EmptyPolls:
    """Of one queue, by the moment until which each looked for certain."""

    def __init__(self, polls):
        looked = sorted((poll.started + max(0, poll.wait_seconds - LATE_SECONDS_MAX), poll.ended) for poll in polls)
        self.moments = [moment for moment, _ in looked]
        self.first_ends = [ended for _, ended in looked] + [math.inf]
        for at in range(len(looked) - 1, -1, -1):
            self.first_ends[at] = min(self.first_ends[at], self.first_ends[at + 1])

    def first_end(self, moment):
        """When the first ended of those that looked at a moment or later."""
        return self.first_ends[bisect_left(self.moments, moment)]


def _holders(history):
    """Of each group of a FIFO queue, by queue and group; and of receives without an answer, by queue."""
    found = defaultdict(list)
    for place in history.places.values():
        if place.is_fifo:
            for receive in place.receives:
                found[place.queue, receive.group].append((receive.started, _held_until(place, receive), place))
    for poll in history.polls:
        if poll.outcome == UNKNOWN and history.queue(poll.queue).is_fifo:
            until = poll.effect_ended + poll.hidden_seconds + TOLERANCE_SECONDS
            found[poll.queue].append((poll.started, until, None))
    return {key: _Holders(holds) for key, holds in found.items()}


class _Holders:
    """What may keep a message of a group waiting: from when, until when, and the place of what is in flight then."""

    def __init__(self, holds):
        holds.sort(key=lambda hold: hold[0])
        self.starts = [started for started, _, _ in holds]
        self.places = [place for _, _, place in holds]
        # Of all up to each: the place that is held longest, until when, and until when any other is.
        self.longest = []
        place, until, other_until = None, -math.inf, -math.inf
        for _, held_until, held in holds:
            if held is place:
                until = max(until, held_until)
            elif held_until > until:
                place, until, other_until = held, held_until, until
            else:
                other_until = max(other_until, held_until)
            self.longest.append((place, until, other_until))

    def free_between(self, place, start, end):
        """Parts of a time in which no other message can be in flight: those before the next and after the last."""
        at = bisect_right(self.starts, start)
        after = at
        while after < len(self.starts) and self.places[after] is place:
            after += 1
        next_start = self.starts[after] if after < len(self.starts) else math.inf
        yield max(start, self._until(place, at)), min(end, next_start)
        if next_start < end:
            yield max(start, self._until(place, bisect_left(self.starts, end))), end

    def _until(self, place, count):
        """Until when the first so many keep a place waiting."""
        if count == 0:
            return -math.inf
        longest, until, other_until = self.longest[count - 1]
        return other_until if longest is place else until
