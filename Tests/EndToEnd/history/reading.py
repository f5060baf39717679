"""From the lines of a file to events."""

import json
import math
from bisect import bisect_left

from history.events import (
    CHANGE,
    DELETE,
    FAILED,
    OK,
    UNKNOWN,
    Count,
    Forgery,
    History,
    Message,
    MoveTask,
    Place,
    Poll,
    Purge,
    Queue,
    Receive,
    Send,
    Touch,
)

QUEUE_FIELDS = {
    "fifo": "is_fifo",
    "visibility": "visibility_seconds",
    "delay": "delay_seconds",
    "retention": "retention_seconds",
    "deadLetters": "dead_letters",
    "maxReceiveCount": "max_receive_count",
    "sequenceFloor": "sequence_floor",
}


def read_history(path):
    with open(path) as file:
        return history_of(json.loads(line) for line in file)


def history_of(records):
    """The history that records tell, in the order in which they were written."""
    reader = _Reader()
    for record in records:
        reader.take(record)
    return reader.finish()


class _Call:
    """A call and what came of it."""

    __slots__ = ("number", "operation", "request", "started", "ended", "outcome", "answer", "effect_ended")

    def __init__(self, record):
        self.number = record["n"]
        self.operation = record["invoked"]
        self.request = record
        self.started = record["at"]
        self.ended = math.inf
        self.outcome = UNKNOWN
        self.answer = None

    @property
    def times(self):
        return (self.request["queue"], self.started, self.ended, self.effect_ended, self.outcome)


class _Reader:
    def __init__(self):
        self.history = History()
        self.calls = {}
        self.receipts = {}

    def take(self, record):
        history = self.history
        history.ended_at = max(history.ended_at, record["at"])
        if "invoked" in record:
            self.calls[record["n"]] = _Call(record)
        elif "mark" in record:
            self._take_mark(record)
        else:
            call = self.calls[record["n"]]
            call.ended = record["at"]
            call.outcome = next(outcome for outcome in (OK, FAILED, UNKNOWN) if outcome in record)
            call.answer = record[call.outcome]

    def _take_mark(self, record):
        history = self.history
        history.marks.append(record)
        match record["mark"]:
            case "queue":
                fields = {QUEUE_FIELDS[key]: value for key, value in record.items() if key in QUEUE_FIELDS}
                history.queues[record["name"]] = Queue(record["name"], **fields)
            case "down":
                history.downs.append(record["at"])
            case "healed":
                history.healed_at = record["at"]
            case "drained":
                history.drained_at = record["at"]

    def finish(self):
        history = self.history
        history.calls = len(self.calls)
        history.downs.sort()
        for call in self.calls.values():
            call.effect_ended = self._effect_ended(call)
        # A receive comes before what is done with its receipt handles.
        for call in self.calls.values():
            if call.operation == "ReceiveMessage":
                self._take_receive(call)
        for call in self.calls.values():
            self._take_call(call)
        history.finish()
        return history

    def _effect_ended(self, call):
        if call.outcome != UNKNOWN:
            return call.ended
        at = bisect_left(self.history.downs, call.started)
        return self.history.downs[at] if at < len(self.history.downs) else math.inf

    def _take_call(self, call):
        history, request = self.history, call.request
        if call.outcome == OK and not request.get("wait"):
            history.quick_calls.append((call.started, call.ended))
        match call.operation:
            case "SendMessage" | "SendMessageBatch":
                self._take_sends(call)
            case "DeleteMessage" | "DeleteMessageBatch" | "ChangeMessageVisibility" | "ChangeMessageVisibilityBatch":
                self._take_touches(call)
            case "PurgeQueue":
                history.purges.append(Purge(*call.times))
            case "StartMessageMoveTask" if call.outcome != FAILED:
                history.move_tasks.append(MoveTask(*call.times, request.get("to")))
            case "GetQueueAttributes" if call.outcome == OK:
                counts = [call.answer[name] for name in ("visible", "inFlight", "delayed")]
                history.counts.append(Count(*call.times, *counts))

    def _message(self, token):
        found = self.history.messages.get(token)
        if found is None:
            found = self.history.messages[token] = Message(token)
        return found

    def _take_sends(self, call):
        for position, asked in enumerate(call.request["messages"]):
            send = Send(
                *call.times,
                asked["token"],
                asked["body"],
                asked.get("attributes"),
                asked.get("group"),
                asked.get("deduplication"),
                asked.get("delay"),
            )
            if send.delay_seconds is None:
                send.delay_seconds = self.history.queue(send.queue).delay_seconds
            if call.outcome == OK:
                answer = call.answer[position]
                if "failed" in answer:
                    send.outcome, send.code = FAILED, answer["failed"]
                else:
                    send.id, send.sequence = answer["id"], answer.get("sequence")
                    send.told_body, send.told_attributes = answer["body"], answer.get("attributes")
            elif call.outcome == FAILED:
                send.code = call.answer
            self._message(send.token).sends.append(send)

    def _take_receive(self, call):
        history = self.history
        messages = call.answer if call.outcome == OK else []
        hidden = call.request.get("hidden")
        if hidden is None:
            hidden = history.queue(call.request["queue"]).visibility_seconds
        history.polls.append(Poll(*call.times, call.request.get("wait", 0), hidden, len(messages)))
        for position, got in enumerate(messages):
            receive = Receive(
                *call.times,
                got["token"],
                call.number,
                position,
                got["id"],
                got["count"],
                hidden,
                got["body"],
                got.get("attributes"),
                got["toldBody"],
                got.get("toldAttributes"),
                got.get("group"),
                got.get("sequence"),
                got.get("source"),
            )
            self.receipts[f"{call.number}/{position}"] = receive
            self._message(receive.token).receives.append(receive)
            place = history.places.get(receive.place)
            if place is None:
                place = history.places[receive.place] = Place(*receive.place, history.queue(receive.queue).is_fifo)
            place.receives.append(receive)

    def _take_touches(self, call):
        if call.request.get("forged"):
            code = call.answer if call.outcome == FAILED else ""
            self.history.forgeries.append(Forgery(*call.times, code))
            return
        kind = DELETE if call.operation.startswith("Delete") else CHANGE
        timeouts = call.request.get("timeouts")
        for position, receipt in enumerate(call.request["receipts"]):
            receive = self.receipts[receipt]
            touch = Touch(*call.times, kind, receive, timeouts[position] if timeouts else 0)
            if call.outcome == OK and call.answer and call.answer[position]:
                touch.outcome, touch.code = FAILED, call.answer[position]["failed"]
            elif call.outcome == FAILED:
                touch.code = call.answer
            message, place = self._message(receive.token), self.history.place_of(receive)
            if kind == DELETE:
                message.deletes.append(touch)
                place.deletes.append(touch)
            else:
                message.changes.append(touch)
                place.changes.append(touch)
