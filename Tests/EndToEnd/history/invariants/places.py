"""I8: a message is in exactly one queue at any time, and is moved once its receives are used up."""

from collections import defaultdict

INVARIANT = "I8"


def violations(history):
    for message in history.messages.values():
        if not message.receives:
            continue
        yield from ((message.token, text) for text in _beyond_the_maximum(message, history))
        if not history.may_be_new_again(message):
            yield from ((message.token, text) for text in _to_and_fro(message))
            yield from ((message.token, text) for text in _doubles(message, history))


def _beyond_the_maximum(message, history):
    for receive in message.receives:
        maximum = history.queue(receive.queue).max_receive_count
        if maximum is not None and receive.count > history.base_count(receive) + maximum:
            yield f"was delivered from {receive.queue} with count {receive.count} instead of being moved"
            return


def _to_and_fro(message):
    """Who leaves a place does not come back: a redriven message has a new MessageId."""
    spans = defaultdict(lambda: [float("inf"), 0.0])
    for receive in message.receives:
        span = spans[receive.place]
        span[0] = min(span[0], receive.ended)
        span[1] = max(span[1], receive.started)
    spans = sorted(spans.items(), key=lambda item: item[1])
    for index, (place, (first_ended, last_started)) in enumerate(spans):
        for other, (other_ended, other_started) in spans[index + 1 :]:
            if first_ended < other_started and other_ended < last_started:
                yield f"was delivered from {place[0]} while it was in {other[0]}"
                return


def _doubles(message, history):
    if history.drained_at is None:
        return
    left = {receive.place for receive in message.receives if receive.started >= history.drained_at}
    ids = {id for _, id in left}
    # In the drain, too, a message may still go to the dead-letter queue.
    if len(ids) > 1:
        yield f"is there {len(ids)} times: {sorted(queue for queue, _ in left)}"
