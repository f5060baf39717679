"""Judges a history by all invariants."""

import importlib
import pkgutil
from collections import Counter
from dataclasses import dataclass

import history.invariants
from history.events import OK, UNKNOWN


@dataclass(frozen=True)
class Violation:
    """A broken promise; `about` is a token, a queue or the broker."""

    invariant: str
    about: str
    text: str

    def __str__(self):
        return f"{self.invariant} {self.about}: {self.text}"


def checks():
    """The modules of the invariants: each has a name and a generator of what breaks it."""
    names = sorted(module.name for module in pkgutil.iter_modules(history.invariants.__path__))
    return [importlib.import_module(f"history.invariants.{name}") for name in names]


def violations_of(history):
    """All that is wrong, by invariant."""
    found = [
        Violation(check.INVARIANT, about, text) for check in checks() for about, text in check.violations(history)
    ]
    return sorted(found, key=lambda violation: int(violation.invariant[1:]))


def counts_of(history):
    """How much of everything a history holds."""
    messages = history.messages.values()
    counts = Counter(calls=history.calls, downs=len(history.downs))
    for message in messages:
        for event in message.sends:
            counts[f"sends {event.outcome}"] += 1
        counts["receives"] += len(message.receives)
        for event in message.deletes:
            counts[f"deletes {event.outcome}"] += 1
        for event in message.changes:
            counts[f"changes {event.outcome}"] += 1
        counts["dead letters"] += any(receive.source for receive in message.receives)
        counts["redriven"] += len({receive.id for receive in message.receives}) > 1
    counts["purges"] = sum(purge.outcome == OK for purge in history.purges)
    counts["move tasks"] = len(history.move_tasks)
    counts["unanswered receives"] = sum(poll.outcome == UNKNOWN for poll in history.polls)
    counts["events"] = sum(
        len(message.sends) + len(message.receives) + len(message.deletes) + len(message.changes) for message in messages
    )
    return counts


def summary_of(history):
    return ", ".join(f"{count} {name}" for name, count in counts_of(history).items())
