"""What a restored backup must hold of a history, given when the backup was begun and when it was whole."""

from history.events import FAILED, OK
from history.leases import is_surely_fresh


def violations_of_backup(history, restored, began, ended):
    """Sentences about broken promises; none if all are kept.

    The backup is the state of some moment between `began` and `ended`. `restored` is the history of a broker on the
    restored data from which everything was taken out.
    """
    for token, message in restored.messages.items():
        before = history.messages.get(token)
        if before is None or not any(send.started < ended for send in before.possible_sends):
            yield f"{token}: is there but had not been sent"
            continue
        yield from (f"{token}: {text}" for text in _of_what_is_there(message, before, history, began))
    for token, message in history.messages.items():
        if token not in restored.messages and _must_be_there(message, history, began, ended):
            yield f"{token}: is missing, and its send had been acknowledged"


def _of_what_is_there(message, before, history, began):
    contents = {(send.body, send.attributes, send.group) for send in before.possible_sends}
    if any((receive.body, receive.attributes, receive.group) not in contents for receive in message.receives):
        yield "has another body, attributes or group than it was sent with"
    if len({receive.id for receive in message.receives}) > 1 and not history.may_be_new_again(before):
        yield f"is there {len({receive.id for receive in message.receives})} times"
    for delete in before.deletes:
        if delete.outcome == OK and delete.ended < began and _is_end(delete, message, before, history):
            yield f"is there but its delete had been acknowledged ({delete.queue})"
            break
    for receive in message.receives:
        place = history.places.get(receive.place)
        known = max((other.count for other in place.receives if other.ended < began), default=0) if place else 0
        if receive.count <= known:
            yield f"had been received with count {known} and has {receive.count} now ({receive.queue})"


def _is_end(delete, message, before, history):
    """Whether a delete is one after which the message can't be where it is."""
    place = history.place_of(delete.receive)
    if history.may_be_new_again(before):
        return False
    if any(receive.place == delete.receive.place for receive in message.receives):
        return True
    return is_surely_fresh(place, delete)


def _must_be_there(message, history, began, ended):
    sends = message.possible_sends
    if not any(send.outcome == OK and send.ended < began for send in sends):
        return False
    if any(delete.outcome != FAILED and delete.started < ended for delete in message.deletes):
        return False
    sent = min(send.started for send in sends)
    return not any(history.can_have_been_purged(name, sent, ended) for name in history.reachable(message.home))
