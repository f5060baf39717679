"""What users of other servers report of machines without a way out: calls home, accounts and licences to check."""

import re

import pytest

import strace
from conftest import client_of
from queues import bury, delete, receive, redrive, send


@pytest.mark.skipif(not strace.is_available(), reason="strace is missing or may not trace here")
def test_the_broker_connects_to_nothing(new_broker, tmp_path):
    trace = tmp_path / "trace"
    prefix = ["strace", "-D", "-f", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace)]
    broker = new_broker(prefix=prefix).start()
    sqs = client_of(broker)
    queue, dead = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q", "dead"))
    redrive(sqs, queue, dead, 1)
    send(sqs, queue, "x")
    bury(sqs, queue)
    delete(sqs, dead, *receive(sqs, dead))
    assert broker.terminate() == 0
    calls = trace.read_text()
    # The trace is whole: it goes on until the process ended.
    assert "exited with 0" in calls
    assert not re.search(r"connect\(\d+, \{sa_family=AF_INET|sin6?_port=htons", calls), calls
