"""I5: a FIFO queue hands out each group in order, and nothing of it while an earlier message is in flight."""

from collections import defaultdict

from history.leases import can_have_been_deleted, sure_until

INVARIANT = "I5"


def violations(history):
    groups = defaultdict(list)
    for message in history.messages.values():
        for receive in message.receives:
            if history.queue(receive.queue).is_fifo:
                groups[receive.queue, receive.group].append(receive)
    for receives in groups.values():
        receives.sort(key=lambda receive: receive.started)
        yield from _order_within_answers(receives)
        yield from _order_of_first_deliveries(receives, history)
        yield from _beside_messages_in_flight(receives, history)


def _order_within_answers(receives):
    # Sorting has left the messages of one answer in the order of the tokens: their positions are needed.
    answers = defaultdict(list)
    for receive in receives:
        answers[receive.call].append(receive)
    for answer in answers.values():
        answer.sort(key=lambda receive: receive.position)
        for before, after in zip(answer, answer[1:]):
            if before.sequence >= after.sequence:
                yield after.token, f"stands behind {before.token} in an answer, which was sent later"


def _order_of_first_deliveries(receives, history):
    later_ended, later = float("inf"), None
    for receive in sorted(receives, key=lambda receive: -receive.sequence):
        # Only of a first delivery it is known that there was none before.
        if receive.count == history.base_count(receive) + 1 and later_ended < receive.started:
            yield receive.token, f"was delivered only after {later.token}, which was sent later"
        if receive.ended < later_ended:
            later_ended, later = receive.ended, receive


def _beside_messages_in_flight(receives, history):
    in_flight = []
    for receive in receives:
        still = []
        for earlier in in_flight:
            place = history.place_of(earlier)
            # Changes that are still to come make it shorter only from then on.
            if sure_until(place, earlier, receive.started, receive.started) <= receive.started:
                continue
            if _is_purged(earlier, receive, history) or can_have_been_deleted(place, receive.started):
                continue
            still.append(earlier)
            if earlier.sequence >= receive.sequence or earlier.ended > receive.started:
                continue
            if sure_until(place, earlier, receive.started, receive.ended) <= receive.ended:
                continue
            if _is_purged(earlier, receive, history) or can_have_been_deleted(place, receive.ended):
                continue
            yield receive.token, f"was delivered while {earlier.token} of its group was in flight"
        still.append(receive)
        in_flight = still


def _is_purged(earlier, receive, history):
    return history.can_have_been_purged(receive.queue, earlier.started, receive.ended)
