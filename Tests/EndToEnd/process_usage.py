"""What a process uses: memory and descriptors, as the kernel tells."""

import os
import time

MEBIBYTE = 1_048_576


def memory_bytes(process):
    """What of a process is in memory."""
    with open(f"/proc/{process.pid}/status") as status:
        [line] = [line for line in status if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1_024


def descriptors(process):
    """How many files and connections a process has open."""
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def wait_until(condition, what, seconds=30):
    """Waits for something that happens soon; the seconds only show how long the test would hang."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class PeakMemory:
    """The most memory that a process was seen to use; to be looked at again and again."""

    def __init__(self, process):
        self.process = process
        self.before = self.peak = memory_bytes(process)

    def look(self):
        self.peak = max(self.peak, memory_bytes(self.process))

    @property
    def growth(self):
        self.look()
        return self.peak - self.before
