"""After the faults: looks whether all is well again, and takes everything out of all queues."""

import http.client
import os
import threading
import time

from load.client import Client
from load.content import NewMessage
from load.graph import DELAY_SECONDS_MAX, GRAPH, MOVES, VISIBILITY_TIMEOUT_SECONDS

PROBE_SECONDS = 1.2
# Long enough for a poll that is not told of a message to come late.
PROBE_WAIT_SECONDS = 5
HELD_SECONDS = 600
TASKS_END_SECONDS_MAX = 30


class Drainer(Client):
    """Takes everything out of one queue."""

    def __init__(self, load, queue):
        super().__init__(load, f"drain-{queue.name}", queue.name)
        self.queue = queue
        self.held = []

    def run(self):
        try:
            # In a FIFO queue what is held keeps its group waiting.
            while messages := self.receive(self.queue.name, hidden=HELD_SECONDS, wait=1):
                if self.queue.is_fifo:
                    self.delete_all(messages)
                else:
                    self.held += messages
        except BaseException as error:
            self.failure = error

    def delete_all(self, messages):
        for start in range(0, len(messages), 10):
            self.delete_batch(messages[start : start + 10])


class Prober(Client):
    """Sends to a queue that a long poll waits for, again and again, and takes out what it sent."""

    def __init__(self, load, queue):
        super().__init__(load, f"probe-{queue.name}", queue.name)
        self.queue = queue
        self.is_over = threading.Event()

    def run(self):
        try:
            poller = threading.Thread(target=self.poll, daemon=True)
            poller.start()
            until = time.monotonic() + PROBE_SECONDS
            while time.monotonic() < until:
                self.send_one()
                time.sleep(0.03)
            self.is_over.set()
            # For a poll that still waits.
            self.send_one()
            poller.join(30)
            assert not poller.is_alive(), "a long poll does not end"
        except BaseException as error:
            self.failure = error
        finally:
            self.caller.close()

    def send_one(self):
        token = self.load.token()
        group = f"probe-{token}" if self.queue.is_fifo else None
        self.send(self.queue.name, NewMessage(token, self.random, group=group))

    def poll(self):
        try:
            client = Client(self.load, f"{self.name}-poll", self.name)
            while not self.is_over.is_set():
                for message in client.receive(self.queue.name, wait=PROBE_WAIT_SECONDS):
                    client.delete(message)
            client.caller.close()
        except BaseException as error:
            self.failure = error


def look_at_health(broker, log):
    connection = http.client.HTTPConnection(broker.host, broker.port, timeout=10)
    try:
        connection.request("GET", "/health")
        log.mark("health", status=connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        log.mark("health", status=0, reason=repr(error))
    finally:
        connection.close()


def look_at_resources(broker, log):
    """Memory and descriptors of the process; for a moment without load."""
    # The broker hears of closed connections a moment later.
    time.sleep(0.2)
    process = broker.process.pid
    with open(f"/proc/{process}/status") as file:
        [memory] = [line.split()[1] for line in file if line.startswith("VmRSS:")]
    descriptors = len(os.listdir(f"/proc/{process}/fd"))
    log.mark("resources", memorySizeBytes=int(memory) * 1024, descriptors=descriptors)


# By then all that was hidden or delayed when the clients ended is visible.
QUIET_SECONDS = DELAY_SECONDS_MAX + VISIBILITY_TIMEOUT_SECONDS + 0.3


def heal_and_drain(load):
    """To be called with a running broker and no clients; afterwards the queues are empty."""
    load.log.mark("healed")
    look_at_health(load.broker, load.log)
    keeper = Client(load, "keeper", "keeper")
    end_move_tasks(keeper)
    quiet_from = time.monotonic()
    _run([Prober(load, queue) for queue in GRAPH if queue.delay == 0])
    time.sleep(max(0, quiet_from + QUIET_SECONDS - time.monotonic()))
    count_all(keeper)
    drainers = take_out(load)
    count_all(keeper)
    for drainer in drainers:
        drainer.delete_all(drainer.held)
        drainer.caller.close()
    count_all(keeper)
    look_at_health(load.broker, load.log)
    keeper.caller.close()


def take_out(load):
    """Receives everything that is in the queues, with nobody else about; who holds it."""
    load.log.mark("drained")
    drainers = []
    for stage in sorted({queue.stage for queue in GRAPH}):
        step = [Drainer(load, queue) for queue in GRAPH if queue.stage == stage]
        _run(step)
        drainers += step
    return drainers


def end_move_tasks_of(load):
    """For who has no keeper."""
    keeper = Client(load, "keeper", "keeper")
    end_move_tasks(keeper)
    keeper.caller.close()


def count_all(keeper):
    for queue in GRAPH:
        keeper.count(queue.name)


def end_move_tasks(keeper):
    """Cancels what runs, and waits until it does not."""
    deadline = time.monotonic() + TASKS_END_SECONDS_MAX
    for source in sorted({source for source, _ in MOVES}):
        arn = next(queue.arn for queue in GRAPH if queue.name == source)
        while True:
            tasks = keeper.caller.ok("ListMessageMoveTasks", {"SourceArn": arn, "MaxResults": 10}).get("Results", [])
            running = [task for task in tasks if task["Status"] in ("RUNNING", "CANCELLING")]
            if not running:
                break
            assert time.monotonic() < deadline, f"a move task does not end: {running}"
            for task in running:
                if "TaskHandle" in task:
                    keeper.call("CancelMessageMoveTask", source, {"TaskHandle": task["TaskHandle"]})
            time.sleep(0.02)


def _run(clients):
    for client in clients:
        client.start()
    for client in clients:
        client.join(120)
        assert not client.is_alive(), f"{client.name} does not end"
        if client.failure:
            raise client.failure
