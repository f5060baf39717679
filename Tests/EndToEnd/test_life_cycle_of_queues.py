"""Queues through boto3: made, found, listed, changed, emptied, deleted."""

import time
import uuid

import pytest

from broker import ACCOUNT, REGION
from query_client import protocol_of
from queues import attributes_of
from refusals import refused

ATTRIBUTES_OF_A_NEW_QUEUE = {
    "ApproximateNumberOfMessages": "0",
    "ApproximateNumberOfMessagesDelayed": "0",
    "ApproximateNumberOfMessagesNotVisible": "0",
    "DelaySeconds": "0",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}

NO_SUCH_QUEUE = {
    "json": "The specified queue does not exist.",
    "query": "The specified queue does not exist for this wsdl version.",
}


def names_of(urls):
    return [url.rpartition("/")[2] for url in urls]


def test_a_queue_url_is_built_from_the_host_the_caller_used(sqs, broker, name):
    assert sqs.create_queue(QueueName=name)["QueueUrl"] == broker.queue_url(name)
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == broker.queue_url(name)


def test_a_new_queue_has_the_attributes_that_aws_gives_it(sqs, queue, name):
    attributes = attributes_of(sqs, queue)
    created = attributes.pop("CreatedTimestamp")
    assert attributes.pop("LastModifiedTimestamp") == created
    assert abs(int(created) - time.time()) < 60
    assert attributes.pop("QueueArn") == f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    assert attributes == ATTRIBUTES_OF_A_NEW_QUEUE


def test_attributes_given_at_creation_are_in_force(sqs, name):
    given = {
        "DelaySeconds": "5",
        "MaximumMessageSize": "1024",
        "MessageRetentionPeriod": "60",
        "ReceiveMessageWaitTimeSeconds": "20",
        "VisibilityTimeout": "0",
    }
    queue = sqs.create_queue(QueueName=name, Attributes=given)["QueueUrl"]
    assert attributes_of(sqs, queue, *given) == given


def test_only_the_attributes_asked_for_are_answered(sqs, queue):
    assert attributes_of(sqs, queue, "VisibilityTimeout") == {"VisibilityTimeout": "30"}
    assert sqs.get_queue_attributes(QueueUrl=queue).get("Attributes") is None


def test_creating_a_queue_again_with_equal_attributes_answers_its_url(sqs, name):
    first = sqs.create_queue(QueueName=name, Attributes={"DelaySeconds": "5", "VisibilityTimeout": "7"})
    assert sqs.create_queue(QueueName=name)["QueueUrl"] == first["QueueUrl"]
    assert sqs.create_queue(QueueName=name, Attributes={"DelaySeconds": "5"})["QueueUrl"] == first["QueueUrl"]


def test_creating_a_queue_again_with_a_differing_attribute_is_refused(sqs, name):
    sqs.create_queue(QueueName=name, Attributes={"DelaySeconds": "5"})
    with pytest.raises(sqs.exceptions.QueueNameExists) as caught:
        sqs.create_queue(QueueName=name, Attributes={"DelaySeconds": "6"})
    error = caught.value.response["Error"]
    assert error["Code"] == "QueueAlreadyExists"
    assert error["Message"] == (
        "A queue already exists with the same name and a different value for attribute DelaySeconds"
    )


def test_creation_is_compared_with_the_attributes_in_force_now(sqs, queue, name):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "99"})
    assert sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "99"})["QueueUrl"] == queue
    with refused("QueueAlreadyExists", "attribute VisibilityTimeout"):
        sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "30"})


@pytest.mark.parametrize("bad", ["a b", "a.b", "ü", "a" * 81, "a/b", "$"])
def test_a_queue_name_of_a_wrong_form_is_refused(sqs, bad):
    with refused("InvalidParameterValue", "alphanumeric"):
        sqs.create_queue(QueueName=bad)


def test_a_queue_name_of_80_letters_is_accepted(sqs):
    longest = (uuid.uuid4().hex + "-_" + "A" * 80)[:80]
    queue = sqs.create_queue(QueueName=longest)["QueueUrl"]
    assert queue.endswith("/" + longest)
    sqs.delete_queue(QueueUrl=queue)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("DelaySeconds", "901"),
        ("DelaySeconds", "-1"),
        ("DelaySeconds", "one"),
        ("MaximumMessageSize", "1023"),
        ("MaximumMessageSize", "1048577"),
        ("MessageRetentionPeriod", "59"),
        ("MessageRetentionPeriod", "1209601"),
        ("ReceiveMessageWaitTimeSeconds", "21"),
        ("VisibilityTimeout", "43201"),
        ("VisibilityTimeout", ""),
        ("KmsDataKeyReusePeriodSeconds", "59"),
        ("SqsManagedSseEnabled", "yes"),
        ("Policy", "{"),
    ],
)
def test_an_attribute_value_out_of_range_is_refused_at_creation_and_later(sqs, queue, name, attribute, value):
    before = attributes_of(sqs, queue)
    with refused("InvalidAttributeValue", attribute):
        sqs.create_queue(QueueName="other-" + name[-60:], Attributes={attribute: value})
    with refused("InvalidAttributeValue", attribute):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "9", attribute: value})
    assert attributes_of(sqs, queue) == before


@pytest.mark.parametrize("attribute", ["Foobar", "All", "QueueArn", "CreatedTimestamp", "FifoQueue"])
def test_an_attribute_that_nobody_can_set_is_refused(sqs, queue, attribute):
    with refused("InvalidAttributeName", attribute):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={attribute: "true"})


def test_asking_for_an_unknown_attribute_is_refused(sqs, queue):
    with refused("InvalidAttributeName", "Unknown Attribute Foobar."):
        attributes_of(sqs, queue, "Foobar")


def test_set_attributes_are_shown_and_the_others_stay(sqs, queue):
    policy = '{"Version":"2012-10-17","Statement":[]}'
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "99", "Policy": policy})
    attributes = attributes_of(sqs, queue)
    assert (attributes["VisibilityTimeout"], attributes["Policy"]) == ("99", policy)
    assert attributes["DelaySeconds"] == "0"
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
    assert "Policy" not in attributes_of(sqs, queue)


def test_a_kms_key_switches_the_other_kind_of_encryption_off(sqs, queue):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    attributes = attributes_of(sqs, queue)
    assert attributes["KmsMasterKeyId"] == "alias/aws/sqs"
    assert attributes["KmsDataKeyReusePeriodSeconds"] == "300"
    assert attributes["SqsManagedSseEnabled"] == "false"
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsMasterKeyId": ""})
    attributes = attributes_of(sqs, queue)
    assert "KmsMasterKeyId" not in attributes and "KmsDataKeyReusePeriodSeconds" not in attributes
    assert attributes["SqsManagedSseEnabled"] == "false"


def test_both_kinds_of_encryption_at_once_are_refused(sqs, queue):
    both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
    with refused("InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time."):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=both)


def test_queues_are_listed_by_prefix_and_in_pages(sqs):
    prefix = f"page-{uuid.uuid4().hex[:8]}-"
    expected = [f"{prefix}{number}" for number in range(7)]
    for queue_name in expected:
        sqs.create_queue(QueueName=queue_name)

    whole = sqs.list_queues(QueueNamePrefix=prefix)
    assert sorted(names_of(whole["QueueUrls"])) == expected
    assert "NextToken" not in whole

    first = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=3)
    assert len(first["QueueUrls"]) == 3 and first["NextToken"]
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 3})
    listed = [page.get("QueueUrls", []) for page in pages]
    assert [len(page) for page in listed] == [3, 3, 1]
    assert sorted(names_of(sum(listed, []))) == expected
    for url in whole["QueueUrls"]:
        sqs.delete_queue(QueueUrl=url)


def test_a_listing_of_nothing_has_no_urls_at_all(sqs):
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=f"no-{uuid.uuid4().hex}")


@pytest.mark.parametrize("max_results", [0, -1, 1001])
def test_a_page_size_out_of_range_is_refused(sqs, max_results):
    with refused("InvalidParameterValue"):
        sqs.list_queues(MaxResults=max_results)


def test_a_made_up_page_token_is_refused(sqs):
    with pytest.raises(sqs.exceptions.ClientError) as caught:
        sqs.list_queues(MaxResults=1, NextToken="no such token")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_every_call_on_a_missing_queue_says_that_it_does_not_exist(sqs, broker, name):
    missing = broker.queue_url("missing-" + name[-60:])
    entries = [{"Id": "a", "ReceiptHandle": "AAAA"}]
    calls = [
        lambda: sqs.get_queue_url(QueueName="missing-" + name[-60:]),
        lambda: sqs.get_queue_attributes(QueueUrl=missing, AttributeNames=["All"]),
        lambda: sqs.set_queue_attributes(QueueUrl=missing, Attributes={"DelaySeconds": "1"}),
        lambda: sqs.purge_queue(QueueUrl=missing),
        lambda: sqs.delete_queue(QueueUrl=missing),
        lambda: sqs.send_message(QueueUrl=missing, MessageBody="x"),
        lambda: sqs.send_message_batch(QueueUrl=missing, Entries=[{"Id": "a", "MessageBody": "x"}]),
        lambda: sqs.receive_message(QueueUrl=missing),
        lambda: sqs.receive_message(QueueUrl=missing, WaitTimeSeconds=20),
        lambda: sqs.delete_message(QueueUrl=missing, ReceiptHandle="AAAA"),
        lambda: sqs.delete_message_batch(QueueUrl=missing, Entries=entries),
        lambda: sqs.change_message_visibility(QueueUrl=missing, ReceiptHandle="AAAA", VisibilityTimeout=1),
        lambda: sqs.change_message_visibility_batch(
            QueueUrl=missing, Entries=[entries[0] | {"VisibilityTimeout": 1}]
        ),
    ]
    for number, call in enumerate(calls):
        with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
            call()
        error = caught.value.response["Error"]
        assert error["Code"] == "AWS.SimpleQueueService.NonExistentQueue", number
        assert error["Message"] == NO_SUCH_QUEUE[protocol_of(sqs)], number


def test_a_queue_is_found_whatever_host_and_account_stand_in_its_url(sqs, queue, name):
    sqs.send_message(QueueUrl=f"https://sqs.eu-west-1.amazonaws.com/123456789012/{name}", MessageBody="x")
    sqs.send_message(QueueUrl=name, MessageBody="y")
    assert attributes_of(sqs, queue)["ApproximateNumberOfMessages"] == "2"


def test_a_deleted_queue_is_gone_and_a_new_one_of_its_name_is_empty(sqs, queue, name):
    sqs.send_message(QueueUrl=queue, MessageBody="old")
    sqs.delete_queue(QueueUrl=queue)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        attributes_of(sqs, queue)
    assert name not in names_of(sqs.list_queues(QueueNamePrefix=name).get("QueueUrls", []))


def test_a_purge_takes_visible_hidden_and_delayed_messages(sqs, queue):
    for delay in (0, 0, 900):
        sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=delay)
    handle = sqs.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
    counts = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    assert attributes_of(sqs, queue, *counts) == dict.fromkeys(counts, "1")

    sqs.purge_queue(QueueUrl=queue)
    assert attributes_of(sqs, queue, *counts) == dict.fromkeys(counts, "0")
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    sqs.send_message(QueueUrl=queue, MessageBody="after")
    assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "after"
