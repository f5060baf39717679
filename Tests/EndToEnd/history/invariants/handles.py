"""I11: a stale receipt handle is refused on a FIFO queue and works on a standard one; a forged one is always refused.

And nothing else is refused: the clients of a history ask only for what they may have.
"""

from history.events import CHANGE, DELETE, FAILED, OK, UNKNOWN
from history.leases import is_surely_fresh, is_surely_stale

INVARIANT = "I11"

# The broker stops, or has too little room, and has done nothing.
FOR_NOW = {"ServiceUnavailable"}


def violations(history):
    for message in history.messages.values():
        for send in message.sends:
            if send.outcome == FAILED and send.code not in FOR_NOW:
                yield message.token, f"its send was refused: {send.code}"
    for place in history.places.values():
        token = place.receives[0].token
        is_fifo = history.queue(place.queue).is_fifo
        for touch in place.deletes + place.changes:
            if touch.outcome == OK and is_fifo:
                yield from ((token, text) for text in _accepted(touch, place))
            elif touch.outcome == FAILED and touch.code not in FOR_NOW:
                yield from ((token, text) for text in _refused(touch, place, is_fifo, history))
    for forgery in history.forgeries:
        is_refused = forgery.outcome == FAILED and forgery.code in {"ReceiptHandleIsInvalid"} | FOR_NOW
        if forgery.outcome != UNKNOWN and not is_refused:
            answer = forgery.code or "as if it were good"
            yield forgery.queue, f"a forged receipt handle was answered {answer}"


def _accepted(touch, place):
    """A message that is gone is no reason to refuse a delete; one that comes again was there."""
    if not any(receive.started > touch.ended for receive in place.receives):
        return
    if is_surely_stale(place, touch):
        yield f"a {touch.kind} with a stale receipt handle was accepted ({place.queue})"


def _refused(touch, place, is_fifo, history):
    if touch.kind == DELETE and not is_fifo:
        yield f"a delete was refused: {touch.code} ({place.queue})"
        return
    if not is_surely_fresh(place, touch):
        return
    if touch.kind == CHANGE and _can_be_gone(touch, place, history):
        return
    yield f"a {touch.kind} with a fresh receipt handle was refused: {touch.code} ({place.queue})"


def _can_be_gone(touch, place, history):
    """What was deleted, purged or has expired has no visibility to be changed."""
    if any(delete.outcome != FAILED and delete.started < touch.ended for delete in place.deletes):
        return True
    sent = min((send.started for send in history.messages[touch.receive.token].possible_sends), default=0)
    if sent + history.queue(touch.queue).retention_seconds <= touch.ended:
        return True
    return history.can_have_been_purged(touch.queue, touch.receive.started, touch.ended)
