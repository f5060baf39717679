"""What a restored backup must hold of a history, given when the backup was begun and when it was whole."""

from collections import defaultdict

from history import DELETED, OK, RECEIVED, REFUSED, SENT


def violations_of_backup(events, restored, began, ended):
    """Sentences about broken promises; none if all are kept.

    The backup is the state of some moment between `began` and `ended`. `restored` are the receives of a drain of the
    restored queue. An operation takes effect at one moment between its start and its end.
    """
    by_token = defaultdict(lambda: defaultdict(list))
    for event in events:
        by_token[event.token][event.kind].append(event)
    found_counts = defaultdict(list)
    for receive in restored:
        found_counts[receive.token].append(receive.receive_count)
        if not receive.is_intact:
            yield f"{receive.token}: has another body than it was sent with"
    for token, counts in found_counts.items():
        events_of = by_token[token]
        if len(counts) > 1:
            yield f"{token}: is there {len(counts)} times"
        if not any(send.started < ended for send in events_of[SENT] if send.outcome != REFUSED):
            yield f"{token}: is there but had not been sent"
        if any(delete.outcome == OK and delete.ended < began for delete in events_of[DELETED]):
            yield f"{token}: is there but its delete had been acknowledged"
        known = max((r.receive_count for r in events_of[RECEIVED] if r.ended < began), default=0)
        if min(counts) <= known:
            yield f"{token}: had been received with count {known} and has {min(counts)} now"
    for token, events_of in by_token.items():
        if token in found_counts:
            continue
        if not any(send.outcome == OK and send.ended < began for send in events_of[SENT]):
            continue
        if not any(delete.outcome != REFUSED and delete.started < ended for delete in events_of[DELETED]):
            yield f"{token}: is missing, and its send had been acknowledged"
