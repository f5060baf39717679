"""Brokers, clients and queues for the tests."""

import re
import uuid

import boto3
import pytest
from botocore.config import Config

from broker import REGION, Broker
from digests import md5_of, md5_of_attributes
from wire import Caller

LOG_LINES_SHOWN = 80


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for broker in Broker.started:
            lines = broker.log().splitlines()[-LOG_LINES_SHOWN:]
            report.sections.append((f"broker on port {broker.port}", "\n".join(lines)))


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """One broker for all tests that leave it as they found it."""
    broker = Broker(tmp_path_factory.mktemp("broker")).start()
    yield broker
    broker.discard()


@pytest.fixture
def new_broker(tmp_path_factory):
    """Makes brokers of a test's own, not yet started; they end with the test."""
    made = []

    def make(**options):
        made.append(Broker(tmp_path_factory.mktemp("own"), **options))
        return made[-1]

    yield make
    for broker in made:
        broker.discard()


@pytest.fixture
def own_broker(new_broker):
    """A broker that a test may kill, stop and restart."""
    return new_broker().start()


def check_digests(parsed, **_):
    """botocore does not look at the MD5s of received messages; this does, for every receive of every test."""
    for message in parsed.get("Messages", []):
        assert message["MD5OfBody"] == md5_of(message["Body"])
        attributes = message.get("MessageAttributes")
        assert message.get("MD5OfMessageAttributes") == (attributes and md5_of_attributes(attributes))


def client_of(broker):
    """A boto3 client that does not try again, so that a test sees each answer."""
    client = boto3.client(
        "sqs",
        endpoint_url=broker.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, read_timeout=60, max_pool_connections=64),
    )
    client.meta.events.register("after-call.sqs.ReceiveMessage", check_digests)
    return client


@pytest.fixture(scope="session")
def sqs(broker):
    """A boto3 client of the common broker."""
    return client_of(broker)


@pytest.fixture
def caller(broker):
    """A plain connection to the common broker."""
    with Caller(broker) as caller:
        yield caller


@pytest.fixture
def name(request):
    """A queue name that no other test uses."""
    test = re.sub("[^A-Za-z0-9]+", "-", request.node.name.removeprefix("test_"))
    return f"{test[:60]}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def queue(sqs, name):
    """The URL of a fresh queue."""
    return sqs.create_queue(QueueName=name)["QueueUrl"]
