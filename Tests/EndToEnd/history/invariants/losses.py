"""I1: what was acknowledged is received once everything is taken out, or was deleted, purged or has expired.

A delete, purge or expiry is an explanation only if it can have been the end: the message must have been where it took
place, and must not have been seen afterwards.
"""

from history.events import FAILED
from history.leases import is_surely_stale

INVARIANT = "I1"


def violations(history):
    if history.drained_at is None:
        return
    for message in history.messages.values():
        if not message.is_acknowledged:
            continue
        if any(receive.started >= history.drained_at for receive in message.receives):
            continue
        last_seen = max((receive.started for receive in message.receives), default=0)
        if any(_explains(delete, message, last_seen, history) for delete in message.deletes):
            continue
        if _is_purged(message, last_seen, history) or _is_expired(message, history):
            continue
        seen = f"{len(message.receives)} receives, {len(message.deletes)} deletes"
        yield message.token, f"is lost: its send was acknowledged ({message.home}); {seen}"


def _explains(delete, message, last_seen, history):
    if delete.outcome == FAILED or delete.effect_ended < last_seen:
        return False
    handle = delete.receive
    if any(
        receive.place != handle.place and receive.started > handle.ended and receive.ended < delete.started
        for receive in message.receives
    ):
        # It had gone elsewhere.
        return False
    is_fifo = history.queue(delete.queue).is_fifo
    return not (is_fifo and is_surely_stale(history.place_of(handle), delete))


def _is_purged(message, last_seen, history):
    sent = min(send.started for send in message.possible_sends)
    return any(
        history.can_have_been_purged(name, max(sent, last_seen)) and _can_be_in(message, name, history)
        for name in history.reachable(message.home)
    )


def _is_expired(message, history):
    sent = min(send.started for send in message.possible_sends)
    return any(
        sent + history.queue(name).retention_seconds <= history.ended_at and _can_be_in(message, name, history)
        for name in history.reachable(message.home)
    )


def _can_be_in(message, name, history):
    """Whether a message was seen in a queue, or can have come there unseen."""
    if name == message.home or any(receive.queue == name for receive in message.receives):
        return True
    home = history.queue(message.home)
    if home.max_receive_count is None:
        return False
    counts = [receive.count for receive in message.receives if receive.queue == home.name]
    unseen = history.unanswered_receives_between(home.name, 0, float("inf"))
    return max(counts, default=0) + unseen >= home.max_receive_count
