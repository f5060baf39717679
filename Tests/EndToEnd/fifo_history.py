"""What must never be in the history of a FIFO queue with a dead-letter queue and move tasks.

The checks of `history.py` hold for it, too; the numbers are those of the invariants that this adds.
"""

import heapq
from collections import defaultdict

from history import CHANGED, DELETED, HIDDEN_TOLERANCE_SECONDS, OK, RECEIVED, REFUSED, SENT, History

SOURCE, DEAD = "source", "dead"

# A delete with a handle that had expired for certain when it began.
STALE_DELETED = "deleted with a stale handle"


class FifoHistory(History):
    """Events of one FIFO queue (SOURCE) and its dead-letter queue (DEAD)."""

    def __init__(self, max_receive_count):
        super().__init__()
        self.max_receive_count = max_receive_count

    def violations(self, drained_since=None):
        found = super().violations(drained_since)
        by_kind = defaultdict(list)
        for event in self.events:
            by_kind[event.kind].append(event)
        found += _order_of_first_deliveries(by_kind)
        found += _deliveries_while_an_earlier_one_is_in_flight(by_kind)
        found += _repeated_sends(by_kind)
        found += _sequence_numbers(by_kind)
        found += _stale_deletes(by_kind)
        found += _deliveries_beside_the_dead_letter_queue(by_kind, self.max_receive_count)
        if drained_since is not None:
            found += _doubles(by_kind, drained_since)
        return found


def _groups(receives):
    """The receives of each group of the source queue."""
    groups = defaultdict(list)
    for receive in receives:
        if receive.queue == SOURCE:
            groups[receive.group].append(receive)
    return groups.values()


def _order_of_first_deliveries(by_kind):
    """I5: a later message is not delivered before an earlier one is, neither in time nor within one answer."""
    for receives in _groups(by_kind[RECEIVED]):
        for before, after in zip(receives, receives[1:]):
            is_one_answer = (before.started, before.ended) == (after.started, after.ended)
            if is_one_answer and before.sequence >= after.sequence:
                yield f"{after.token}: stands behind {before.token} in an answer, which was sent later"
        later_ended, later = float("inf"), None
        for receive in sorted(receives, key=lambda receive: -receive.sequence):
            if receive.receive_count != 1:
                continue
            if later_ended < receive.started:
                yield f"{receive.token}: was delivered only after {later.token}, which was sent later"
            if receive.ended < later_ended:
                later_ended, later = receive.ended, receive


def _deliveries_while_an_earlier_one_is_in_flight(by_kind):
    """I5: what is behind a message in flight waits."""
    touched = defaultdict(list)
    for event in by_kind[DELETED] + by_kind[CHANGED]:
        if event.outcome != REFUSED:
            touched[event.token].append(event.started)
    for receives in _groups(by_kind[RECEIVED]):
        in_flight = []
        for receive in sorted(receives, key=lambda receive: receive.started):
            in_flight = [earlier for earlier in in_flight if _in_flight_until(earlier) > receive.started]
            for earlier in in_flight:
                if earlier.sequence >= receive.sequence or earlier.ended > receive.started:
                    continue
                if receive.ended >= _in_flight_until(earlier):
                    continue
                if any(earlier.started < at < receive.ended for at in touched[earlier.token]):
                    continue
                yield f"{receive.token}: was delivered while {earlier.token} of its group was in flight"
            in_flight.append(receive)


def _in_flight_until(receive):
    return receive.started + receive.hidden_seconds - HIDDEN_TOLERANCE_SECONDS


def _sends_by_token(by_kind):
    sends = defaultdict(list)
    for send in by_kind[SENT]:
        sends[send.token].append(send)
    return sends


def _repeated_sends(by_kind):
    """I6: one deduplication id, which is the token, within five minutes: one message."""
    for token, sends in _sends_by_token(by_kind).items():
        answers = {(send.message_id, send.sequence) for send in sends if send.outcome == OK}
        if len(answers) > 1:
            yield f"{token}: was taken for {len(answers)} messages though its deduplication id is one"


def _sequence_numbers(by_kind):
    """I10: what was sent after an acknowledgement has a greater number, and no number is given twice."""
    owners = {}
    sent = []
    for token, sends in _sends_by_token(by_kind).items():
        acknowledged = [send for send in sends if send.outcome == OK]
        if not acknowledged:
            continue
        sequence = acknowledged[0].sequence
        if owners.setdefault(sequence, token) != token:
            yield f"{token}: has the sequence number of {owners[sequence]}"
        # A repeated send is answered with the number of the first one, which may be one that got no answer.
        started = min(send.started for send in sends)
        sent.append((started, min(send.ended for send in acknowledged), sequence, token))
    pending = []
    highest, holder = -1, None
    for started, ended, sequence, token in sorted(sent):
        while pending and pending[0][0] < started:
            _, other, other_token = heapq.heappop(pending)
            if other > highest:
                highest, holder = other, other_token
        if sequence <= highest:
            yield f"{token}: was sent after {holder} was acknowledged and has a smaller sequence number"
        heapq.heappush(pending, (ended, sequence, token))


def _stale_deletes(by_kind):
    """I11: a stale handle is refused while the message is there, as it was if its queue delivers it later.

    One that deletes the message all the same makes it a loss: these deletes count for none.
    """
    last_delivered = {}
    for receive in by_kind[RECEIVED]:
        if receive.queue == SOURCE:
            last_delivered[receive.message_id] = max(receive.started, last_delivered.get(receive.message_id, 0))
    for event in by_kind[STALE_DELETED]:
        if event.outcome == OK and event.ended < last_delivered.get(event.message_id, 0):
            yield f"{event.token}: a delete with a stale handle was accepted"


def _deliveries_beside_the_dead_letter_queue(by_kind, max_receive_count):
    """I8: not from the source too often, and not from the source once it was in the dead-letter queue."""
    dead_since = {}
    for receive in by_kind[RECEIVED]:
        if receive.queue == DEAD:
            dead_since[receive.message_id] = min(receive.ended, dead_since.get(receive.message_id, float("inf")))
    for receive in by_kind[RECEIVED]:
        if receive.queue != SOURCE:
            continue
        if receive.receive_count > max_receive_count:
            yield f"{receive.token}: was delivered with count {receive.receive_count} instead of being moved"
        if receive.started > dead_since.get(receive.message_id, float("inf")):
            yield f"{receive.token}: was in the dead-letter queue and was delivered from its source"


def _doubles(by_kind, drained_since):
    """I8: what a move copies, it removes: one message of each token is left at most."""
    found = defaultdict(set)
    for receive in by_kind[RECEIVED]:
        if receive.started >= drained_since:
            found[receive.token].add(receive.message_id)
    for token, messages in found.items():
        if len(messages) > 1:
            yield f"{token}: is there {len(messages)} times"
