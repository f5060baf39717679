"""I12: once healed, the broker is healthy, a waiting long poll gets what is sent, and answers are quick again.

The limits are generous: the machine that runs the tests is busy with them. Speed is measured elsewhere.
"""

import math

from history.events import OK

INVARIANT = "I12"

LONG_POLL_SECONDS_MAX = 2.0
NORMAL_WITHIN_SECONDS = 10
P99_SECONDS_MAX = 2.0
CALLS_MIN = 100


def violations(history):
    if math.isinf(history.healed_at):
        return
    health = [mark for mark in history.marks if mark["mark"] == "health" and mark["at"] >= history.healed_at]
    if health and health[-1]["status"] != 200:
        yield "broker", f"its health is {health[-1]['status']} after the heal"
    yield from _late_polls(history)
    yield from _slow_answers(history)


def _late_polls(history):
    until = history.ended_at
    polls = [poll for poll in history.polls if poll.wait_seconds and poll.ended > history.healed_at]
    first_of_group = _first_of_group(history)
    for message in history.messages.values():
        if len(message.sends) != 1:
            continue
        send = message.sends[0]
        if send.outcome != OK or send.started < history.healed_at or send.delay_seconds:
            continue
        if send.group and history.queue(send.queue).is_fifo and first_of_group[send.queue, send.group] is not send:
            # An earlier one may have to be received first.
            continue
        due = send.ended + LONG_POLL_SECONDS_MAX
        if due > until or any(receive.ended <= due for receive in message.receives):
            continue
        for poll in polls:
            waits = poll.started + poll.wait_seconds
            if poll.queue == send.queue and poll.started < send.started and waits > due and poll.ended > due:
                yield message.token, f"a long poll of {send.queue} did not get it for {poll.ended - send.ended:.3f} s"
                break


def _first_of_group(history):
    first = {}
    for message in history.messages.values():
        for send in message.sends:
            key = (send.queue, send.group)
            if key not in first or send.started < first[key].started:
                first[key] = send
    return first


def _slow_answers(history):
    """Within ten seconds there is a time in which 99 of 100 answers are quick."""
    times = sorted(
        (started, ended - started)
        for started, ended in history.quick_calls
        if history.healed_at <= started < history.healed_at + NORMAL_WITHIN_SECONDS
    )
    if len(times) < CALLS_MIN:
        return
    best = min(
        sorted(seconds for _, seconds in times[start : start + CALLS_MIN])[int(CALLS_MIN * 0.99) - 1]
        for start in range(0, len(times) - CALLS_MIN + 1, CALLS_MIN // 2)
    )
    if best > P99_SECONDS_MAX:
        yield "broker", f"the 99th percentile of its answers is {best:.3f} s, ten seconds after the heal"
