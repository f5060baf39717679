"""I10: sequence numbers grow, across restarts and purges, and no two messages of a queue have the same."""

import heapq
from collections import defaultdict

from history.events import OK

INVARIANT = "I10"


def violations(history):
    by_queue = defaultdict(list)
    for message in history.messages.values():
        yield from _told_and_received(message, history)
        for numbered in _numbered(message, history):
            by_queue[numbered[0]].append(numbered[1:])
    for queue, numbered in by_queue.items():
        yield from _twice(numbered)
        yield from _back(sorted(numbered), history.queue(queue).sequence_floor)


def _told_and_received(message, history):
    numbers = {}
    for send in message.sends:
        if send.outcome == OK and send.sequence is not None:
            numbers.setdefault((send.queue, send.id), send.sequence)
    for receive in message.receives:
        if receive.sequence is None and history.queue(receive.queue).is_fifo:
            yield message.token, f"was received from {receive.queue} without a sequence number"
        elif receive.sequence is not None and numbers.setdefault(receive.place, receive.sequence) != receive.sequence:
            yield message.token, f"was received from {receive.queue} with another sequence number than before"


def _numbered(message, history):
    """Queue, earliest and latest moment at which a number was given, the number, whom to; of each place one."""
    found = {}
    home_sends = defaultdict(list)
    for send in message.possible_sends:
        home_sends[send.queue].append(send)
    for send in message.sends:
        if send.outcome != OK or send.sequence is None:
            continue
        # A repeated send is answered with the number of the first one, which may be one that got no answer.
        started = min(other.started for other in home_sends[send.queue])
        known = found.get((send.queue, send.id))
        ended = min(send.ended, known[2]) if known else send.ended
        found[send.queue, send.id] = (send.queue, started, ended, send.sequence, message.token)
    for receive in message.receives:
        if receive.sequence is None:
            continue
        known = found.get(receive.place)
        if known:
            ended = min(receive.ended, known[2])
            found[receive.place] = (*known[:2], ended, *known[3:])
        else:
            # When it was moved here is not known, but not before it was last received elsewhere.
            before = [other.started for other in message.receives if _is_elsewhere_before(other, receive)]
            before += [min((send.started for send in message.possible_sends), default=0)]
            started = max(before)
            found[receive.place] = (receive.queue, started, receive.ended, receive.sequence, message.token)
    return found.values()


def _is_elsewhere_before(other, receive):
    return other.place != receive.place and other.ended < receive.started


def _twice(numbered):
    owners = {}
    for _, _, sequence, token in numbered:
        if owners.setdefault(sequence, token) != token:
            yield token, f"has the sequence number of {owners[sequence]}"


def _back(numbered, floor):
    pending = []
    highest, holder = floor, "what was there before"
    for started, ended, sequence, token in numbered:
        while pending and pending[0][0] < started:
            _, other, other_token = heapq.heappop(pending)
            if other > highest:
                highest, holder = other, other_token
        if sequence <= highest:
            yield token, f"came after {holder} was there and has a smaller sequence number"
        heapq.heappush(pending, (ended, sequence, token))
