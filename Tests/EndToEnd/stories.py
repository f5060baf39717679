"""Histories made by hand, to judge the judge."""

from history.judge import violations_of
from history.reading import history_of

DRAIN = 100.0


class Story:
    """Queues and calls at moments; each call takes a tenth of a second. Ends with a drain at `DRAIN`."""

    def __init__(self, drain=True, **queues):
        self.records = []
        self.numbers = 0
        self.has_drain = drain
        self.ids = {}
        for name, fields in ({"q": {}, "f": {"fifo": True}} | queues).items():
            self.mark("queue", 0, **({"name": name, "visibility": 1} | fields))

    def mark(self, kind, at, **fields):
        self.records.append({"mark": kind, "at": at} | fields)
        return self

    def call(self, operation, at, queue, outcome, answer, took=0.1, **request):
        number, self.numbers = self.numbers, self.numbers + 1
        self.records.append({"at": at, "invoked": operation, "n": number, "client": "c", "queue": queue} | request)
        if outcome is not None:
            self.records.append({"at": at + took, "n": number, outcome: answer})
        return number

    def send(self, token, at, queue="q", outcome="ok", id=None, sequence=None, took=0.1, told=None, **fields):
        """`fields`: group, delay, deduplication, body, attributes."""
        if queue.endswith("f") or queue.endswith(".fifo"):
            fields = {"group": "g", "deduplication": token} | fields
        record = {"token": token, "body": f"md5-{token}"} | fields
        answer = {"id": id or f"id-{token}", "body": record["body"], "attributes": record.get("attributes")}
        if sequence is not None:
            answer["sequence"] = sequence
        answer |= told or {}
        self.call("SendMessage", at, queue, outcome, [answer] if outcome == "ok" else "Code", took, messages=[record])
        return self

    def receive(self, *messages, at, queue="q", outcome="ok", hidden=None, took=0.1, wait=0):
        """Messages as (token, count) or with a dictionary of more; names the receipts token/count."""
        answer = []
        for token, count, *more in messages:
            fields = {"token": token, "id": f"id-{token}", "count": count, "body": f"md5-{token}"} | (
                more[0] if more else {}
            )
            if queue.endswith("f") or queue.endswith(".fifo"):
                fields = {"group": "g"} | fields
            answer.append({"toldBody": fields["body"], "toldAttributes": fields.get("attributes")} | fields)
        request = {"wait": wait} | ({} if hidden is None else {"hidden": hidden})
        number = self.call("ReceiveMessage", at, queue, outcome, answer, took, **request)
        for position, fields in enumerate(answer):
            self.ids[fields["token"], fields["count"], queue] = f"{number}/{position}"
        return self

    def delete(self, token, count, at, queue="q", outcome="ok", took=0.1):
        receipt = self.ids[token, count, queue]
        answer = "InvalidParameterValue" if outcome == "failed" else None
        self.call("DeleteMessage", at, queue, outcome, answer, took, receipts=[receipt])
        return self

    def change(self, token, count, at, to=0, queue="q", outcome="ok", took=0.1):
        receipt = self.ids[token, count, queue]
        answer = "InvalidParameterValue" if outcome == "failed" else None
        self.call("ChangeMessageVisibility", at, queue, outcome, answer, took, receipts=[receipt], timeouts=[to])
        return self

    def purge(self, at, queue="q", outcome="ok", took=0.1):
        self.call("PurgeQueue", at, queue, outcome, None, took)
        return self

    def move(self, at, queue, to=None, outcome="ok"):
        self.call("StartMessageMoveTask", at, queue, outcome, None, **({"to": to} if to else {}))
        return self

    def forge(self, at, outcome="failed", code="ReceiptHandleIsInvalid", queue="q"):
        self.call("DeleteMessage", at, queue, outcome, code if outcome == "failed" else None, forged=True)
        return self

    def count(self, at, visible, in_flight=0, delayed=0, queue="q"):
        answer = {"visible": visible, "inFlight": in_flight, "delayed": delayed}
        self.call("GetQueueAttributes", at, queue, "ok", answer)
        return self

    def violations(self):
        if self.has_drain:
            self.mark("drained", DRAIN)
        return violations_of(history_of(self.records))


def assert_found(story, invariant, text):
    """One violation of an invariant is found, and nothing else."""
    found = story.violations()
    assert [violation.invariant for violation in found] == [invariant], [str(violation) for violation in found]
    assert text in str(found[0]), str(found[0])


def assert_clean(story):
    found = story.violations()
    assert found == [], [str(violation) for violation in found]


def two_sent():
    """Two messages of one group."""
    return Story().send("a", 1, "f", sequence=1).send("b", 2, "f", sequence=2)


def numbered(token, count, sequence, **more):
    """A message of a FIFO queue, as a receive brings it."""
    return (token, count, {"sequence": sequence} | more)


def drained(story, *messages):
    """The story with what is there at its end taken out, each at a time of its own."""
    for at, (token, count, sequence) in enumerate(messages):
        story.receive(numbered(token, count, sequence), at=DRAIN + at, queue="f")
        story.delete(token, count, DRAIN + at + 0.2, "f")
    return story
