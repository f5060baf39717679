"""I7: each delivery adds one to the receive count; it never shrinks, and gaps are receives that got no answer."""

INVARIANT = "I7"


def violations(history):
    for place in history.places.values():
        token = place.receives[0].token
        yield from ((token, text) for text in _of_place(place, history))


def _sent(receive, history):
    return min((send.started for send in history.messages[receive.token].possible_sends), default=0)


def _of_place(place, history):
    first = place.receives[0]
    missing = first.count - history.base_count(first) - 1
    if missing < 0:
        yield f"was received with count {first.count} from a queue that it came to with a higher one"
    elif missing > history.unanswered_receives_between(place.queue, _sent(first, history), first.ended):
        yield f"was first received with count {first.count} ({place.queue})"
    for earlier, later in zip(place.receives, place.receives[1:]):
        if earlier.count == later.count:
            yield f"was received twice with count {later.count} ({place.queue})"
        elif later.ended < earlier.started:
            yield f"was received with count {later.count} and afterwards with {earlier.count} ({place.queue})"
        else:
            missing = later.count - earlier.count - 1
            if missing > history.unanswered_receives_between(place.queue, earlier.started, later.ended):
                yield f"was received with count {earlier.count} and next with {later.count} ({place.queue})"
