"""I6: one deduplication id within five minutes is one message, also across a crash; a purge forgets the ids."""

from collections import defaultdict

from history.events import DEDUPLICATION_SECONDS, OK

INVARIANT = "I6"


def violations(history):
    by_id = defaultdict(list)
    for message in history.messages.values():
        for send in message.sends:
            if send.deduplication and history.queue(send.queue).is_fifo:
                by_id[send.queue, send.deduplication].append(send)
    for (queue, _), sends in by_id.items():
        if len(sends) < 2:
            continue
        sends.sort(key=lambda send: send.started)
        acknowledged = [send for send in sends if send.outcome == OK]
        for first, again in zip(acknowledged, acknowledged[1:]):
            if again.ended - sends[0].started >= DEDUPLICATION_SECONDS:
                break
            if history.can_have_been_purged(queue, sends[0].started, again.ended):
                break
            if (first.id, first.sequence) != (again.id, again.sequence):
                yield first.token, "was taken for two messages though its deduplication id is one"
                break
    yield from _received_twice(history)


def _received_twice(history):
    """Without a move task nothing has a second MessageId, whatever the sends were answered with."""
    for message in history.messages.values():
        if len(message.sends) < 2 or not message.sends[0].deduplication:
            continue
        if history.may_be_new_again(message):
            continue
        until = history.first_move(message.home)
        ids = {receive.id for receive in message.receives if receive.queue == message.home and receive.ended < until}
        if len(ids) > 1:
            yield message.token, f"was received as {len(ids)} messages though its deduplication id is one"
