"""The kill loop for as long as it takes: `make torture-kill ROUNDS=1000 SEED=1`, or `HOURS=8`.

Prints a line for each epoch of rounds and a summary, which is to be pasted into a report. A history with violations is
kept, and can be judged again by `python Tests/EndToEnd/history FILE`.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kill_loop import KillLoop

EPOCH_ROUNDS = 50
EPOCHS_PER_DIRECTORY = 5

# What the summary tells, in this order.
TOLD = ["calls", "events", "sends ok", "sends unknown", "receives", "deletes ok", "dead letters", "redriven", "purges"]


def parsed(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--hours", type=float, help="instead of a number of rounds")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None, help="where histories with violations stay")
    return parser.parse_args(arguments)


def main(arguments):
    options = parsed(arguments)
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    directory = options.keep or Path(tempfile.mkdtemp(prefix="holdfast-torture-"))
    directory.mkdir(parents=True, exist_ok=True)
    print(f"kill loop: seed {seed}, in {directory}", flush=True)
    started = time.monotonic()
    loop = KillLoop(directory, seed, EPOCHS_PER_DIRECTORY)
    kills, counts, violations, kept = Counter(), Counter(), [], []
    rounds = 0
    try:
        while is_left(options, rounds, started):
            size = EPOCH_ROUNDS if options.hours else min(EPOCH_ROUNDS, options.rounds - rounds)
            epoch = loop.run_epoch(size)
            rounds += size
            kills += epoch.kills
            counts += epoch.counts
            violations += epoch.violations
            if epoch.violations:
                kept.append(epoch.history_path)
            else:
                loop.forget(epoch)
            found = len(epoch.violations)
            seconds = time.monotonic() - started
            events = epoch.counts["events"]
            print(f"  {seconds:6.0f} s: {rounds} rounds, {events} events, {found} violations", flush=True)
            for violation in epoch.violations[:20]:
                print(f"    {violation}", flush=True)
    finally:
        loop.discard()
    print_summary(seed, rounds, time.monotonic() - started, kills, counts, violations, kept)
    if not violations and not options.keep:
        loop.clear()
    return 1 if violations else 0


def is_left(options, rounds, started):
    if options.hours:
        return time.monotonic() - started < options.hours * 3600
    return rounds < options.rounds


def print_summary(seed, rounds, seconds, kills, counts, violations, kept):
    print(f"\nKill loop, seed {seed}: {rounds} rounds in {seconds / 60:.0f} minutes, {len(violations)} violations.\n")
    print("| The broker ended | Times |\n| --- | ---: |")
    for end, count in sorted(kills.items(), key=lambda item: -item[1]):
        print(f"| {end} | {count} |")
    print("\n| The clients saw | Times |\n| --- | ---: |")
    for name in TOLD:
        print(f"| {name} | {counts[name]} |")
    for path in kept:
        print(f"\nkept: {path}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
