"""I2: nothing is received that was not sent, and it is received as it was sent, with the MD5s of what it is."""

from history.events import OK, UNKNOWN

INVARIANT = "I2"


def violations(history):
    owners = {}
    for message in history.messages.values():
        yield from ((message.token, text) for text in _of_sends(message, owners))
        yield from ((message.token, text) for text in _of_receives(message, history))
        if message.possible_sends:
            yield from ((message.token, text) for text in _of_ids(message, history))


def _of_sends(message, owners):
    for send in message.sends:
        if send.outcome != OK:
            continue
        if (send.told_body, send.told_attributes) != (send.body, send.attributes):
            yield "its send was answered with MD5s of something else"
        if owners.setdefault(send.id, message.token) != message.token:
            yield f"its send was answered with the MessageId of {owners[send.id]}"


def _of_receives(message, history):
    if not message.receives:
        return
    sends = message.possible_sends
    first_sent = min((send.started for send in sends), default=float("inf"))
    contents = {(send.body, send.attributes) for send in sends}
    groups = {send.group for send in sends}
    for receive in message.receives:
        if receive.ended < first_sent:
            yield "was received but not sent"
            return
        if (receive.told_body, receive.told_attributes) != (receive.body, receive.attributes):
            yield "was received with MD5s that are not those of its body and attributes"
        if not any(body == receive.body for body, _ in contents):
            yield "was received with another body than it was sent with"
        elif (receive.body, receive.attributes) not in contents:
            yield "was received with other attributes than it was sent with"
        if receive.group not in groups:
            yield f"was received in group {receive.group}, which it was not sent to"
        if receive.queue not in history.reachable(message.home):
            yield f"was received from {receive.queue}, which it can't come to from {message.home}"
        if receive.source and history.queue(receive.source).dead_letters != receive.queue:
            yield f"was received from {receive.queue} as a dead letter of {receive.source}"


def _of_ids(message, history):
    """As long as nothing was moved by a task, a message has the MessageIds that its sends were answered with."""
    answered = {send.id for send in message.sends if send.outcome == OK}
    # Each send of unknown outcome can have made one more, but a repeated one with a deduplication id only if none has.
    unknown = [send for send in message.sends if send.outcome == UNKNOWN]
    is_deduplicated = history.queue(message.home).is_fifo and not history.may_be_new_again(message)
    more = (0 if answered else min(1, len(unknown))) if is_deduplicated else len(unknown)
    redriven_from = history.first_move(message.home)
    others = {receive.id for receive in message.receives if receive.ended < redriven_from} - answered
    if len(others) > more:
        yield f"was received under {len(others)} MessageIds that no send was answered with"
