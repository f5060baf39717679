"""Tags of queues through boto3."""

import pytest

from refusals import refused


def tags_of(sqs, queue):
    return sqs.list_queue_tags(QueueUrl=queue).get("Tags", {})


def test_tags_are_set_replaced_and_removed(sqs, queue):
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)
    sqs.tag_queue(QueueUrl=queue, Tags={"a": "1", "b": "2", "B": "3", "ü/=+-@:_. ": ""})
    assert tags_of(sqs, queue) == {"a": "1", "b": "2", "B": "3", "ü/=+-@:_. ": ""}
    sqs.tag_queue(QueueUrl=queue, Tags={"a": "4"})
    sqs.untag_queue(QueueUrl=queue, TagKeys=["b", "ü/=+-@:_. ", "never there"])
    assert tags_of(sqs, queue) == {"a": "4", "B": "3"}
    sqs.untag_queue(QueueUrl=queue, TagKeys=["a", "B"])
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)


def test_tags_are_given_at_creation(sqs, name):
    tagged = sqs.create_queue(QueueName="tagged-" + name[-60:], tags={"team": "x", "empty": ""})["QueueUrl"]
    assert tags_of(sqs, tagged) == {"team": "x", "empty": ""}
    # Made again with others, it keeps its own.
    assert sqs.create_queue(QueueName="tagged-" + name[-60:], tags={"team": "x"})["QueueUrl"] == tagged
    assert tags_of(sqs, tagged) == {"team": "x", "empty": ""}


def test_keys_that_only_unicode_calls_equal_are_two(sqs, queue):
    tags = {"\u00e9": "one letter", "e\u0301": "letter and accent"}
    sqs.tag_queue(QueueUrl=queue, Tags=tags)
    assert tags_of(sqs, queue) == tags
    sqs.untag_queue(QueueUrl=queue, TagKeys=["\u00e9"])
    assert tags_of(sqs, queue) == {"e\u0301": "letter and accent"}


def test_tags_change_no_attribute(sqs, queue):
    before = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    sqs.tag_queue(QueueUrl=queue, Tags={"a": "1"})
    after = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    before.pop("LastModifiedTimestamp"), after.pop("LastModifiedTimestamp")
    assert after == before


def test_a_queue_has_fifty_tags_at_most(sqs, queue):
    sqs.tag_queue(QueueUrl=queue, Tags={f"k{number}": "v" for number in range(50)})
    with refused("InvalidParameterValue"):
        sqs.tag_queue(QueueUrl=queue, Tags={"one more": "v"})
    sqs.tag_queue(QueueUrl=queue, Tags={"k0": "other"})
    assert len(tags_of(sqs, queue)) == 50


@pytest.mark.parametrize("tags", [{"": "x"}, {"k" * 129: "x"}, {"k": "v" * 257}, {"aws:k": "x"}, {"AWS:k": "x"}])
def test_a_tag_of_a_wrong_form_is_refused(sqs, queue, name, tags):
    with refused("InvalidParameterValue"):
        sqs.tag_queue(QueueUrl=queue, Tags=tags)
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="no-" + name[-60:], tags=tags)
    assert tags_of(sqs, queue) == {}


def test_the_longest_tag_is_kept(sqs, queue):
    sqs.tag_queue(QueueUrl=queue, Tags={"k" * 128: "v" * 256})
    assert tags_of(sqs, queue) == {"k" * 128: "v" * 256}


def test_tags_of_a_missing_queue_say_that_it_does_not_exist(sqs, broker, name):
    missing = broker.queue_url("missing-" + name[-60:])
    for call in (
        lambda: sqs.tag_queue(QueueUrl=missing, Tags={"a": "b"}),
        lambda: sqs.untag_queue(QueueUrl=missing, TagKeys=["a"]),
        lambda: sqs.list_queue_tags(QueueUrl=missing),
    ):
        with refused("AWS.SimpleQueueService.NonExistentQueue"):
            call()
