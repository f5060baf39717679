"""I1: what was acknowledged is received once everything is taken out, or was deleted, purged or has expired.

A delete, purge or expiry is an explanation only if it can have been the end: the message must have been where it took
place, and must not have been seen afterwards.
"""

import math

from history.events import FAILED, OK, UNKNOWN, Message
from history.leases import is_surely_stale, sure_until

INVARIANT = "I1"


def violations(history):
    if history.drained_at is None:
        return
    for message in history.messages.values():
        if not message.is_acknowledged:
            continue
        copies = _copies(message, history)
        lost = [copy for copy in copies if not _is_accounted_for(copy, history)]
        if len(copies) > 1 and not math.isinf(history.first_move(message.home)):
            # What a move task took has another MessageId now: each may be one that is missing.
            lost = lost[_number_of_others(message, copies) :]
        if lost:
            seen = f"{len(message.receives)} receives, {len(message.deletes)} deletes"
            number = f"; {len(lost)} of {len(copies)} sent" if len(copies) > 1 else ""
            yield message.token, f"is lost: its send was acknowledged ({message.home}); {seen}{number}"


def _copies(message, history):
    """What a token's acknowledged sends made: one message, or one under each MessageId if none is a repetition."""
    ids = {send.id for send in message.sends if send.outcome == OK}
    if len(ids) < 2 and (history.queue(message.home).is_fifo or not math.isinf(history.first_move(message.home))):
        return [message]
    if not history.may_be_new_again(message):
        return [message]
    is_fifo = history.queue(message.home).is_fifo
    return [
        Message(
            message.token,
            # On a FIFO queue the answer may be about a message that an earlier send without an answer made.
            [send for send in message.sends if send.id == id or is_fifo and send.outcome == UNKNOWN],
            [receive for receive in message.receives if receive.id == id],
            [delete for delete in message.deletes if delete.receive.id == id],
        )
        for id in sorted(ids)
    ]


def _number_of_others(message, copies):
    ids = {send.id for copy in copies for send in copy.sends}
    return len({receive.id for receive in message.receives} - ids)


def _is_accounted_for(message, history):
    if any(receive.started >= history.drained_at for receive in message.receives):
        return True
    last_seen = max((receive.started for receive in message.receives), default=0)
    if any(_explains(delete, message, last_seen, history) for delete in message.deletes):
        return True
    return _is_purged(message, last_seen, history) or _is_expired(message, history)


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
    earliest = max(sent, last_seen)
    for name in history.reachable(message.home):
        if not history.can_have_been_purged(name, earliest) or not _can_be_in(message, name, history):
            continue
        # The last ones are the likeliest to have found it.
        for purge in reversed(history.purges_of[name]):
            if purge.effect_ended > earliest and not _is_elsewhere(
                message, name, purge.started, purge.effect_ended, history
            ):
                return True
    return False


def _is_expired(message, history):
    sent = min(send.started for send in message.possible_sends)
    end = history.ended_at
    return any(
        sent + history.queue(name).retention_seconds <= end
        and _can_be_in(message, name, history)
        and not _is_elsewhere(message, name, end, end, history)
        for name in history.reachable(message.home)
    )


def _is_elsewhere(message, name, started, ended, history):
    """Whether a message had surely not left another queue yet, since it was in flight there, between two moments."""
    if not message.receives or history.may_be_new_again(message) and len({got.id for got in message.receives}) > 1:
        return False
    last_started = message.receives[-1].started
    # A long poll that began earlier may have brought it later.
    last = [receive for receive in message.receives if receive.ended >= last_started]
    if any(receive.queue == name for receive in last):
        return False
    if any(task.queue == receive.queue for task in history.move_tasks for receive in last):
        # A move task may take it away before its time is over.
        return False
    return any(
        sure_until(history.place_of(receive), receive, max(started, receive.ended), max(ended, receive.ended)) >= ended
        for receive in last
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
