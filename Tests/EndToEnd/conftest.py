"""Brokers, clients and queues for the tests."""

import itertools
import re
import uuid

import boto3
import pytest
from botocore.config import Config

from broker import REGION, WITHOUT_INTERVALS, Broker
from digests import md5_of, md5_of_attributes
from query_client import query_session
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
    broker = Broker(tmp_path_factory.mktemp("broker"), environment=WITHOUT_INTERVALS).start()
    yield broker
    broker.discard()


@pytest.fixture
def new_broker(tmp_path_factory):
    """Makes brokers of a test's own, not yet started; they end with the test."""
    made = []

    def make(**options):
        options = {"environment": WITHOUT_INTERVALS} | options
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


def client_of(broker, protocol="json", service="sqs"):
    """A boto3 client that does not try again, so that a test sees each answer."""
    session = query_session() if protocol == "query" else boto3
    client = session.client(
        service,
        endpoint_url=broker.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, read_timeout=60, max_pool_connections=64),
    )
    client.meta.events.register("after-call.sqs.ReceiveMessage", check_digests)
    return client


@pytest.fixture(scope="session", params=["json", "query"])
def sqs(broker, request):
    """A boto3 client of the common broker: each test that has one runs in both protocols."""
    return client_of(broker, request.param)


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
def queue(caller, name):
    """The URL of a fresh queue."""
    return caller.ok("CreateQueue", {"QueueName": name})["QueueUrl"]


@pytest.fixture
def new_fifo_queue(caller, name):
    """Makes FIFO queues of these attributes; their URLs."""
    numbers = itertools.count()

    def make(**attributes):
        queue_name = f"{name[-60:]}-{next(numbers)}.fifo"
        attributes = {"FifoQueue": "true"} | attributes
        return caller.ok("CreateQueue", {"QueueName": queue_name, "Attributes": attributes})["QueueUrl"]

    return make


@pytest.fixture
def fifo_queue(new_fifo_queue):
    """The URL of a fresh FIFO queue that takes what is sent to it for its deduplication id."""
    return new_fifo_queue(ContentBasedDeduplication="true")


@pytest.fixture(params=["kill -9", "SIGTERM"])
def interrupt(request, own_broker):
    """Ends the broker in one of two ways and starts it again."""

    def end_and_start():
        if request.param == "kill -9":
            own_broker.kill()
            own_broker.start()
        else:
            own_broker.restart()

    return end_and_start
