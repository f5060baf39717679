"""FIFO queues through boto3: order, groups that wait, delays, receipts."""

import pytest

from queues import attributes_of, bodies_of, counts_of, delete, hide, receive, send, take
from refusals import refused

FIFO_ATTRIBUTES = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoQueue": "true",
    "FifoThroughputLimit": "perQueue",
}


def test_a_new_fifo_queue_has_four_attributes_more(sqs, new_fifo_queue, queue):
    attributes = attributes_of(sqs, new_fifo_queue())
    assert set(attributes) == set(attributes_of(sqs, queue)) | set(FIFO_ATTRIBUTES)
    assert {name: attributes[name] for name in FIFO_ATTRIBUTES} == FIFO_ATTRIBUTES
    assert attributes["QueueArn"].endswith(".fifo")


@pytest.mark.parametrize(
    ("suffix", "attributes"),
    [("", {"FifoQueue": "true"}), (".fifo", {}), (".fifo", {"FifoQueue": "false"})],
)
def test_a_name_ends_in_fifo_if_and_only_if_the_queue_is_one(sqs, name, suffix, attributes):
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="no-" + name[-60:] + suffix, Attributes=attributes)


@pytest.mark.parametrize("attribute", ["FifoQueue", "ContentBasedDeduplication"])
def test_a_standard_queue_does_not_know_what_fifo_queues_have(sqs, queue, name, attribute):
    for value in ("true", "false"):
        if (attribute, value) == ("FifoQueue", "true"):
            continue
        with refused("InvalidAttributeName", "Unknown Attribute"):
            sqs.create_queue(QueueName="no-" + name[-60:], Attributes={attribute: value})
    with refused("InvalidAttributeName", f"Unknown Attribute {attribute}."):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={attribute: "true"})


@pytest.mark.parametrize("attribute", [{"DeduplicationScope": "queue"}, {"FifoThroughputLimit": "perQueue"}])
def test_high_throughput_is_for_fifo_queues(sqs, name, attribute):
    with refused("InvalidAttributeName", f"You can specify the {[*attribute][0]} only when FifoQueue is set to true."):
        sqs.create_queue(QueueName="no-" + name[-60:], Attributes=attribute)


def test_the_type_of_a_queue_stays(sqs, queue, fifo_queue):
    with refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"FifoQueue": "false"})
    sqs.set_queue_attributes(QueueUrl=fifo_queue, Attributes={"FifoQueue": "true"})
    text = "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."
    with refused("InvalidAttributeValue", text):
        sqs.set_queue_attributes(QueueUrl=fifo_queue, Attributes={"FifoQueue": "false"})


def test_high_throughput_attributes_are_shown_after_a_change_and_checked_together(sqs, new_fifo_queue):
    queue = new_fifo_queue()
    high = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    with refused("InvalidAttributeValue"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"FifoThroughputLimit": "perMessageGroupId"})
    for attributes in (high, {name: FIFO_ATTRIBUTES[name] for name in high}):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)
        assert attributes_of(sqs, queue, *high) == attributes
    for name in high:
        with refused("InvalidAttributeValue"):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: "perhaps"})


def test_a_receive_takes_the_oldest_group_first_and_then_the_next(sqs, fifo_queue):
    send(sqs, fifo_queue, "g1-1", group="g1")
    send(sqs, fifo_queue, "g2-1", group="g2")
    send(sqs, fifo_queue, "g1-2", "g1-3", group="g1")
    assert take(sqs, fifo_queue) == ["g1-1", "g1-2", "g1-3", "g2-1"]


def test_a_group_with_a_message_in_flight_waits_and_others_do_not(sqs, fifo_queue):
    send(sqs, fifo_queue, "g1-1", "g1-2", group="g1")
    send(sqs, fifo_queue, "g2-1", group="g2")
    [first] = receive(sqs, fifo_queue)
    assert first["Body"] == "g1-1"
    assert take(sqs, fifo_queue) == ["g2-1"]
    assert take(sqs, fifo_queue) == []
    # What waits behind a message in flight is not in flight itself.
    assert counts_of(sqs, fifo_queue) == (1, 2, 0)
    delete(sqs, fifo_queue, first)
    assert take(sqs, fifo_queue) == ["g1-2"]


def test_a_group_that_came_back_queues_behind_the_others(sqs, fifo_queue):
    for group in ("g1", "g2", "g3"):
        send(sqs, fifo_queue, f"{group}-1", f"{group}-2", group=group)
    [first] = receive(sqs, fifo_queue)
    hide(sqs, fifo_queue, first, 0)
    assert take(sqs, fifo_queue) == ["g2-1", "g2-2", "g3-1", "g3-2", "g1-1", "g1-2"]


def test_message_1_comes_back_alone_while_2_is_still_in_flight(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3")
    first, _ = receive(sqs, fifo_queue, MaxNumberOfMessages=2)
    hide(sqs, fifo_queue, first, 0)
    assert take(sqs, fifo_queue) == ["1"]
    assert take(sqs, fifo_queue) == []


@pytest.mark.parametrize(("extended", "returned"), [(0, []), (1, ["1"]), (2, ["1", "2"])])
def test_an_extended_message_holds_back_itself_and_what_is_behind_it(sqs, fifo_queue, extended, returned):
    send(sqs, fifo_queue, "1", "2", "3")
    messages = receive(sqs, fifo_queue, MaxNumberOfMessages=10, VisibilityTimeout=1)
    assert len(messages) == 3
    hide(sqs, fifo_queue, messages[extended], 60)
    assert take(sqs, fifo_queue, WaitTimeSeconds=2, VisibilityTimeout=60) == returned
    assert take(sqs, fifo_queue) == []


def test_batches_keep_their_order_over_groups_and_among_each_other(sqs, fifo_queue):
    for start in range(0, 30, 10):
        entries = [
            {"Id": str(number), "MessageBody": f"{start + number}", "MessageGroupId": f"g{number % 2}"}
            for number in range(10)
        ]
        answer = sqs.send_message_batch(QueueUrl=fifo_queue, Entries=entries)
        assert [entry["Id"] for entry in answer["Successful"]] == [str(number) for number in range(10)]
        numbers = [entry["SequenceNumber"] for entry in answer["Successful"]]
        assert numbers == sorted(set(numbers))
    received = []
    while messages := receive(sqs, fifo_queue, MaxNumberOfMessages=10):
        received += messages
        delete(sqs, fifo_queue, *messages)
    for remainder in (0, 1):
        in_group = [int(message["Body"]) for message in received if int(message["Body"]) % 2 == remainder]
        assert in_group == list(range(remainder, 30, 2))


def test_a_received_message_has_group_id_and_number(sqs, fifo_queue):
    [sent] = send(sqs, fifo_queue, "x", group="some", MessageDeduplicationId="id-1")
    [message] = receive(sqs, fifo_queue)
    attributes = message["Attributes"]
    assert set(attributes) == {
        "ApproximateFirstReceiveTimestamp",
        "ApproximateReceiveCount",
        "MessageDeduplicationId",
        "MessageGroupId",
        "SenderId",
        "SentTimestamp",
        "SequenceNumber",
    }
    assert attributes["MessageGroupId"] == "some"
    assert attributes["MessageDeduplicationId"] == "id-1"
    assert attributes["SequenceNumber"] == sent["SequenceNumber"]


def test_a_message_needs_a_group(sqs, fifo_queue):
    text = "The request must contain the parameter MessageGroupId."
    with refused("MissingParameter", text):
        sqs.send_message(QueueUrl=fifo_queue, MessageBody="x")
    entries = [{"Id": "a", "MessageBody": "a", "MessageGroupId": "g"}, {"Id": "b", "MessageBody": "b"}]
    with refused("InvalidParameterValue", text):
        sqs.send_message_batch(QueueUrl=fifo_queue, Entries=entries)
    assert counts_of(sqs, fifo_queue) == (0, 0, 0)


@pytest.mark.parametrize("parameter", ["MessageGroupId", "MessageDeduplicationId"])
@pytest.mark.parametrize("value", ["group 123", "a" * 129, "ü", "a\tb"])
def test_group_and_deduplication_ids_are_letters_digits_and_punctuation(sqs, fifo_queue, parameter, value):
    text = f"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
    with refused("InvalidParameterValue", f"Value {value} for parameter {parameter} is invalid. Reason: {text}"):
        sqs.send_message(QueueUrl=fifo_queue, MessageBody="x", **({"MessageGroupId": "g"} | {parameter: value}))


def test_every_punctuation_character_may_stand_in_an_id(sqs, fifo_queue):
    every = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09"
    send(sqs, fifo_queue, "x", group=every, MessageDeduplicationId=every[::-1])
    [message] = receive(sqs, fifo_queue)
    assert message["Attributes"]["MessageGroupId"] == every
    assert message["Attributes"]["MessageDeduplicationId"] == every[::-1]


def test_a_message_has_no_delay_of_its_own(sqs, fifo_queue):
    text = (
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for"
        " this queue type."
    )
    with refused("InvalidParameterValue", text):
        send(sqs, fifo_queue, "x", DelaySeconds=2)
    entries = [{"Id": body, "MessageBody": body, "MessageGroupId": "g"} for body in "ab"]
    entries[0]["DelaySeconds"] = 2
    answer = sqs.send_message_batch(QueueUrl=fifo_queue, Entries=entries)
    assert [entry["Id"] for entry in answer["Successful"]] == ["b"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("a", "InvalidParameterValue")]


def test_the_queues_delay_holds_for_messages_sent_before_it_was_changed(sqs, new_fifo_queue):
    queue = new_fifo_queue(ContentBasedDeduplication="true", DelaySeconds="900")
    send(sqs, queue, "1", DelaySeconds=0)
    send(sqs, queue, "2")
    assert take(sqs, queue) == []
    assert counts_of(sqs, queue) == (0, 0, 2)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "0"})
    assert counts_of(sqs, queue) == (2, 0, 0)
    assert take(sqs, queue, VisibilityTimeout=0) == ["1", "2"]
    # What was received once is not delayed again.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "900"})
    assert take(sqs, queue) == ["1", "2"]


def test_the_end_of_the_queues_delay_wakes_a_long_poll(sqs, new_fifo_queue):
    queue = new_fifo_queue(ContentBasedDeduplication="true", DelaySeconds="1")
    send(sqs, queue, "x")
    assert take(sqs, queue, WaitTimeSeconds=20) == ["x"]


def test_an_expired_receipt_is_refused(sqs, fifo_queue):
    send(sqs, fifo_queue, "x")
    [old] = receive(sqs, fifo_queue, VisibilityTimeout=1)
    handle = old["ReceiptHandle"]
    [new] = receive(sqs, fifo_queue, WaitTimeSeconds=5)
    text = f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
    with refused("InvalidParameterValue", text):
        delete(sqs, fifo_queue, old)
    with refused("InvalidParameterValue"):
        hide(sqs, fifo_queue, old, 0)
    entries = [{"Id": "old", "ReceiptHandle": handle}, {"Id": "new", "ReceiptHandle": new["ReceiptHandle"]}]
    answer = sqs.delete_message_batch(QueueUrl=fifo_queue, Entries=entries)
    assert [entry["Id"] for entry in answer["Successful"]] == ["new"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("old", "InvalidParameterValue")]
    assert counts_of(sqs, fifo_queue) == (0, 0, 0)


def test_a_receipt_of_a_message_that_is_visible_again_is_refused(sqs, fifo_queue):
    send(sqs, fifo_queue, "x")
    [message] = receive(sqs, fifo_queue)
    hide(sqs, fifo_queue, message, 0)
    with refused("InvalidParameterValue", "The receipt handle has expired."):
        delete(sqs, fifo_queue, message)
    assert take(sqs, fifo_queue) == ["x"]


def test_a_malformed_receipt_and_one_of_another_queue_are_refused(sqs, fifo_queue, new_fifo_queue):
    send(sqs, fifo_queue, "x")
    [message] = receive(sqs, fifo_queue)
    text = 'The input receipt handle "garbage" is not a valid receipt handle.'
    with refused("ReceiptHandleIsInvalid", text):
        sqs.delete_message(QueueUrl=fifo_queue, ReceiptHandle="garbage")
    with pytest.raises(sqs.exceptions.ClientError):
        delete(sqs, new_fifo_queue(), message)
    assert counts_of(sqs, fifo_queue) == (0, 1, 0)


def test_the_visibility_of_a_deleted_message_can_not_be_changed(sqs, fifo_queue):
    send(sqs, fifo_queue, "x")
    [message] = receive(sqs, fifo_queue)
    delete(sqs, fifo_queue, message)
    with refused("InvalidParameterValue"):
        hide(sqs, fifo_queue, message, 5)


def test_messages_of_a_group_may_be_deleted_in_any_order(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3", "4")
    messages = receive(sqs, fifo_queue, MaxNumberOfMessages=3)
    delete(sqs, fifo_queue, messages[1], messages[0])
    assert take(sqs, fifo_queue) == []
    hide(sqs, fifo_queue, messages[2], 0)
    assert take(sqs, fifo_queue) == ["3", "4"]


def test_a_purged_fifo_queue_goes_on_with_new_messages(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3")
    receive(sqs, fifo_queue)
    sqs.purge_queue(QueueUrl=fifo_queue)
    assert counts_of(sqs, fifo_queue) == (0, 0, 0)
    send(sqs, fifo_queue, "1", "4")
    assert bodies_of(receive(sqs, fifo_queue, MaxNumberOfMessages=10)) == ["1", "4"]


def test_a_standard_queue_takes_and_shows_a_group(sqs, queue):
    [sent] = send(sqs, queue, "x", group="tenant")
    assert "SequenceNumber" not in sent
    send(sqs, queue, "y", group="tenant")
    messages = receive(sqs, queue, MaxNumberOfMessages=10)
    # Nobody waits for anybody, and there is no order to keep.
    assert sorted(bodies_of(messages)) == ["x", "y"]
    for message in messages:
        assert message["Attributes"]["MessageGroupId"] == "tenant"
        assert "SequenceNumber" not in message["Attributes"]
