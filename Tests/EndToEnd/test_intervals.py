"""The minute between two purges and after a deletion, and the switches that turn it off."""

import pytest

from broker import WITHOUT_INTERVALS
from conftest import client_of
from queues import counts_of
from refusals import refused

PURGE = "AWS.SimpleQueueService.PurgeQueueInProgress"
DELETED = "AWS.SimpleQueueService.QueueDeletedRecently"
WAIT = "You must wait 60 seconds after deleting a queue before you can create another with the same name."


@pytest.fixture
def as_delivered(new_broker):
    """A broker with every setting as it comes."""
    return new_broker(environment={}).start()


@pytest.fixture(params=["json", "query"])
def protocol(request):
    return request.param


def interrupt(broker):
    broker.kill()
    broker.start()


def test_a_second_purge_within_a_minute_is_refused_and_takes_nothing(as_delivered, protocol):
    sqs = client_of(as_delivered, protocol)
    queue, other = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q", "other"))
    sqs.purge_queue(QueueUrl=queue)
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    text = "Only one PurgeQueue operation on q is allowed every 60 seconds."
    with refused(PURGE, text, 403):
        sqs.purge_queue(QueueUrl=queue)
    assert counts_of(sqs, queue) == (1, 0, 0)
    # Each queue has a minute of its own, and a restart does not end it.
    sqs.purge_queue(QueueUrl=other)
    interrupt(as_delivered)
    with refused(PURGE, text, 403):
        sqs.purge_queue(QueueUrl=queue)


def test_a_queue_deleted_within_a_minute_can_not_be_made_again(as_delivered, protocol):
    sqs = client_of(as_delivered, protocol)
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.delete_queue(QueueUrl=queue)
    with refused(DELETED, WAIT):
        sqs.create_queue(QueueName="q")
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.send_message(QueueUrl=queue, MessageBody="x")
    interrupt(as_delivered)
    with refused(DELETED, WAIT):
        sqs.create_queue(QueueName="q", Attributes={"DelaySeconds": "1"})
    sqs.create_queue(QueueName="q2")


@pytest.mark.parametrize("variable", sorted(WITHOUT_INTERVALS))
def test_each_minute_is_switched_off_by_itself(new_broker, variable):
    sqs = client_of(new_broker(environment={variable: "0"}).start())
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.purge_queue(QueueUrl=queue)
    if "PURGE" in variable:
        sqs.purge_queue(QueueUrl=queue)
        sqs.delete_queue(QueueUrl=queue)
        with refused(DELETED):
            sqs.create_queue(QueueName="q")
    else:
        with refused(PURGE, status=403):
            sqs.purge_queue(QueueUrl=queue)
        sqs.delete_queue(QueueUrl=queue)
        sqs.create_queue(QueueName="q")
