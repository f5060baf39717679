"""I3: after a delete or a purge was acknowledged, no later receive brings the message, restart or not.

An exception is in README: a handle from before the move to a dead-letter queue deletes nothing there.
"""

from bisect import bisect_right

from history.events import OK
from history.leases import is_surely_fresh, is_surely_stale

INVARIANT = "I3"


def violations(history):
    for message in history.messages.values():
        yield from ((message.token, text) for text in _after_deletes(message, history))
    for place in history.places.values():
        yield from _after_purges(place, history)


def _after_deletes(message, history):
    for delete in message.deletes:
        if delete.outcome != OK:
            continue
        later = [receive for receive in message.receives if receive.started > delete.ended]
        if not later:
            continue
        place = history.place_of(delete.receive)
        if history.queue(delete.queue).is_fifo and is_surely_stale(place, delete):
            # Another invariant judges that.
            continue
        # While the handle is fresh, the message can't have gone elsewhere.
        is_gone = is_surely_fresh(place, delete) and not history.may_be_new_again(message)
        back = next((receive for receive in later if is_gone or receive.place == delete.receive.place), None)
        if back:
            seconds = back.started - delete.ended
            yield f"came back ({back.queue}) {seconds:.3f} s after its delete was acknowledged ({delete.queue})"


def _after_purges(place, history):
    purges = [purge for purge in history.purges_of.get(place.queue, ()) if purge.outcome == OK]
    if not purges:
        return
    token = place.receives[0].token
    known = [receive.ended for receive in place.receives]
    known += [
        send.ended
        for send in history.messages[token].sends
        if send.outcome == OK and (send.queue, send.id) == (place.queue, place.id)
    ]
    last = max(receive.started for receive in place.receives)
    for purge in purges[bisect_right([purge.started for purge in purges], min(known)) :]:
        if purge.started > last:
            return
        if purge.ended < last:
            yield token, f"came back {last - purge.ended:.3f} s after {place.queue} was purged"
            return
