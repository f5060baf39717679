"""Scripts and commands as our users have them, with endless loops cut to some rounds and placeholders filled in."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aws_cli import environment_of
from conftest import client_of
from queues import attributes_of, counts_of, take

SEEDS = Path(__file__).parent / "seeds"


@pytest.fixture
def scripts(own_broker, tmp_path):
    """Starts the Python scripts in a folder of their own, as a user does."""
    folder = tmp_path / "scripts"
    shutil.copytree(SEEDS / "python", folder)
    environment = environment_of(own_broker, tmp_path)

    def start(script, folder=folder, **additions):
        return subprocess.Popen(
            [sys.executable, "-u", script],
            cwd=folder,
            env=environment | additions,
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


def test_the_scripts_of_a_fifo_producer_and_consumer_run(scripts, own_broker):
    folder = scripts.folder / "fifo"
    url = output_of(scripts("create_queue.py", folder)).strip()
    assert url == own_broker.queue_url("mynewq.fifo")
    (folder / "sqs_url.py").write_text(f"QUEUE_URL = {url!r}\n")
    producer = scripts("fifo_producer.py", folder)
    assert producer.stdout.readline() == "Added Message:\n"
    consumer = scripts("fifo_consumer.py", folder)
    assert "SequenceNumber" in output_of(producer)
    received = output_of(consumer)
    assert re.findall('BODY: {"donor": "(.)"', received) == ["A", "B", "C"]
    assert received.count("FROM PRODUCER: Default") == received.count("DELETED MESSAGE") == 3
    assert counts_of(client_of(own_broker), url) == (0, 0, 0)


def test_a_worker_polls_two_queues_and_forwards_to_a_third(scripts, own_broker):
    sqs = client_of(own_broker)
    status = {
        "snsMessageId": "60606a79-5778-5383-9293-0ab09d2aed1b",
        "deliveryStatus": "SUCCESS",
        "providerResponse": '{\n  "name": "projects/test-2aadd/messages/0:1750059026450891%2adabfdf2adabfdf"\n}\n',
        "timestamp": "2025-06-16 07:30:26.354",
    }
    urls = {}
    for name in ("StatusUpdateQueue", "DLQ", "EventQueue"):
        sqs.create_queue(QueueName=name)
        # As the variables are written, whatever host and account stand there.
        urls[name] = f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}"
    for name in ("StatusUpdateQueue", "DLQ"):
        sqs.send_message(QueueUrl=name, MessageBody=json.dumps(status))
    sqs.send_message(QueueUrl="DLQ", MessageBody="no JSON")
    worker = scripts(
        "message_status_task.py",
        STATUS_UPDATE_QUEUE_URL=urls["StatusUpdateQueue"],
        DLQ_URL=urls["DLQ"],
        EVENT_QUEUE_URL=urls["EventQueue"],
        POLL_INTERVAL="1",
    )
    assert "done" in output_of(worker)
    events = [json.loads(body) for body in take(sqs, "EventQueue")]
    assert [event["sourceQueue"] for event in events] == ["StatusUpdateQueue", "DLQ"]
    for event in events:
        assert (event["messageId"], event["response"]) == (status["snsMessageId"], status["providerResponse"])
    assert counts_of(sqs, "StatusUpdateQueue") == (0, 0, 0)
    assert counts_of(sqs, "DLQ") == (0, 1, 0)


def test_the_calls_of_a_go_program_run(scripts):
    shown = output_of(scripts("at_least_once.py"))
    assert shown.count("Message sent: ") == shown.count("Sent 3 messages, 0 failed") == 2
    assert shown.splitlines()[-1] == str(['{"orderId":123,"amount":100}', "a", "b", "c"])


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


def test_a_fifo_queues_dead_letters_go_to_a_fifo_queue_and_the_caller_is_known(own_broker, tmp_path):
    ended = run_shell("payment_queue.sh", own_broker, tmp_path)
    assert '"Account": "000000000000"' in ended.stdout
    assert "(InvalidParameterValue) when calling the CreateQueue operation" in ended.stderr
    assert "ecommerce-payment-queue.fifo" in ended.stdout
    attributes = attributes_of(client_of(own_broker), "ecommerce-payment-queue.fifo")
    assert json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"].endswith(":ecommerce-dlq.fifo")
    assert counts_of(client_of(own_broker), "ecommerce-payment-queue.fifo") == (0, 0, 0)
