"""The power cut, as near as one machine comes to it: what was answered holds, and a disk that lies is found out.

It takes root, and runs only with `make torture-image`.
"""

import os
import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from power_cut import PowerCutLoop, run

ROUNDS = int(os.environ.get("HOLDFAST_TEST_POWER_CUT_ROUNDS") or 20)
EPOCH_ROUNDS = 50
EPOCHS_PER_DISK = 2
ROUNDS_WITHOUT_SYNC = 5

# A run that found something is repeated with its seed; the threads' interleaving is not part of it.
SEED = int(os.environ.get("HOLDFAST_TEST_SEED") or random.SystemRandom().randrange(1_000_000))

# The image is there twice while it is copied.
MEMORY_SIZE_BYTES = 2 << 30

# The load means something only if enough of all this happened.
NEEDED = ["sends unknown", "unanswered receives", "dead letters", "purges", "move tasks"]

# Instead of the C library's: tells of each sync of a file whose name ends so that it is done, and does nothing.
NO_SYNC = r"""
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_left_out(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  size_t part = strlen(PART);
  return length >= (ssize_t)part && memcmp(path + length - part, PART, part) == 0;
}

int fsync(int file) { return is_left_out(file) ? 0 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { return is_left_out(file) ? 0 : (int)syscall(SYS_fdatasync, file); }
"""

pytestmark = pytest.mark.skipif(
    os.environ.get("HOLDFAST_TEST_TORTURE") != "1" or os.geteuid() != 0,
    reason="mounts images, which takes root and HOLDFAST_TEST_TORTURE=1",
)


@pytest.fixture
def new_loop(tmp_path):
    """Makes loops on a disk of their own, which goes with the test."""
    made = []

    def make(**options):
        directory = tmp_path / "disk"
        # On a file system in memory, if there is one: the copies are many.
        if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > MEMORY_SIZE_BYTES:
            directory = Path(f"/dev/shm/holdfast-power-cut-{os.getpid()}")
        made.append(PowerCutLoop(tmp_path, directory, SEED, **options))
        return made[-1]

    yield make
    for loop in made:
        loop.discard()


def test_whatever_was_acknowledged_survives_a_power_cut_under_a_mixed_load(new_loop):
    loop = new_loop(epochs_per_directory=EPOCHS_PER_DISK)
    kills, counts = Counter(), Counter()
    for begun in range(0, ROUNDS, EPOCH_ROUNDS):
        epoch = loop.run_epoch(min(EPOCH_ROUNDS, ROUNDS - begun))
        assert not epoch.violations, show(epoch)
        kills += epoch.kills
        counts += epoch.counts
    print(f"power cuts by image: seed {SEED}, {ROUNDS} rounds, {loop.cuts} cuts, {dict(kills)}, {dict(counts)}")
    assert loop.cuts > ROUNDS
    assert min(counts[kind] for kind in NEEDED) > 0, counts
    assert min(counts[kind] for kind in ("sends ok", "receives", "deletes ok")) > 10 * ROUNDS, counts


@pytest.mark.parametrize("part", ["holdfast.db-wal", "holdfast.db", ""])
def test_a_broker_whose_syncs_do_nothing_is_found_out(part, tmp_path, new_loop, new_broker):
    """Those of the log, those of the database, and all."""
    source, library = tmp_path / "no_sync.c", tmp_path / "no_sync.so"
    source.write_text(NO_SYNC)
    run("gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", f'-DPART="{part}"', "-o", library, source)
    # The first epoch, with syncs, leaves a disk on which the queues are.
    loop = new_loop(epochs_per_directory=2)
    epoch = loop.run_epoch(ROUNDS_WITHOUT_SYNC)
    assert not epoch.violations, show(epoch)
    loop.broker.prefix = ["env", f"LD_PRELOAD={library}"]
    # Without a power cut nothing is wrong with it.
    sound = new_broker(prefix=loop.broker.prefix).start()
    assert sound.restart().terminate() == 0
    try:
        violations = loop.run_epoch(ROUNDS_WITHOUT_SYNC).violations
    except (AssertionError, sqlite3.Error) as error:
        # A damaged database: the broker does not start, or refuses what it must not.
        violations = [error]
    assert violations
    print(f"without syncs of '{part}': {len(violations)} violations, the first ends in: {str(violations[0])[-400:]}")


def show(epoch):
    violations = "\n".join(str(violation) for violation in epoch.violations[:50])
    return f"seed {SEED}; history {epoch.history_path}; {len(epoch.violations)} violations:\n{violations}"
