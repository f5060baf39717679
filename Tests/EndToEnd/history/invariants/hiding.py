"""I4: a message that somebody has is given to nobody else before its time is over; a delayed one to nobody at all.

And what has outlived its retention is given to nobody either.
"""

from history.events import OK, TOLERANCE_SECONDS
from history.leases import sure_until

INVARIANT = "I4"


def violations(history):
    for place in history.places.values():
        token = place.receives[0].token
        yield from ((token, text) for text in _while_hidden(place))
        yield from ((token, text) for text in _while_delayed(place, history))
        yield from ((token, text) for text in _after_retention(place, history))


def _while_hidden(place):
    # The count tells which receive came first: a long poll may begin before another receive and end after it.
    for earlier, later in zip(place.receives, place.receives[1:]):
        if later.ended < earlier.started or later.count == earlier.count:
            # The counts themselves are wrong, which is found elsewhere.
            continue
        hidden_until = sure_until(place, earlier, later.started, later.ended)
        if later.ended < hidden_until:
            yield f"was handed out {hidden_until - later.ended:.3f} s before its visibility timeout was over"


def _own_send(place, history):
    sends = history.messages[place.receives[0].token].possible_sends
    if not sends or place.queue != sends[0].queue:
        return None
    if not any(send.id == place.id for send in sends if send.outcome == OK):
        return None
    return min(sends, key=lambda send: send.started)


def _while_delayed(place, history):
    send = _own_send(place, history)
    if not send or not send.delay_seconds:
        return
    delayed_until = send.started + send.delay_seconds - TOLERANCE_SECONDS
    early = min(receive.ended for receive in place.receives)
    if early < delayed_until:
        yield f"was handed out {delayed_until - early:.3f} s before its delay was over"


def _after_retention(place, history):
    send = _own_send(place, history)
    if not send or history.may_be_new_again(history.messages[place.receives[0].token]):
        return
    acknowledged = min(send.ended for send in history.messages[place.receives[0].token].sends if send.outcome == OK)
    seconds = history.queue(place.queue).retention_seconds
    expired_at = acknowledged + seconds * 1.001 + TOLERANCE_SECONDS
    late = max(receive.started for receive in place.receives)
    if late > expired_at:
        yield f"was handed out {late - expired_at:.3f} s after its retention was over"
