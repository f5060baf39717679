"""Small file systems of a test's own, which can be filled to the last byte."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1_048_576
KINDS = ("ext4", "tmpfs")


def _run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


class Volume:
    """A mounted file system of some megabytes."""

    def __init__(self, kind, directory, megabytes):
        self.kind = kind
        self.path = Path(directory) / "volume"
        self.image = Path(directory) / "image"
        self.foreign = self.path / "foreign"
        self.path.mkdir()
        if kind == "tmpfs":
            _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", self.path)
        else:
            with open(self.image, "wb") as image:
                image.truncate(megabytes * MEGABYTE)
            # Nothing is reserved for root: full means full.
            _run("mkfs.ext4", "-q", "-F", "-m", "0", self.image)
            _run("mount", "-o", "loop", self.image, self.path)

    def take(self, megabytes):
        """Somebody else takes so much."""
        file = os.open(self.foreign, os.O_CREAT | os.O_WRONLY)
        try:
            os.posix_fallocate(file, 0, megabytes * MEGABYTE)
        finally:
            os.close(file)

    def free_bytes(self):
        status = os.statvfs(self.path)
        return status.f_bavail * status.f_frsize

    def fill(self):
        """Somebody else takes all that is left, to the last byte."""
        file = os.open(self.foreign, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for size in (MEGABYTE, 4_096, 1):
                block = b"x" * size
                try:
                    while os.write(file, block) == size:
                        pass
                except OSError:
                    pass
            try:
                os.fsync(file)
            except OSError:
                pass
        finally:
            os.close(file)

    def relieve(self):
        """Somebody else goes away again."""
        self.foreign.unlink()

    def unmount(self):
        _run("umount", "-l", self.path)


def why_not():
    """Why no volume can be mounted here; nothing if it can."""
    missing = [tool for tool in ("mount", "umount", "mkfs.ext4") if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if os.geteuid() != 0:
        return "only root may mount"
    with tempfile.TemporaryDirectory() as directory:
        for kind in KINDS:
            place = Path(directory) / kind
            place.mkdir()
            try:
                Volume(kind, place, 8).unmount()
            except OSError as error:
                return f"no {kind} can be mounted: {error}"
    return None


@contextmanager
def volume_of(kind, megabytes):
    """A volume for as long as the context lasts."""
    # An image in memory: these tests are about room, and a busy disk would make them slow.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="holdfast-volume-", dir=parent) as directory:
        volume = Volume(kind, directory, megabytes)
        try:
            yield volume
        finally:
            volume.unmount()
