"""`kill -9` in a loop under a mixed load, at random moments and at named points: what was answered holds."""

import os
import random

from kill_loop import GRACEFUL, POINTS, RANDOM, STARTING, STOPPING, KillLoop

ROUNDS = 60

# A run that found something is repeated with its seed; the threads' interleaving is not part of it.
SEED = int(os.environ.get("HOLDFAST_TEST_SEED") or random.SystemRandom().randrange(1_000_000))

# The load means something only if enough of all this happened.
NEEDED = ["sends unknown", "deletes unknown", "unanswered receives", "dead letters", "redriven", "purges", "move tasks"]


def test_whatever_was_acknowledged_survives_kill_minus_nine_under_a_mixed_load(tmp_path):
    loop = KillLoop(tmp_path, SEED)
    try:
        epoch = loop.run_epoch(ROUNDS)
    finally:
        loop.discard()
    print(f"seed {SEED}: {dict(epoch.kills)}, {dict(epoch.counts)}")
    assert not epoch.violations, show(epoch)
    assert sum(epoch.kills.values()) >= ROUNDS
    # A point that a round does not reach in time becomes a random moment, so not every point has all its rounds.
    assert all(epoch.kills[end] for end in (RANDOM, GRACEFUL, STOPPING, STARTING, "inMigration")), epoch.kills
    assert sum(epoch.kills[point] > 0 for point in POINTS) >= len(POINTS) - 2, epoch.kills
    assert min(epoch.counts[kind] for kind in NEEDED) > 0, epoch.counts
    assert min(epoch.counts[kind] for kind in ("sends ok", "receives", "deletes ok")) > 10 * ROUNDS, epoch.counts


def show(epoch):
    violations = "\n".join(str(violation) for violation in epoch.violations[:50])
    return f"seed {SEED}; history {epoch.history_path}; {len(epoch.violations)} violations:\n{violations}"
