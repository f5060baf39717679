"""The power cut, as near as one machine comes to it: the broker works inside an image of a disk, is stopped, and goes
on with a copy of the image, in which only those blocks are that were flushed.

Unlike the crash VFS of the Swift tests it takes in the file system: its journal, its directory entries, its sizes. It
takes root, and runs only with `make torture-power`.
"""

import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from conftest import client_of
from history import DELETED, RECEIVED, SENT, History
from load import VISIBILITY_TIMEOUT_SECONDS, Load
from test_kill_loop import drain

ROUNDS = int(os.environ.get("HOLDFAST_TEST_POWER_CUT_ROUNDS") or 20)
SEED = int(os.environ.get("HOLDFAST_TEST_SEED") or random.SystemRandom().randrange(1_000_000))
UPTIME_SECONDS = (0.1, 2.0)
IMAGE_SIZE = "512M"

pytestmark = pytest.mark.skipif(
    os.environ.get("HOLDFAST_TEST_TORTURE") != "1" or os.geteuid() != 0,
    reason="mounts images, which takes root and HOLDFAST_TEST_TORTURE=1",
)


class Disk:
    """A file system in a file, mounted."""

    def __init__(self, directory):
        self.directory = directory
        self.number = 0
        self.image = None
        self.mounted = None

    def make(self):
        self.image = self.directory / "disk-0.img"
        run("truncate", "-s", IMAGE_SIZE, self.image)
        run("mkfs.ext4", "-q", "-F", self.image)
        self.mount()

    def mount(self):
        self.mounted = self.directory / f"mounted-{self.number}"
        self.mounted.mkdir()
        run("mount", "-o", "loop", self.image, self.mounted)

    def unmount(self):
        if self.mounted:
            run("umount", self.mounted)
            self.mounted = None

    def copy(self):
        """A copy of the image as it is now: what the file system has not flushed is not in it."""
        self.number += 1
        copy = self.directory / f"disk-{self.number}.img"
        run("cp", "--sparse=always", self.image, copy)
        return copy

    def go_on_with(self, copy):
        self.unmount()
        self.image.unlink()
        self.image = copy
        self.mount()


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL, timeout=120)


@pytest.fixture
def disk(tmp_path):
    # On a file system in memory, if there is one: the copies are many.
    directory = tmp_path
    if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 4 << 30:
        directory = tmp_path.__class__(f"/dev/shm/holdfast-power-cut-{os.getpid()}")
        directory.mkdir()
    disk = Disk(directory)
    disk.make()
    yield disk
    disk.unmount()
    shutil.rmtree(directory)


def cut_power(broker, disk):
    """Stops the broker at once, copies the disk, and goes on with the copy."""
    assert broker.is_running(), f"the broker ended by itself:\n{broker.log()}"
    broker.process.send_signal(signal.SIGSTOP)
    copy = disk.copy()
    broker.kill()
    return copy


def cut_again_and_again(broker, disk, rounds):
    """Rounds of load that end with the power; the load, with its history, and when the drain began."""
    chance = random.Random(SEED)
    broker.data = disk.mounted / "data"
    broker.start()
    attributes = {"VisibilityTimeout": str(VISIBILITY_TIMEOUT_SECONDS)}
    url = client_of(broker).create_queue(QueueName="load", Attributes=attributes)["QueueUrl"]
    load = Load(broker, url, History(), SEED)
    for number in range(rounds):
        clients = load.begin_round()
        time.sleep(chance.uniform(*UPTIME_SECONDS))
        copy = cut_power(broker, disk)
        load.end_round(clients)
        disk.go_on_with(copy)
        broker.data = disk.mounted / "data"
        broker.start()
        if number % 5 == 4:
            assert not (violations := load.history.violations()), show(violations)
    drained_since, client, _ = drain(load)
    client.caller.close()
    return load, drained_since


def test_whatever_was_acknowledged_survives_a_power_cut_under_load(disk, new_broker):
    broker = new_broker()
    load, drained_since = cut_again_and_again(broker, disk, ROUNDS)
    history = load.history
    violations = history.violations(drained_since)
    assert not violations, show(violations)
    counts = {kind: history.count(kind) for kind in (SENT, RECEIVED, DELETED)}
    print(f"power cuts by image: seed {SEED}, {ROUNDS} rounds, {counts}")
    assert min(counts.values()) >= ROUNDS, counts
    assert broker.terminate() == 0


def test_a_broker_whose_syncs_do_nothing_is_found_out(tmp_path, disk, new_broker):
    source = tmp_path / "no_sync.c"
    source.write_text("int fsync(int file) { return file < 0; }\nint fdatasync(int file) { return file < 0; }\n")
    library = tmp_path / "no_sync.so"
    run("gcc", "-shared", "-fPIC", "-o", library, source)
    broker = new_broker(prefix=["env", f"LD_PRELOAD={library}"])
    # The queue itself may be lost, or the database damaged; and else messages are.
    with pytest.raises(Exception):
        load, drained_since = cut_again_and_again(broker, disk, 3)
        violations = load.history.violations(drained_since)
        assert not violations, show(violations)
    broker.discard()


def show(violations):
    return f"HOLDFAST_TEST_SEED={SEED}; {len(violations)} violations:\n" + "\n".join(violations[:50])
