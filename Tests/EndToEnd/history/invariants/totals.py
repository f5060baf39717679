"""I9: the counts add up: to what was sent and not removed, and exactly to what is taken out in the end.

Judged after the heal only, when nothing but the drain changes anything: then each count is known.
"""

from history.events import FAILED, OK
from history.leases import possible_until, sure_until

INVARIANT = "I9"


def violations(history):
    counts = [count for count in history.counts if count.started >= history.healed_at]
    if history.drained_at is None or not counts:
        return
    families = _families(history)
    for queues in families:
        own = [count for count in counts if count.queue in queues]
        for moment in _moments(own, len(queues)):
            yield from _of_moment(moment, queues, history)


def _families(history):
    """Queues between which messages can go."""
    families = []
    for name in history.queues:
        family = history.reachable(name) | {name}
        for other in [other for other in families if other & family]:
            families.remove(other)
            family |= other
        families.append(family)
    return families


def _moments(counts, size):
    """Looks at all queues of a family, one after the other."""
    counts = sorted(counts, key=lambda count: count.started)
    while len(counts) >= size:
        moment, counts = counts[:size], counts[size:]
        if len({count.queue for count in moment}) == size:
            yield moment


def _of_moment(moment, queues, history):
    started, ended = moment[0].started, max(count.ended for count in moment)
    total = sum(count.total for count in moment)
    name = "+".join(sorted(queues))
    if _can_expire(queues, ended, history):
        # Until a sweep comes by, what has expired is counted.
        return
    least = most = found = 0
    for message in history.messages.values():
        if message.home not in queues:
            continue
        low, high = _bounds(message, started, ended, history)
        least, most = least + low, most + high
        found += _drained_later(message, started, ended, history)
    if not least <= total <= most:
        yield name, f"counts {total} messages; by sends, deletes and purges they are {least} to {most}"
    elif total != found:
        yield name, f"counts {total} messages and hands out {found}"
    in_flight = sum(count.in_flight for count in moment)
    low, high = _in_flight_bounds(queues, started, ended, history)
    if not low <= in_flight <= high:
        yield name, f"counts {in_flight} messages in flight; they are {low} to {high}"


def _can_expire(queues, ended, history):
    retention = min(history.queue(name).retention_seconds for name in queues)
    sends = (send.started for message in history.messages.values() if message.home in queues for send in message.sends)
    return ended - min(sends, default=ended) >= retention


def _bounds(message, started, ended, history):
    """How many of a message there are at least and at most."""
    sends = [send for send in message.possible_sends if send.started < ended]
    if not sends:
        return 0, 0
    least = any(send.outcome == OK and send.ended < started for send in sends)
    most = len(sends) if history.may_be_new_again(message) else 1
    removed = [delete for delete in message.deletes if delete.outcome != FAILED and delete.started < ended]
    seen = [receive.started for receive in message.receives if receive.started > ended]
    if seen:
        # It is seen afterwards, so it was there.
        return 1, most
    if removed or _can_be_gone(message, ended, history):
        least = False
    return int(least), most


def _can_be_gone(message, ended, history):
    sent = min(send.started for send in message.possible_sends)
    return any(history.can_have_been_purged(name, sent, ended) for name in history.reachable(message.home))


def _drained_later(message, started, ended, history):
    """How many of a message the drain finds that are not deleted yet at a moment."""
    found = {receive.id for receive in message.receives if receive.started >= history.drained_at}
    gone = {
        delete.receive.id
        for delete in message.deletes
        if delete.outcome == OK and delete.receive.started >= history.drained_at and delete.ended <= started
    }
    return len(found - gone)


def _in_flight_bounds(queues, started, ended, history):
    low = high = 0
    for place in history.places.values():
        if place.queue not in queues:
            continue
        before = [receive for receive in place.receives if receive.started < ended]
        if not before:
            continue
        last = before[-1]
        if any(delete.outcome == OK and delete.ended < started for delete in place.deletes):
            continue
        can_be_gone = any(delete.outcome != FAILED and delete.started < ended for delete in place.deletes)
        if not can_be_gone and last.ended < started and sure_until(place, last, started, ended) > ended:
            if not history.can_have_been_purged(place.queue, last.started):
                low += 1
        if possible_until(place, last) > started:
            high += 1
    # A receive that got no answer may have hidden ten messages.
    for poll in history.polls:
        if poll.queue in queues and poll.outcome not in (OK, FAILED):
            hidden = history.queue(poll.queue).visibility_seconds
            high += 10 * (poll.started < ended and poll.effect_ended + hidden > started)
    return low, high
