"""How long a receive hides its message, given the changes of visibility around it."""

from history.events import FAILED, OK, TOLERANCE_SECONDS


def changes_of(place, receive):
    """On a FIFO queue only the handle of a receive changes what it hides; on a standard one every handle does."""
    return [
        change
        for change in place.changes
        if change.outcome != FAILED and (change.receive is receive or not place.is_fifo)
    ]


def sure_until(place, receive, started, ended):
    """Until when a message is hidden for certain by a receive, for something that happens between two moments."""
    spans = [(receive.started, receive.ended, receive.started + receive.hidden_seconds)]
    spans += [
        (change.started, change.effect_ended, change.started + change.timeout_seconds)
        for change in changes_of(place, receive)
        if change.started < ended and change.effect_ended > receive.started
    ]
    certain = [
        change
        for change in changes_of(place, receive)
        if change.outcome == OK and change.ended <= started and change.started >= receive.started
    ]
    # What a later change has certainly replaced does not count.
    left = [end for _, ended, end in spans if not any(change.started > ended for change in certain)]
    return min(left) - TOLERANCE_SECONDS


def possible_until(place, receive, besides=None):
    """Until when a message can be hidden by a receive, and its handle be good, `besides` one change."""
    until = receive.ended + receive.hidden_seconds + TOLERANCE_SECONDS
    for change in sorted(changes_of(place, receive), key=lambda change: change.started):
        # A handle that is out of time changes nothing on a FIFO queue.
        if change is not besides and (change.started <= until or not place.is_fifo):
            until = max(until, change.effect_ended + change.timeout_seconds + TOLERANCE_SECONDS)
    return until


def is_surely_stale(place, touch):
    """Whether a handle was no longer that of the last receive, or out of time, when it was used."""
    receive = touch.receive
    if touch.started > possible_until(place, receive, besides=touch):
        return True
    return any(later.count > receive.count and later.ended < touch.started for later in reversed(place.receives))


def is_surely_fresh(place, touch):
    """Whether a handle was certainly that of a receive in force when it was used."""
    return touch.effect_ended < sure_until(place, touch.receive, touch.started, touch.effect_ended)


def can_have_been_deleted(place, before):
    """Whether a delete that is not known to be refused began before a moment."""
    return any(delete.outcome != FAILED and delete.started < before for delete in place.deletes)
