"""`kill -9` in a loop under a mixed load, at random moments and at named points: rounds, heal, drain, judge.

Rounds come in epochs: after each the queues are drained and its history is judged, and the next goes on with the same
data directory, or with a new one.
"""

import contextlib
import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from broker import BINARY, WITHOUT_INTERVALS, Broker
from history.judge import counts_of, violations_of
from history.log import HistoryLog
from history.reading import read_history
from load.clients import Load
from load.drain import heal_and_drain, look_at_resources
from load.graph import GRAPH, create_queues
from wire import Caller

# The real broker with points at which it kills itself; `Tests/HoldfastWithFailPoints`.
BINARY_WITH_FAIL_POINTS = str(Path(BINARY).parent / "HoldfastWithFailPoints")

UPTIME_SECONDS = (0.05, 0.6)
# How long a round waits for its point; after that it ends at a random moment.
POINT_SECONDS_MAX = 3

# A named point, and how often it may be passed before the kill: what a round's load reaches soon.
POINTS = {
    "beforeBegin": 200,
    "inBatch": 500,
    "beforeCommit": 200,
    "afterCommit": 200,
    "beforeCheckpoint": 3,
    "inMoveStep": 8,
    "inDeadLetterMove": 8,
    "inSweep": 4,
}
CHECKPOINT_DELAY_MICROSECONDS_MAX = 4_000
CHECKPOINT_PAGES = 150
MIGRATION_PASSINGS = [1, 2, 3, 4]

# The store stands still at a point before the kill, so that what was answered too early reaches the clients.
PAUSES_MICROSECONDS = [0, 20_000]

# A random moment; or SIGTERM, and a kill while the broker stops or starts.
RANDOM, GRACEFUL, STOPPING, STARTING = "a random moment", "SIGTERM", "while stopping", "while starting"

# What part of the rounds ends how; the rest at random moments.
SHARES = {GRACEFUL: 0.07, STOPPING: 0.06, STARTING: 0.06} | dict.fromkeys(POINTS, 0.05)


@dataclass(frozen=True)
class Round:
    end: str
    passing: int
    uptime_seconds: float
    delay_microseconds: int
    pause_microseconds: int


def plan_of(count, chance):
    """How the rounds of an epoch end: each way at least once."""
    ends = [end for end, share in SHARES.items() for _ in range(max(1, round(share * count)))][:count]
    ends += [RANDOM] * (count - len(ends))
    chance.shuffle(ends)
    return [
        Round(
            end,
            chance.randint(1, POINTS.get(end, 1)),
            chance.uniform(*UPTIME_SECONDS),
            chance.randint(1, CHECKPOINT_DELAY_MICROSECONDS_MAX),
            chance.choice(PAUSES_MICROSECONDS),
        )
        for end in ends
    ]


@dataclass
class Epoch:
    """What came of one."""

    number: int
    history_path: Path
    kills: Counter
    counts: Counter
    violations: list


class KillLoop:
    """Epochs on one data directory after another."""

    def __init__(self, directory, seed, epochs_per_directory=1):
        self.directory = Path(directory)
        self.seed = seed
        self.epochs_per_directory = epochs_per_directory
        self.epochs = 0
        self.broker = None
        self.sequence_floors = {}

    def run_epoch(self, rounds):
        chance = random.Random(f"{self.seed}/{self.epochs}")
        kills = Counter()
        if self.epochs % self.epochs_per_directory == 0:
            self._take_new_directory(chance, kills)
        number, self.epochs = self.epochs, self.epochs + 1
        path = self.directory / f"history-{number}.jsonl"
        with HistoryLog(path) as log:
            load = Load(self.broker, log, f"{self.seed}/{number}", prefix=f"e{number}m")
            self._start(log)
            look_at_resources(self.broker, log)
            create_queues(self.broker, log, self.sequence_floors)
            for at, plan in enumerate(plan_of(rounds, chance)):
                kills[self._run_round(plan, load, is_first=at == 0)] += 1
            self._start(log)
            heal_and_drain(load)
            look_at_resources(self.broker, log)
            self._check_that_it_is_empty(log)
            self._stop(log)
            self._check_files(log)
        history = read_history(path)
        violations = violations_of(history)
        self._keep_sequence_floors(history)
        return Epoch(number, path, kills, counts_of(history), violations)

    def discard(self):
        if self.broker:
            self.broker.discard()

    def _take_new_directory(self, chance, kills):
        """A first start that is killed in the migration, and again."""
        self.discard()
        directory = self.directory / f"broker-{self.epochs}"
        directory.mkdir(parents=True)
        self.broker = self._new_broker(directory)
        self.sequence_floors = {}
        for passing in sorted(chance.sample(MIGRATION_PASSINGS, 2)):
            self._launch_with_fail_point("inMigration", passing)
            self._wait_for_end(20)
            assert self.broker.process.returncode == -signal.SIGKILL, f"not killed:\n{self.broker.log()}"
            self.broker.process = None
            self._after_end()
            kills["inMigration"] += 1

    def _new_broker(self, directory):
        return Broker(directory, environment=WITHOUT_INTERVALS)

    def _after_end(self):
        """What happens to the disk when the process has ended: nothing."""

    def _run_round(self, plan, load, is_first):
        """One round; how it ended."""
        broker, log = self.broker, load.log
        if is_first:
            self._end("before the first round", log)
        if plan.end == STARTING:
            broker.launch()
            time.sleep(plan.uptime_seconds / 10)
            return self._end(STARTING, log)
        if plan.end in POINTS:
            # A checkpoint is one call of SQLite, so another thread kills while it runs.
            delay = plan.delay_microseconds if plan.end == "beforeCheckpoint" else 0
            self._launch_with_fail_point(plan.end, plan.passing, delay, plan.pause_microseconds)
            if not self._wait_until_up():
                return self._end(plan.end, log)
        else:
            broker.start()
        log.mark("up")
        clients = load.begin_round()
        is_ended = self._wait_for_end(POINT_SECONDS_MAX if plan.end in POINTS else plan.uptime_seconds)
        assert not is_ended or plan.end in POINTS, f"the broker ended by itself:\n{broker.log()}"
        if plan.end in POINTS and not is_ended:
            end = self._end(RANDOM, log)
        else:
            end = self._end(plan.end, log, plan.delay_microseconds / 1_000_000)
        load.end_round(clients)
        return end

    def _end(self, end, log, delay_seconds=0.0):
        broker = self.broker
        if end == GRACEFUL:
            code = broker.terminate()
            assert code == 0, f"the broker ended with {code}:\n{broker.log()}"
        else:
            if end == STOPPING:
                broker.process.terminate()
                time.sleep(delay_seconds)
            broker.process.kill()
            code = broker.process.wait(30)
            stopped = end == STOPPING and code == 0
            assert code == -signal.SIGKILL or stopped, f"the broker ended with {code}:\n{broker.log()}"
            broker.process = None
        self._after_end()
        log.mark("down", how=end, logSizeBytes=self._log_size_bytes())
        return end

    def _log_size_bytes(self):
        """Of SQLite's write-ahead log."""
        path = self.broker.data / "holdfast.db-wal"
        return path.stat().st_size if path.exists() else 0

    def _launch_with_fail_point(self, point, passing, delay_microseconds=0, pause_microseconds=0):
        assert Path(BINARY_WITH_FAIL_POINTS).exists(), f"{BINARY_WITH_FAIL_POINTS} is not built"
        self.broker.binary = BINARY_WITH_FAIL_POINTS
        self.broker.launch(
            HOLDFAST_TEST_FAIL_POINT=point,
            HOLDFAST_TEST_FAIL_AT=str(passing),
            HOLDFAST_TEST_FAIL_DELAY_MICROSECONDS=str(delay_microseconds),
            HOLDFAST_TEST_FAIL_PAUSE_MICROSECONDS=str(pause_microseconds),
            HOLDFAST_TEST_CHECKPOINT_PAGES=str(CHECKPOINT_PAGES),
        )
        self.broker.binary = BINARY

    def _wait_until_up(self):
        """Whether the broker is up, or has ended."""
        while not self.broker.is_healthy():
            if self.broker.process.poll() is not None:
                return False
            time.sleep(0.003)
        return True

    def _wait_for_end(self, seconds):
        """Whether the process has ended by itself within a time."""
        deadline = time.monotonic() + seconds
        while self.broker.process.poll() is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def _start(self, log):
        self.broker.start()
        log.mark("up")

    def _stop(self, log):
        self._end(GRACEFUL, log)

    def _check_that_it_is_empty(self, log):
        """What was deleted in the drain stays away over one more kill."""
        self._end(RANDOM, log)
        self._start(log)
        with Caller(self.broker) as caller:
            names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
            for queue in GRAPH:
                payload = {"QueueUrl": self.broker.queue_url(queue.name), "AttributeNames": names}
                number = log.invoke("last look", "GetQueueAttributes", queue.name)
                counts = [int(value) for value in caller.ok("GetQueueAttributes", payload)["Attributes"].values()]
                log.ok(number, dict(zip(("visible", "inFlight", "delayed"), counts)))

    def _check_files(self, log):
        """With another process than the broker, which has stopped."""
        path = self.broker.data / "holdfast.db"
        # Read only: nothing is recovered or checkpointed by this look.
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            integrity = [row[0] for row in database.execute("pragma integrity_check")]
            foreign_keys = [list(row) for row in database.execute("pragma foreign_key_check")]
        log.mark("files", integrity=integrity, foreignKeys=foreign_keys)

    def _keep_sequence_floors(self, history):
        for message in history.messages.values():
            for event in message.sends + message.receives:
                if event.sequence is not None:
                    floor = self.sequence_floors.get(event.queue, -1)
                    self.sequence_floors[event.queue] = max(floor, event.sequence)

    def forget(self, epoch):
        """Removes the history of an epoch in which all was well."""
        epoch.history_path.unlink()

    def clear(self):
        shutil.rmtree(self.directory, ignore_errors=True)
