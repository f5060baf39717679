"""The real broker under bursts and drains for hours: what it needs must come back to where it was.

`make soak HOURS=12` runs it. Each cycle sends, receives, hides, moves and deletes the same amount and ends with empty
queues. Then memory, descriptors, threads, the write-ahead log and the database file are measured. The first cycles make
the baseline; a cycle that needs much more, or a last third that needs more, fails the run.
"""

import argparse
import itertools
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

from broker import ACCOUNT, REGION, WITHOUT_INTERVALS, Broker
from wire import Caller

MIB = 1_048_576

# The first cycle warms up the process; in a long run all cycles do until deduplication ids, which are kept for five
# minutes, are forgotten as fast as they come. The cycles behind them make the baseline.
WARM_UP_CYCLES = 1
WARM_UP_SECONDS = 360
BASELINE_CYCLES = 3

# What a cycle, and the median of the last third, may need over the baseline: a part of it, and bytes or pieces.
ALLOWED_IN_A_CYCLE = {
    "memory": (0.50, 32 * MIB),
    "descriptors": (0, 8),
    "threads": (0, 4),
    "log": (0.50, 16 * MIB),
    "file": (0.25, 8 * MIB),
}
ALLOWED_AT_THE_END = {
    "memory": (0.15, 8 * MIB),
    "descriptors": (0, 2),
    "threads": (0, 1),
    "log": (0.25, 4 * MIB),
    "file": (0.10, 2 * MIB),
}

BODY_SIZES_BYTES = [0, 20, 200, 200, 1_000, 1_000, 5_000, 40_000]
SENDERS = 3
CONSUMERS = 3
SETTLE_SECONDS_MAX = 60
DRAIN_SECONDS_MAX = 600


@dataclass
class Measure:
    """What the broker needs at one moment, in bytes and pieces; the moment in seconds since the start."""

    memory: int
    descriptors: int
    threads: int
    log: int
    file: int
    free: int
    seconds: float = 0

    @staticmethod
    def of(broker):
        process = f"/proc/{broker.process.pid}"
        with open(f"{process}/status") as status:
            values = dict(line.split(":", 1) for line in status)
        database = broker.data / "holdfast.db"
        with open(database, "rb") as file:
            header = file.read(100)
        page_size = int.from_bytes(header[16:18], "big")
        return Measure(
            memory=int(values["VmRSS"].split()[0]) * 1_024,
            descriptors=len(os.listdir(f"{process}/fd")),
            threads=int(values["Threads"]),
            log=size_of(f"{database}-wal"),
            file=size_of(database),
            free=int.from_bytes(header[36:40], "big") * page_size,
        )

    def __str__(self):
        sizes = " ".join(f"{name} {getattr(self, name) / MIB:7.1f}" for name in ("memory", "log", "file", "free"))
        return f"{sizes} MiB, descriptors {self.descriptors}, threads {self.threads}"


def size_of(path):
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def exceeded(name, value, baseline, allowed):
    """In words, what is more than allowed; nothing if all is well."""
    part, pieces = allowed[name]
    limit = baseline * (1 + part) + pieces
    return f"{name}: {value} is more than {limit:.0f}, at a baseline of {baseline}" if value > limit else None


def judge(measures):
    """What is wrong with the measures of all cycles, in words."""
    warm_up = WARM_UP_CYCLES
    if measures and measures[-1].seconds > 2 * WARM_UP_SECONDS:
        warm_up = max(warm_up, sum(measure.seconds < WARM_UP_SECONDS for measure in measures))
    measures = measures[warm_up:]
    base, rest = measures[:BASELINE_CYCLES], measures[BASELINE_CYCLES:]
    if not rest:
        return [f"{len(measures)} cycles are too few to judge"]
    problems = []
    for name in ALLOWED_AT_THE_END:
        baseline = max(getattr(measure, name) for measure in base)
        for number, measure in enumerate(rest, warm_up + len(base) + 1):
            problem = exceeded(name, getattr(measure, name), baseline, ALLOWED_IN_A_CYCLE)
            if problem:
                problems.append(f"cycle {number}: {problem}")
        last = rest[-max(1, len(rest) // 3) :]
        middle = statistics.median(getattr(measure, name) for measure in last)
        problem = exceeded(name, middle, baseline, ALLOWED_AT_THE_END)
        if problem:
            problems.append(f"the last {len(last)} cycles: {problem}")
    return problems


class Soak:
    """The queues and clients of a run."""

    def __init__(self, broker, messages, seed):
        self.broker = broker
        self.messages = messages
        self.random = random.Random(seed)
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.missing = set()
        self.is_sending = True
        with Caller(broker) as caller:
            self.letters = self.create(caller, "letters")
            self.rest = self.create(caller, "rest")
            arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"
            redrive = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"2"}}'
            self.standard = self.create(caller, "standard", RedrivePolicy=redrive, VisibilityTimeout="2")
            self.fifo = self.create(caller, "q.fifo", FifoQueue="true", VisibilityTimeout="2")
        self.queues = [self.standard, self.fifo, self.rest, self.letters]

    @staticmethod
    def create(caller, name, **attributes):
        return caller.ok("CreateQueue", {"QueueName": name, "Attributes": attributes})["QueueUrl"]

    def cycle(self):
        """One burst and its drain; the clients' connections end with it."""
        self.is_sending = True
        senders = [Worker(self.send, seed) for seed in self.seeds(SENDERS)]
        consumers = [Worker(self.consume, seed) for seed in self.seeds(CONSUMERS)]
        for sender in senders:
            sender.finish()
        with Caller(self.broker) as caller:
            self.churn(caller)
        self.is_sending = False
        for consumer in consumers:
            consumer.finish()
        assert not self.missing, f"{len(self.missing)} messages never came, such as {min(self.missing)}"

    def seeds(self, count):
        return [self.random.random() for _ in range(count)]

    def send(self, choice):
        with Caller(self.broker) as caller:
            for batch in range(self.messages // SENDERS // 10):
                is_fifo = batch % 4 == 0
                entries = [self.entry(choice, at, is_fifo) for at in range(10)]
                with self.lock:
                    self.missing |= {entry["MessageBody"].partition("/")[0] for entry in entries}
                url = self.fifo if is_fifo else self.standard
                answer = caller.ok("SendMessageBatch", {"QueueUrl": url, "Entries": entries})
                assert len(answer["Successful"]) == 10, answer

    def entry(self, choice, at, is_fifo):
        number = next(self.numbers)
        entry = {"Id": str(at), "MessageBody": f"{number}/" + "x" * choice.choice(BODY_SIZES_BYTES)}
        if is_fifo:
            entry |= {"MessageGroupId": f"g{number % 50}", "MessageDeduplicationId": str(number)}
        elif number % 20 == 0:
            entry["DelaySeconds"] = 1
        return entry

    def consume(self, choice):
        """Deletes most at the first receive, lets some come back, and some go to the dead-letter queue and on."""
        deadline = time.monotonic() + DRAIN_SECONDS_MAX
        with Caller(self.broker) as caller:
            while self.is_sending or not self.is_empty(caller):
                assert time.monotonic() < deadline, "the queues are not empty after ten minutes"
                count = 0
                for url in self.queues[:3]:
                    count += self.receive(caller, url, choice)
                if count == 0 and not self.is_sending:
                    self.redrive(caller)
                    self.receive(caller, self.standard, choice, wait=1)

    def receive(self, caller, url, choice, wait=0):
        request = {"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": wait}
        messages = caller.ok("ReceiveMessage", request).get("Messages", [])
        done = []
        for message in messages:
            number = message["Body"].partition("/")[0]
            if url == self.standard and int(number) % 25 == 0:
                # It is received again at once and goes to the dead-letter queue.
                change = {"ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                caller.ok("ChangeMessageVisibility", {"QueueUrl": url} | change)
            elif choice.random() > 0.02 or not self.is_sending:
                done.append((number, message["ReceiptHandle"]))
        if done:
            entries = [{"Id": str(at), "ReceiptHandle": handle} for at, (_, handle) in enumerate(done)]
            answer = caller.ok("DeleteMessageBatch", {"QueueUrl": url, "Entries": entries})
            deleted = {done[int(entry["Id"])][0] for entry in answer.get("Successful", [])}
            with self.lock:
                self.missing -= deleted
        return len(messages)

    def redrive(self, caller):
        task = {"SourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"}
        task["DestinationArn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT}:rest"
        # Refused while another consumer's task runs.
        caller.call("StartMessageMoveTask", task)

    def churn(self, caller):
        """A queue that is filled, purged, filled and deleted, and its tags."""
        url = self.create(caller, f"passing-{next(self.numbers)}")
        for end in ("PurgeQueue", "DeleteQueue"):
            caller.ok("TagQueue", {"QueueUrl": url, "Tags": {"a": "b"}})
            for _ in range(self.messages // 100):
                entries = [{"Id": str(at), "MessageBody": "y" * 2_000} for at in range(10)]
                caller.ok("SendMessageBatch", {"QueueUrl": url, "Entries": entries})
            caller.ok(end, {"QueueUrl": url})

    def is_empty(self, caller):
        names = [f"ApproximateNumberOfMessages{part}" for part in ("", "NotVisible", "Delayed")]
        for url in self.queues:
            answer = caller.ok("GetQueueAttributes", {"QueueUrl": url, "AttributeNames": names})
            if any(int(value) for value in answer["Attributes"].values()):
                return False
        return True

    def settle(self, seconds):
        """Waits until the sweep has given back what it will, and measures."""
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        before = None
        while time.monotonic() < deadline:
            time.sleep(seconds)
            measure = Measure.of(self.broker)
            now = (measure.file, measure.free, measure.log)
            if now == before:
                break
            before = now
        return measure


class Worker(threading.Thread):
    """A client's thread; what goes wrong in it is raised where its end is waited for."""

    def __init__(self, work, seed):
        super().__init__(daemon=True)
        self.work = work
        self.random = random.Random(seed)
        self.failure = None
        self.start()

    def run(self):
        try:
            self.work(self.random)
        except BaseException as error:
            self.failure = error

    def finish(self):
        self.join()
        if self.failure:
            raise self.failure


def run(broker, *, seconds=0, cycles=0, messages, settle_seconds, seed=1):
    """Runs cycles for so long, and so many at least; the measures behind each."""
    soak = Soak(broker, messages, seed)
    started = time.monotonic()
    measures = []
    while time.monotonic() - started < seconds or len(measures) < cycles:
        began = time.monotonic()
        soak.cycle()
        measures.append(soak.settle(settle_seconds))
        now = time.monotonic()
        measures[-1].seconds = now - started
        line = f"{now - started:8.0f} s, cycle {len(measures):4} of {now - began:4.0f} s: {measures[-1]}"
        print(line, flush=True)
    return measures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("--messages", type=int, default=30_000, help="messages of a cycle")
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="holdfast-soak-")
    broker = Broker(directory, environment=WITHOUT_INTERVALS).start()
    try:
        cycles = WARM_UP_CYCLES + BASELINE_CYCLES + 3
        measures = run(
            broker,
            seconds=options.hours * 3_600,
            cycles=cycles,
            messages=options.messages,
            settle_seconds=2,
        )
        assert broker.terminate() == 0, "the broker did not end cleanly"
    finally:
        if broker.is_running():
            print(broker.log()[-4_000:])
        broker.discard()
        shutil.rmtree(directory, ignore_errors=True)
    problems = judge(measures)
    for problem in problems:
        print(problem)
    print("FAILED" if problems else f"passed: {len(measures)} cycles came back to the baseline")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
