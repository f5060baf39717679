"""Writes a history while it happens: one line when a call is made, one when its outcome is known.

A line is a JSON object with `at`, the moment, and one of

- `invoked`: the operation of a call, with its number `n`, its `client`, its `queue` and what it asks;
- `ok`, `failed` or `unknown`: the outcome of the call `n`. Of `ok` it is the answer, of `failed` the error's code, of
  `unknown` what the client saw instead of an answer. A call without a second line has an unknown outcome;
- `mark`: something else that the judge has to know, such as a queue's attributes or that the broker went down.

Bodies and attributes are there as MD5s: those that the client computes, and those that it was told.

| operation | asks | answer |
| --- | --- | --- |
| SendMessage, SendMessageBatch | `messages`: `token`, `body`, `attributes`, `group`, `deduplication`, `delay` | a list: `id`, `sequence`, `body`, `attributes`, or `failed` |
| ReceiveMessage | `hidden` (seconds, if not the queue's), `wait`, `max` | a list: `token`, `id`, `count`, `body`, `attributes`, `toldBody`, `toldAttributes`, `group`, `sequence`, `source` |
| DeleteMessage, ChangeMessageVisibility and their batches | `receipts`: "number of the receive/position", `timeouts`; or `forged` | a list: nothing, or `failed` |
| PurgeQueue | | |
| StartMessageMoveTask | `to`, if not to the sources | |
| GetQueueAttributes | | `visible`, `inFlight`, `delayed` |

Marks: `queue` (`name` and attributes), `up`, `down`, `healed` (from here on nothing is broken any more), `drained` (from
here on everything is taken out), `health`, `resources`, `files`.
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
