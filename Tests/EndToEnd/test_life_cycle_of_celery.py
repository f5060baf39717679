"""Celery over SQS: tasks are sent, run by a worker process, acknowledged; the worker stops when told."""

import signal
import subprocess
import time

import pytest

from broker import clean_environment
from conftest import client_of
from queues import counts_of
from test_life_cycle_of_other_clients import CLIENTS, python_of

TASKS_SECONDS_MAX = 60

SEND = """
from celery_app import add
for number in range(12):
    add.delay(number, 1)
add.delay(40, 2, retries=2)
add.apply_async((1, 1), countdown=1)
"""

EXPECTED = [f"{number} + 1 = {number + 1} after 0 retries" for number in range(12)]
EXPECTED += ["40 + 2 = 42 after 2 retries", "1 + 1 = 2 after 0 retries"]


@pytest.fixture
def run(broker, name, tmp_path):
    """Starts Celery's Python with arguments."""
    environment = clean_environment(
        PYTHONPATH=str(CLIENTS),
        PYTHONUNBUFFERED="1",
        HOME=str(tmp_path),
        SQS_ENDPOINT=broker.url,
        SQS_QUEUE=name,
        DONE_FILE=str(tmp_path / "done"),
        AWS_EC2_METADATA_DISABLED="true",
    )
    started = []

    def start(*arguments):
        with open(tmp_path / "celery.log", "ab") as log:
            process = subprocess.Popen(
                [str(python_of("celery")), *arguments],
                cwd=tmp_path,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_a_celery_worker_runs_tasks_and_stops(run, broker, name, tmp_path):
    def log():
        return (tmp_path / "celery.log").read_text()

    sqs = client_of(broker)
    done = tmp_path / "done"
    done.touch()
    sender = run("-c", SEND)
    assert sender.wait(TASKS_SECONDS_MAX) == 0, log()
    assert counts_of(sqs, broker.queue_url(name)) == (14, 0, 0)

    worker = run("-m", "celery", "-A", "celery_app", "worker", "--pool", "solo", "--loglevel", "INFO")
    deadline = time.monotonic() + TASKS_SECONDS_MAX
    while len(done.read_text().splitlines()) < len(EXPECTED):
        assert worker.poll() is None and time.monotonic() < deadline, log()
        time.sleep(0.1)
    while counts_of(sqs, broker.queue_url(name)) != (0, 0, 0):
        assert time.monotonic() < deadline, log()
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0, log()
    assert sorted(done.read_text().splitlines()) == sorted(EXPECTED)
