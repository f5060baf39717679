"""The points at which a test can have the broker kill itself: armed in a test binary, and nowhere else."""

import signal
import subprocess

import pytest

from broker import BINARY, WITHOUT_INTERVALS, clean_environment
from kill_loop import BINARY_WITH_FAIL_POINTS
from wire import Caller

ARMED = {"HOLDFAST_TEST_FAIL_POINT": "afterCommit", "HOLDFAST_TEST_FAIL_AT": "1"}


def test_the_product_has_no_fail_point(new_broker):
    broker = new_broker(environment=WITHOUT_INTERVALS | ARMED).start()
    with Caller(broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
    assert broker.is_running()


def test_a_point_kills_without_an_answer_and_what_was_committed_before_is_there(new_broker):
    broker = new_broker()
    broker.binary = BINARY_WITH_FAIL_POINTS
    broker.launch(HOLDFAST_TEST_FAIL_POINT="beforeCommit", HOLDFAST_TEST_FAIL_AT="100")
    broker.wait_until_healthy()
    created = 0
    with Caller(broker) as caller, pytest.raises(OSError):
        while True:
            caller.ok("CreateQueue", {"QueueName": f"q{created}"})
            created += 1
    assert broker.process.wait(30) == -signal.SIGKILL
    broker.process = None
    broker.binary = BINARY
    broker.start()
    with Caller(broker) as caller:
        assert len(caller.ok("ListQueues", {})["QueueUrls"]) == created > 0


def test_a_point_that_there_is_not_is_refused():
    environment = clean_environment(HOLDFAST_TEST_FAIL_POINT="beforeLunch")
    ended = subprocess.run([BINARY_WITH_FAIL_POINTS, "serve"], capture_output=True, text=True, env=environment)
    assert ended.returncode == 64
    assert "beforeLunch" in ended.stderr and "afterCommit" in ended.stderr
