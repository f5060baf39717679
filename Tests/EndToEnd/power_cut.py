"""The kill loop on a disk that loses power whenever the broker ends, however it ends.

The disk is a file system in a file, mounted. When the broker has ended, the file system is shut down where it stands,
and the loop goes on with a copy of the file: what the file system still had in memory is not in it. Unlike the crash
VFS of the Swift tests it takes in the file system: its journal, its directory entries, its sizes. But blocks that were
written stay, in order, whether or not they were flushed; what a disk does to those is the crash VFS's part.
"""

import fcntl
import os
import shutil
import struct
import subprocess
from pathlib import Path

from kill_loop import KillLoop

IMAGE_SIZE = "512M"

# Of Linux's <linux/ext4.h>: EXT4_IOC_SHUTDOWN, and not even the journal is written any more.
SHUTDOWN = 0x8004587D
SHUTDOWN_WITHOUT_JOURNAL = struct.pack("I", 2)


def run(*command):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )
    if done.returncode != 0:
        raise OSError(f"{command[0]} failed: {done.stderr.strip()}")


class Disk:
    """A file system in a file, mounted."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.number = 0
        self.mounted = None
        self.image = self.directory / "disk-0.img"
        run("truncate", "-s", IMAGE_SIZE, self.image)
        run("mkfs.ext4", "-q", "-F", self.image)
        self._mount()

    def cut_power(self):
        """Goes on with what the image holds now; to be called when nobody has a file open."""
        root = os.open(self.mounted, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(root, SHUTDOWN, SHUTDOWN_WITHOUT_JOURNAL)
        finally:
            os.close(root)
        self.number += 1
        copy = self.directory / f"disk-{self.number}.img"
        # Before the unmount, whatever that may write.
        run("cp", "--sparse=always", self.image, copy)
        self.unmount()
        self.image.unlink()
        self.image = copy
        self._mount()

    def _mount(self):
        self.mounted = self.directory / f"mounted-{self.number}"
        self.mounted.mkdir()
        run("mount", "-o", "loop", self.image, self.mounted)

    def unmount(self):
        if self.mounted:
            run("umount", self.mounted)
            self.mounted.rmdir()
            self.mounted = None

    def discard(self):
        self.unmount()
        shutil.rmtree(self.directory)


class PowerCutLoop(KillLoop):
    """Epochs in which each end of the broker, at a random moment, at a point or asked for, is a power cut."""

    def __init__(self, directory, disk_directory, seed, epochs_per_directory=1):
        super().__init__(directory, seed, epochs_per_directory)
        self.disk_directory = Path(disk_directory)
        self.disk = None
        self.cuts = 0

    def _new_broker(self, directory):
        self.disk_directory.mkdir(parents=True)
        self.disk = Disk(self.disk_directory)
        broker = super()._new_broker(directory)
        broker.data = self.disk.mounted / "data"
        return broker

    def _after_end(self):
        self.disk.cut_power()
        self.cuts += 1
        self.broker.data = self.disk.mounted / "data"

    def discard(self):
        super().discard()
        if self.disk:
            self.disk.discard()
            self.disk = None
