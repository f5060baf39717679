"""How long a receive hides its message, given the changes of visibility around it."""

from history.events import FAILED, OK, TOLERANCE_SECONDS


def _changes(place, receive):
    """On a FIFO queue only the handle of a receive changes what it hides; on a standard one every handle does."""
    return [
        change
        for change in place.changes
        if change.outcome != FAILED and (change.receive is receive or not place.is_fifo)
    ]


def sure_until(place, receive, at):
    """Until when a message is hidden for certain after a receive, by what can have happened before `at`."""
    spans = [(receive.started, receive.ended, receive.started + receive.hidden_seconds)]
    spans += [
        (change.started, change.effect_ended, change.started + change.timeout_seconds)
        for change in _changes(place, receive)
        if change.started < at and change.effect_ended > receive.started
    ]
    certain = [
        change
        for change in _changes(place, receive)
        if change.outcome == OK and change.ended <= at and change.started >= receive.started
    ]
    # What a later change has certainly replaced does not count.
    left = [end for _, ended, end in spans if not any(change.started > ended for change in certain)]
    return min(left) - TOLERANCE_SECONDS


def possible_until(place, receive):
    """Until when a receipt handle can be good at most."""
    ends = [receive.ended + receive.hidden_seconds]
    ends += [
        change.effect_ended + change.timeout_seconds
        for change in _changes(place, receive)
        if change.effect_ended > receive.started
    ]
    return max(ends) + TOLERANCE_SECONDS


def is_surely_stale(place, touch):
    """Whether a handle was no longer that of the last receive, or out of time, when it was used."""
    receive = touch.receive
    if touch.started > possible_until(place, receive):
        return True
    return any(later.count > receive.count and later.ended < touch.started for later in reversed(place.receives))


def is_surely_fresh(place, touch):
    """Whether a handle was certainly that of a receive in force when it was used."""
    return touch.effect_ended < sure_until(place, touch.receive, touch.effect_ended)


def can_have_been_deleted(place, before):
    """Whether a delete that is not known to be refused began before a moment."""
    return any(delete.outcome != FAILED and delete.started < before for delete in place.deletes)
