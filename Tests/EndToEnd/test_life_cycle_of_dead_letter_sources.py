"""Which queue may be whose dead-letter queue, and what asks for that; dead letters of FIFO queues."""

import json

import pytest

from queues import arn_of, bodies_of, bury, counts_of, receive, redrive, send, take
from refusals import refused


@pytest.fixture
def new_queue(caller, name):
    """Makes standard queues of these names behind a common beginning; their URLs."""

    def make(suffix, **attributes):
        queue_name = f"{name[-60:]}-{suffix}"
        return caller.ok("CreateQueue", {"QueueName": queue_name, "Attributes": attributes})["QueueUrl"]

    return make


def allow(sqs, queue, permission, *sources):
    policy = {"redrivePermission": permission}
    if sources:
        policy["sourceQueueArns"] = [arn_of(sqs, source) for source in sources]
    attributes = {"RedriveAllowPolicy": json.dumps(policy)}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)


def test_source_queues_are_listed_in_pages(sqs, new_queue):
    dead = new_queue("dead")
    sources = [new_queue(f"source-{number}") for number in range(5)]
    assert not sqs.list_dead_letter_source_queues(QueueUrl=dead).get("queueUrls")
    for source in sources:
        redrive(sqs, source, dead, 5)
    answer = sqs.list_dead_letter_source_queues(QueueUrl=dead)
    assert sorted(answer["queueUrls"]) == sources
    assert "NextToken" not in answer

    first = sqs.list_dead_letter_source_queues(QueueUrl=dead, MaxResults=2)
    assert len(first["queueUrls"]) == 2 and first["NextToken"]
    pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(
        QueueUrl=dead, PaginationConfig={"PageSize": 2}
    )
    listed = [page.get("queueUrls", []) for page in pages]
    assert [len(page) for page in listed] == [2, 2, 1]
    assert sorted(sum(listed, [])) == sources

    sqs.set_queue_attributes(QueueUrl=sources[0], Attributes={"RedrivePolicy": ""})
    sqs.delete_queue(QueueUrl=sources[1])
    assert sorted(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"]) == sources[2:]


@pytest.mark.parametrize("arguments", [{"MaxResults": 0}, {"MaxResults": 1001}, {"MaxResults": 1, "NextToken": "x"}])
def test_a_page_that_can_not_be_is_refused(sqs, queue, arguments):
    with pytest.raises(sqs.exceptions.ClientError) as caught:
        sqs.list_dead_letter_source_queues(QueueUrl=queue, **arguments)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_only_the_allowed_queues_may_send_their_dead_letters(sqs, new_queue):
    dead, one, two = new_queue("dead"), new_queue("one"), new_queue("two")
    allow(sqs, dead, "byQueue", one)
    redrive(sqs, one, dead, 1)
    with refused("InvalidParameterValue"):
        redrive(sqs, two, dead, 1)
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 1})
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName=two.rpartition("/")[2] + "-new", Attributes={"RedrivePolicy": policy})
    allow(sqs, dead, "allowAll")
    redrive(sqs, two, dead, 1)


@pytest.mark.parametrize(
    "policy",
    [
        "x",
        "[]",
        "{}",
        '{"redrivePermission":"perhaps"}',
        '{"redrivePermission":"byQueue"}',
        '{"redrivePermission":"byQueue","sourceQueueArns":[]}',
        '{"redrivePermission":"byQueue","sourceQueueArns":["x"]}',
        '{"redrivePermission":"allowAll","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:a"]}',
        json.dumps(
            {
                "redrivePermission": "byQueue",
                "sourceQueueArns": [f"arn:aws:sqs:us-east-1:000000000000:q{n}" for n in range(11)],
            }
        ),
    ],
    ids=lambda policy: policy[:60],
)
def test_an_allow_policy_of_a_wrong_form_is_refused(sqs, queue, policy):
    with refused("InvalidParameterValue"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedriveAllowPolicy": policy})


def test_a_dead_letter_queue_is_another_queue_of_the_same_type(sqs, queue, new_queue, fifo_queue, new_fifo_queue):
    for source, dead in [(queue, fifo_queue), (fifo_queue, queue), (queue, queue), (fifo_queue, fifo_queue)]:
        with refused("InvalidParameterValue"):
            redrive(sqs, source, dead, 1)
    redrive(sqs, queue, new_queue("dead"), 1)
    redrive(sqs, fifo_queue, new_fifo_queue(), 1)


def test_dead_letters_of_a_fifo_queue_keep_their_order_and_free_their_group(sqs, fifo_queue, new_fifo_queue):
    dead = new_fifo_queue()
    redrive(sqs, fifo_queue, dead, 1)
    sent = send(sqs, fifo_queue, "1", "2", "3")
    assert take(sqs, fifo_queue, MaxNumberOfMessages=2, VisibilityTimeout=0) == ["1", "2"]
    assert take(sqs, fifo_queue) == ["3"]
    letters = receive(sqs, dead, MaxNumberOfMessages=10)
    assert bodies_of(letters) == ["1", "2"]
    for answer, letter in zip(sent, letters):
        attributes = letter["Attributes"]
        assert letter["MessageId"] == answer["MessageId"]
        assert attributes["MessageDeduplicationId"] == answer["MessageId"]
        assert attributes["MessageGroupId"] == "g"
        assert attributes["ApproximateReceiveCount"] == "2"
        assert attributes["DeadLetterQueueSourceArn"] == arn_of(sqs, fifo_queue)
    numbers = [letter["Attributes"]["SequenceNumber"] for letter in letters]
    assert numbers == sorted(set(numbers))
    assert counts_of(sqs, fifo_queue) == (0, 1, 0)


def test_a_fifo_queues_dead_letters_keep_attributes_and_their_types(sqs, fifo_queue, new_fifo_queue):
    dead = new_fifo_queue()
    redrive(sqs, fifo_queue, dead, 1)
    attribute = {"a": {"DataType": "Number.float", "StringValue": "1.5"}}
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}
    send(sqs, fifo_queue, "x", MessageAttributes=attribute, MessageSystemAttributes=trace)
    bury(sqs, fifo_queue)
    [letter] = receive(sqs, dead)
    assert (letter["Body"], letter["MessageAttributes"]) == ("x", attribute)
    assert letter["Attributes"]["AWSTraceHeader"] == "Root=1-abc"
