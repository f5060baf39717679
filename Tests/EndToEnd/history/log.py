"""Writes a history while it happens: one line when a call is made, one when its outcome is known.

A line is a JSON object with `at`, the moment, and one of

- `invoked`: the operation of a call, with its number `n`, its `client`, its `queue` and what it asks;
- `ok`, `failed` or `unknown`: the outcome of the call `n`. Of `ok` it is the answer, of `failed` the error's code, of
  `unknown` what the client saw instead of an answer. A call without a second line has an unknown outcome;
- `mark`: something else that the judge has to know, such as a queue's attributes or that the broker went down.

Bodies and attributes are there as MD5s: those that the client computes, and those that it was told.

What the operations ask, and after the arrow what they are answered; a list has one item for each message:

- SendMessage, SendMessageBatch: `messages`, each with `token`, `body`, `attributes`, `group`, `deduplication`, `delay`
  -> a list of `id`, `sequence`, `body`, `attributes`, or `failed`
- ReceiveMessage: `wait`, and `hidden` if not for as long as the queue says (in seconds)
  -> a list of `token`, `id`, `count`, `body`, `attributes`, `toldBody`, `toldAttributes`, `group`, `sequence`, `source`
- DeleteMessage, ChangeMessageVisibility, and their batches: `receipts`, each the number of the receive, a slash and the
  position in it, and `timeouts`; or `forged` -> a list of nothing, or `failed`
- PurgeQueue
- StartMessageMoveTask: `to`, if not to each message's source
- GetQueueAttributes -> `visible`, `inFlight`, `delayed`

Marks: `queue` (`name` and attributes), `up`, `down` (`how`, and `logSizeBytes` of the write-ahead log it left),
`healed` (from here on nothing is broken any more), `drained` (from here on everything is taken out), `health`,
`resources`, `files`.
"""

import itertools
import json
import threading
import time


class HistoryLog:
    """A file that many threads write."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, "w", buffering=1 << 20)
        self.lock = threading.Lock()
        self.numbers = itertools.count()

    def invoke(self, client, operation, queue="", **request):
        """Writes that a call is made; its number."""
        number = next(self.numbers)
        self._write({"invoked": operation, "n": number, "client": client, "queue": queue} | request)
        return number

    def ok(self, number, answer=None):
        self._write({"n": number, "ok": answer})

    def failed(self, number, code):
        """An answer that says that nothing happened."""
        self._write({"n": number, "failed": code})

    def unknown(self, number, reason):
        self._write({"n": number, "unknown": reason})

    def mark(self, kind, **fields):
        self._write({"mark": kind} | fields)

    def _write(self, record):
        # The clock is read before the lock is waited for.
        line = json.dumps({"at": round(time.monotonic(), 6)} | record, separators=(",", ":"))
        with self.lock:
            self.file.write(line + "\n")

    def flush(self):
        with self.lock:
            self.file.flush()

    def close(self):
        with self.lock:
            self.file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
