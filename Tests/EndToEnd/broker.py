"""The real binary: started, stopped and killed."""

import http.client
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("HOLDFAST_TEST_BINARY") or str(REPOSITORY / ".build/release/holdfast")
ACCOUNT = "000000000000"
REGION = "us-east-1"

# AWS makes callers wait a minute between two purges, and after deleting a queue until its name is used again.
WITHOUT_INTERVALS = {"HOLDFAST_PURGE_INTERVAL_SECONDS": "0", "HOLDFAST_QUEUE_RECREATION_DELAY_SECONDS": "0"}

# Starting takes milliseconds; this is for machines that are busy with something else.
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30


def free_port():
    """A port nobody listens on, below the ephemeral range.

    A port from that range could be taken as the source port of a client (even of one that connects to this very port)
    while the broker is down.
    """
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def clean_environment(**additions):
    """This process's environment without what would configure a broker or an AWS client."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HOLDFAST_"))}
    return kept | additions


class Broker:
    """One data directory, one port, and at most one process at a time."""

    started = []

    def __init__(self, directory, *, arguments=(), environment=None, prefix=()):
        self.directory = Path(directory)
        self.data = self.directory / "data"
        self.log_path = self.directory / "broker.log"
        self.host = "127.0.0.1"
        self.port = free_port()
        self.arguments = list(arguments)
        self.environment = environment or {}
        self.prefix = list(prefix)
        self.binary = BINARY
        self.process = None

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    def queue_url(self, name):
        return f"{self.url}/{ACCOUNT}/{name}"

    def command(self):
        own = ["serve", "--host", self.host, "--port", str(self.port), "--data", str(self.data)]
        return [*self.prefix, self.binary, *own, *self.arguments]

    def launch(self, **variables):
        """Starts the process, with more variables in its environment, and does not wait for it."""
        assert self.process is None, "it runs already"
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.directory,
                env=clean_environment(**self.environment, **variables),
            )
        if self not in Broker.started:
            Broker.started.append(self)

    def start(self):
        """Starts the process and waits until it is healthy."""
        self.launch()
        self.wait_until_healthy()
        return self

    def is_healthy(self):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_healthy(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.is_healthy():
            if self.process.poll() is not None:
                raise AssertionError(f"the broker ended with {self.process.returncode}:\n{self.log()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"the broker is not healthy after {START_SECONDS_MAX} s:\n{self.log()}")
            time.sleep(0.005)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """`kill -9`."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS_MAX)
        self.process = None

    def terminate(self, number=signal.SIGTERM):
        """Asks the process to stop; its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS_MAX)
        self.process = None
        return code

    def restart(self):
        """A graceful stop and a start on the same data and port."""
        code = self.terminate()
        assert code == 0, f"the broker ended with {code}:\n{self.log()}"
        return self.start()

    def discard(self):
        """Ends the process, however it is; for the end of a test."""
        if self.is_running():
            self.kill()
        self.process = None
        if self in Broker.started:
            Broker.started.remove(self)

    def log(self, since=0):
        """What the process wrote, from a position on."""
        if not self.log_path.exists():
            return ""
        return self.log_path.read_bytes()[since:].decode(errors="replace")

    def log_size(self):
        return self.log_path.stat().st_size if self.log_path.exists() else 0


def run(*arguments, environment=None, timeout=30, cwd=None):
    """Runs the binary to its end."""
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        cwd=cwd,
        env=clean_environment(**(environment or {})),
    )
