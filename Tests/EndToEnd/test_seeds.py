"""Scripts and commands as our users have them, with endless loops cut to some rounds and placeholders filled in."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aws_cli import environment_of
from conftest import client_of
from queues import attributes_of, counts_of

SEEDS = Path(__file__).parent / "seeds"


@pytest.fixture
def scripts(own_broker, tmp_path):
    """Starts the Python scripts in a folder of their own, as a user does."""
    folder = tmp_path / "scripts"
    shutil.copytree(SEEDS / "python", folder)
    environment = environment_of(own_broker, tmp_path)

    def start(script):
        return subprocess.Popen(
            [sys.executable, "-u", script],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    start.folder = folder
    return start


def output_of(process):
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output


def test_the_scripts_of_slow_and_fast_producers_and_consumers_run(scripts, own_broker):
    url = output_of(scripts("create_queue.py")).strip()
    assert url == own_broker.queue_url("mynewq")
    (scripts.folder / "sqs_url.py").write_text(f"QUEUE_URL = {url!r}\n")

    producers = [scripts("slow_producer.py"), scripts("fast_producer.py")]
    status = scripts("queue_status.py")
    # The consumers wait ten seconds, the slow messages are delayed by ten: the sends come first.
    sent = [producer.stdout.readline() for producer in producers]
    assert [line.startswith("Added a message with") for line in sent] == [True, True]
    consumers = [scripts("fast_consumer.py"), scripts("slow_consumer.py")]

    for producer in producers:
        assert "MD5OfMessageAttributes" in output_of(producer)
    shown = output_of(status)
    assert shown.count("ApproximateNumberOfMessagesDelayed") == 3
    received = "".join(output_of(consumer) for consumer in consumers)
    assert received.count("DELETED MESSAGE") == received.count("JOB TYPE: NewDonor") == 4
    assert received.count("FROM PRODUCER: Slow") == received.count("FROM PRODUCER: Fast") == 2
    for donor in "ABC":
        assert f'BODY: {{"donor": "{donor}"' in received
    assert counts_of(client_of(own_broker), url) == (0, 0, 0)


def run_shell(script, broker, home):
    ended = subprocess.run(
        ["bash", str(SEEDS / "shell" / script)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=home,
        # Makes version 1 of the CLI hear AWS_ENDPOINT_URL_SQS, with the commands left as they are written.
        env=environment_of(broker, home, ENDPOINT=broker.url, BASH_ENV=str(SEEDS / "shell/endpoint.sh")),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def test_the_commands_for_send_and_batch_queues_run(own_broker, tmp_path):
    ended = run_shell("send_and_batch_queues.sh", own_broker, tmp_path)
    assert "200" in ended.stdout
    sqs = client_of(own_broker)
    for kind in ("send", "batch"):
        attributes = attributes_of(sqs, own_broker.queue_url(f"{kind}-queue"))
        arn = f"arn:aws:sqs:us-east-1:000000000000:{kind}-dlq"
        assert json.loads(attributes["RedrivePolicy"]) == {"deadLetterTargetArn": arn, "maxReceiveCount": 3}


def test_the_commands_for_ecommerce_queues_run(own_broker, tmp_path):
    ended = run_shell("ecommerce_queues.sh", own_broker, tmp_path)
    assert "(InvalidAttributeName)" in ended.stderr
    sqs = client_of(own_broker)
    url = own_broker.queue_url("ecommerce-order-queue")
    assert counts_of(sqs, url) == (0, 0, 0)
    attributes = attributes_of(sqs, url)
    assert attributes["ReceiveMessageWaitTimeSeconds"] == "20"
    assert attributes["KmsMasterKeyId"] == "alias/aws/sqs"
    retention = attributes_of(sqs, own_broker.queue_url("ecommerce-dlq"), "MessageRetentionPeriod")
    assert retention == {"MessageRetentionPeriod": "1209600"}
