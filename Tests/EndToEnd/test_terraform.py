"""What tools that compare wanted and found states see: what was set is what is shown, and no difference, ever."""

import json

import pytest

from queues import arn_of, attributes_of
from refusals import refused

TAGS = {"team": "a", "Team": "b", "empty": "", "path": "x/y+z=@:_. -"}


def policy_of(arn):
    """As a tool writes it: with blanks, lines and an order of its own."""
    statement = {"Sid": "1", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sqs:SendMessage", "Resource": arn}
    condition = {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:000000000000:topic"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Condition": condition}]}, indent=2)


def wanted_attributes(arn, dead, source):
    """A value other than the default for everything that can be set."""
    return {
        "DelaySeconds": "7",
        "KmsDataKeyReusePeriodSeconds": "600",
        "KmsMasterKeyId": "alias/aws/sqs",
        "MaximumMessageSize": "2048",
        "MessageRetentionPeriod": "86400",
        "Policy": policy_of(arn),
        "ReceiveMessageWaitTimeSeconds": "3",
        "RedriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [source]}),
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 4}),
        "VisibilityTimeout": "99",
    }


HIGH_THROUGHPUT = {
    "ContentBasedDeduplication": "true",
    "DeduplicationScope": "messageGroup",
    "FifoQueue": "true",
    "FifoThroughputLimit": "perMessageGroupId",
}


@pytest.fixture(params=["", ".fifo"], ids=["standard", "FIFO"])
def wanted(request, sqs, name):
    """Name and attributes of a queue to be made."""
    fifo = {"FifoQueue": "true"} if request.param else {}
    dead = sqs.create_queue(QueueName=f"d-{name[-60:]}{request.param}", Attributes=fifo)["QueueUrl"]
    dead_arn = arn_of(sqs, dead)
    queue_name = f"w-{name[-60:]}{request.param}"
    arn = dead_arn.replace(dead_arn.rpartition(":")[2], queue_name)
    attributes = wanted_attributes(arn, dead_arn, arn.replace(":w-", ":s-"))
    return queue_name, attributes | (HIGH_THROUGHPUT if request.param else {})


def assert_shown(sqs, queue, attributes):
    """Policies are compared as JSON: blanks in them are no difference."""
    shown = attributes_of(sqs, queue)
    assert {name: read(shown.get(name)) for name in attributes} == {name: read(attributes[name]) for name in attributes}


def read(value):
    return json.loads(value) if value and value.startswith("{") else value


def test_what_is_set_at_creation_is_shown_and_creating_again_changes_nothing(sqs, wanted):
    name, attributes = wanted
    queue = sqs.create_queue(QueueName=name, Attributes=attributes, tags=TAGS)["QueueUrl"]
    assert_shown(sqs, queue, attributes)
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == TAGS
    everything = attributes_of(sqs, queue)
    assert sqs.create_queue(QueueName=name, Attributes=attributes, tags=TAGS)["QueueUrl"] == queue
    assert sqs.create_queue(QueueName=name, Attributes=attributes_set(everything))["QueueUrl"] == queue
    assert attributes_of(sqs, queue) == everything


def test_creating_again_with_some_equal_values_finds_the_queue(sqs, wanted):
    name, attributes = wanted
    queue = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    everything = attributes_of(sqs, queue)
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    for one, value in attributes.items():
        assert sqs.create_queue(QueueName=name, Attributes=fifo | {one: value})["QueueUrl"] == queue, one
    assert attributes_of(sqs, queue) == everything
    other = {"KmsDataKeyReusePeriodSeconds": "601", "DelaySeconds": "8"}
    for one, value in (other | ({"DeduplicationScope": "queue"} if fifo else {})).items():
        with refused("QueueAlreadyExists"):
            sqs.create_queue(QueueName=name, Attributes=fifo | {one: value})


def attributes_set(shown):
    """Those of the shown attributes that can be set beside a KMS key."""
    computed = ("Approximate", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn", "SqsManagedSseEnabled")
    return {name: value for name, value in shown.items() if not name.startswith(computed)}


def test_what_is_set_later_is_shown_and_setting_it_again_changes_nothing(sqs, wanted):
    name, attributes = wanted
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    queue = sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
    for _ in range(2):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)
        assert_shown(sqs, queue, attributes)
    everything = attributes_of(sqs, queue)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes_set(everything))
    everything.pop("LastModifiedTimestamp")
    again = attributes_of(sqs, queue)
    again.pop("LastModifiedTimestamp")
    assert again == everything


def test_one_attribute_at_a_time_leaves_the_others(sqs, wanted):
    name, attributes = wanted
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    queue = sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
    # The scope has to be there before the limit that needs it, and the key before its period.
    last = ("FifoThroughputLimit", "KmsDataKeyReusePeriodSeconds")
    for attribute in sorted(attributes, key=lambda attribute: attribute in last):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={attribute: attributes[attribute]})
    assert_shown(sqs, queue, attributes)


def test_taking_everything_back_gives_a_queue_as_new(sqs, wanted):
    name, attributes = wanted
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    fresh = sqs.create_queue(QueueName=f"f-{name[2:]}", Attributes=fifo)["QueueUrl"]
    defaults = attributes_of(sqs, fresh)
    queue = sqs.create_queue(QueueName=name, Attributes=attributes, tags=TAGS)["QueueUrl"]
    removed = dict.fromkeys(("KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "RedrivePolicy"), "")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=removed)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes_set(defaults) | {"SqsManagedSseEnabled": "true"})
    sqs.untag_queue(QueueUrl=queue, TagKeys=list(TAGS))
    own = ("QueueArn", "CreatedTimestamp", "LastModifiedTimestamp")
    shown = attributes_of(sqs, queue)
    for attribute in own:
        defaults.pop(attribute), shown.pop(attribute)
    assert shown == defaults
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)
