"""What the broker asked the kernel for, from strace."""

import re
import shutil
import subprocess
from dataclasses import dataclass

CALLS = (
    "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fdatasync,fsync"
    ",rename,renameat,renameat2,link,linkat"
)
READS = {"read", "readv", "recvfrom", "recvmsg"}
WRITES = {"write", "writev", "sendto", "sendmsg"}
FILE_WRITES = {"pwrite64", "pwritev", "pwritev2", "write", "writev"}
SYNCS = {"fdatasync", "fsync"}
MOVES = {"rename", "renameat", "renameat2", "link", "linkat"}

_LINE = re.compile(r"^(?P<thread>\d+) +(?P<text>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
_CALL = re.compile(r"^(?P<name>\w+)\((?P<descriptor>\d+)<(?P<target>.*?)>(?=[,)])(?P<rest>.*)$", re.DOTALL)
_MOVE = re.compile(
    r'^(?P<name>rename\w*|link\w*)\((?:AT_FDCWD[^,]*, )?"(?P<source>.*?)", '
    r'(?:AT_FDCWD[^,]*, )?"(?P<target>.*?)"(?P<rest>.*)$'
)
_RESULT = re.compile(r"\) += (?P<result>-?\d+|\?).*$", re.DOTALL)


def prefix(output, sync_delay_seconds=0):
    """What to put before a command so that strace writes its calls to a file.

    The command stays the direct child of its caller. Syncs can be made slow, so that what would be chance on a fast
    disk happens every time.
    """
    # A write of the log holds many pages, and no part of it may be left out.
    command = ["strace", "-D", "-f", "-yy", "-s", "131072", "-e", f"trace={CALLS}", "-o", str(output)]
    if sync_delay_seconds:
        # Entered late: what is answered too early is answered before.
        command += ["-e", f"inject=fdatasync,fsync:delay_enter={int(sync_delay_seconds * 1_000_000)}"]
    return command


def is_available():
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-D", "-f", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


@dataclass
class Call:
    """One system call; `entered` and `left` order it among all others.

    Of a file that gets another name `source` is the former one and `target` the new one.
    """

    name: str
    target: str
    text: str
    entered: int
    left: int
    succeeded: bool
    source: str = ""

    @property
    def is_log_write(self):
        return self.name in FILE_WRITES and self.target.endswith("-wal")

    @property
    def is_sync(self):
        """Of the write-ahead log; others happen at checkpoints."""
        return self.name in SYNCS and self.target.endswith("-wal") and self.succeeded

    @property
    def is_request(self):
        return self.name in READS and self.target.startswith("TCP")

    @property
    def is_answer(self):
        return self.name in WRITES and self.target.startswith("TCP")


def calls_in(text):
    """The calls of a trace, in the order in which they were entered.

    strace stops a thread at the entry and the exit of each call and writes both down in order, so what one thread does
    because of what another did comes later in the text.
    """
    calls = []
    open_calls = {}
    for number, line in enumerate(text.splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        thread, text = match["thread"], match["text"]
        if text.endswith("<unfinished ...>"):
            open_calls[thread] = (number, text.removesuffix("<unfinished ...>").rstrip())
            continue
        entered = number
        if resumed := _RESUMED.match(text):
            if thread not in open_calls:
                continue
            entered, start = open_calls.pop(thread)
            text = start + resumed["rest"]
        if call := _CALL.match(text) or _MOVE.match(text):
            source = call.groupdict().get("source", "")
            result = _RESULT.search(call["rest"])
            succeeded = result is not None and result["result"] not in ("?",) and int(result["result"]) >= 0
            calls.append(Call(call["name"], call["target"], call["rest"], entered, number, succeeded, source))
    return sorted(calls, key=lambda call: call.entered)
