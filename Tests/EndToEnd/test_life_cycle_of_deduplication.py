"""What FIFO queues send twice and take once; retried receives; sequence numbers."""

import pytest

from digests import md5_of
from queues import arn_of, bury, counts_of, delete, hide, receive, redrive, send, take
from refusals import refused

NO_ID = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"


def test_a_repeated_send_is_answered_like_the_first_and_adds_nothing(sqs, new_fifo_queue):
    queue = new_fifo_queue()
    [first] = send(sqs, queue, "first", MessageDeduplicationId="id")
    [again] = send(sqs, queue, "other body", MessageDeduplicationId="id")
    assert again["MessageId"] == first["MessageId"]
    assert again["SequenceNumber"] == first["SequenceNumber"]
    # The digest is that of what was sent now.
    assert again["MD5OfMessageBody"] == md5_of("other body")
    assert take(sqs, queue) == ["first"]


def test_a_message_needs_a_deduplication_id_or_the_queue_makes_one(sqs, new_fifo_queue):
    queue = new_fifo_queue()
    with refused("InvalidParameterValue", NO_ID):
        send(sqs, queue, "x")
    entries = [
        {"Id": "1", "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "1"},
        {"Id": "2", "MessageBody": "x", "MessageGroupId": "g"},
    ]
    with refused("InvalidParameterValue", NO_ID):
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"ContentBasedDeduplication": "true"})
    send(sqs, queue, "x")
    assert take(sqs, queue) == ["x"]


def test_equal_bodies_are_one_message_whatever_their_attributes(sqs, fifo_queue):
    [first] = send(sqs, fifo_queue, "x")
    attribute = {"a": {"DataType": "String", "StringValue": "1"}}
    [again] = send(sqs, fifo_queue, "x", MessageAttributes=attribute)
    assert again["MessageId"] == first["MessageId"]
    [other] = send(sqs, fifo_queue, "x ")
    assert other["MessageId"] != first["MessageId"]
    assert counts_of(sqs, fifo_queue) == (2, 0, 0)


def test_the_content_based_id_is_the_bodys_sha_256(sqs, fifo_queue):
    send(sqs, fifo_queue, "hello")
    [message] = receive(sqs, fifo_queue)
    expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert message["Attributes"]["MessageDeduplicationId"] == expected


def test_an_explicit_id_wins_over_the_content(sqs, fifo_queue):
    send(sqs, fifo_queue, "x", MessageDeduplicationId="1")
    send(sqs, fifo_queue, "x", MessageDeduplicationId="2")
    send(sqs, fifo_queue, "y", MessageDeduplicationId="2")
    assert take(sqs, fifo_queue) == ["x", "x"]


def test_an_id_is_remembered_after_its_message_was_deleted(sqs, fifo_queue):
    [first] = send(sqs, fifo_queue, "x")
    delete(sqs, fifo_queue, *receive(sqs, fifo_queue))
    [again] = send(sqs, fifo_queue, "x")
    assert again["MessageId"] == first["MessageId"]
    assert counts_of(sqs, fifo_queue) == (0, 0, 0)


def test_an_id_counts_for_the_whole_queue(sqs, fifo_queue):
    [first] = send(sqs, fifo_queue, "x", group="g1")
    [again] = send(sqs, fifo_queue, "x", group="g2")
    assert again["MessageId"] == first["MessageId"]
    assert counts_of(sqs, fifo_queue) == (1, 0, 0)


@pytest.mark.parametrize("limit", ["perQueue", "perMessageGroupId"])
def test_an_id_counts_for_its_group_if_the_queue_says_so(sqs, new_fifo_queue, limit):
    queue = new_fifo_queue(
        ContentBasedDeduplication="true", DeduplicationScope="messageGroup", FifoThroughputLimit=limit
    )
    for group in ("g1", "g2", "g1"):
        send(sqs, queue, "x", group=group)
    groups = [message["Attributes"]["MessageGroupId"] for message in receive(sqs, queue, MaxNumberOfMessages=10)]
    assert groups == ["g1", "g2"]


def test_an_id_that_stands_twice_in_a_batch_is_one_message(sqs, new_fifo_queue):
    queue = new_fifo_queue()
    ids = ["1", "2", "1", "3", "2"]
    entries = [
        {"Id": str(number), "MessageBody": str(number), "MessageGroupId": "g", "MessageDeduplicationId": given}
        for number, given in enumerate(ids)
    ]
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]
    assert answer[2]["MessageId"] == answer[0]["MessageId"]
    assert answer[4]["SequenceNumber"] == answer[1]["SequenceNumber"]
    assert take(sqs, queue) == ["0", "1", "3"]


def test_a_purge_forgets_the_ids(sqs, fifo_queue):
    [first] = send(sqs, fifo_queue, "x")
    sqs.purge_queue(QueueUrl=fifo_queue)
    [again] = send(sqs, fifo_queue, "x")
    assert again["MessageId"] != first["MessageId"]
    assert take(sqs, fifo_queue) == ["x"]


def test_each_queue_has_ids_of_its_own(sqs, new_fifo_queue):
    for _ in range(2):
        queue = new_fifo_queue()
        send(sqs, queue, "x", MessageDeduplicationId="id")
        assert take(sqs, queue) == ["x"]


def test_the_source_drops_duplicates_of_a_dead_letter_and_the_dead_letter_queue_does_not(sqs, new_fifo_queue):
    queue, dead = new_fifo_queue(), new_fifo_queue()
    redrive(sqs, queue, dead, 1)
    [sent] = send(sqs, queue, "x", MessageDeduplicationId="id")
    bury(sqs, queue)
    [again] = send(sqs, queue, "x", MessageDeduplicationId="id")
    assert again["MessageId"] == sent["MessageId"]
    assert counts_of(sqs, queue) == (0, 0, 0)
    send(sqs, dead, "new", MessageDeduplicationId="id")
    letter, new = receive(sqs, dead, MaxNumberOfMessages=10)
    assert (letter["Body"], new["Body"]) == ("x", "new")
    assert letter["MessageId"] == sent["MessageId"]
    assert letter["Attributes"]["MessageGroupId"] == "g"
    assert letter["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(sqs, queue)


def test_a_sequence_number_has_twenty_digits_and_grows(sqs, fifo_queue):
    numbers = [answer["SequenceNumber"] for answer in send(sqs, fifo_queue, *map(str, range(12)))]
    assert all(len(number) == 20 and number.isdigit() for number in numbers)
    assert numbers == sorted(set(numbers))


def test_sequence_numbers_grow_over_draining_purging_and_creating_anew(sqs, fifo_queue):
    queue = fifo_queue
    numbers = []

    def send_one():
        numbers.append(send(sqs, queue, f"message {len(numbers)}")[0]["SequenceNumber"])

    send_one()
    delete(sqs, queue, *receive(sqs, queue))
    send_one()
    sqs.purge_queue(QueueUrl=queue)
    send_one()
    sqs.delete_queue(QueueUrl=queue)
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    assert sqs.create_queue(QueueName=queue.rpartition("/")[2], Attributes=attributes)["QueueUrl"] == queue
    send_one()
    assert numbers == sorted(set(numbers))


def test_a_retried_receive_gives_the_same_messages_and_handles(sqs, fifo_queue):
    send(sqs, fifo_queue, "1", "2", "3")
    attempt = {"ReceiveRequestAttemptId": "attempt-1", "MaxNumberOfMessages": 2}
    first = receive(sqs, fifo_queue, **attempt)
    again = receive(sqs, fifo_queue, **attempt)
    assert [message["Body"] for message in again] == ["1", "2"]
    shown = [(message["MessageId"], message["ReceiptHandle"]) for message in first]
    assert [(message["MessageId"], message["ReceiptHandle"]) for message in again] == shown
    assert receive(sqs, fifo_queue, ReceiveRequestAttemptId="attempt-2") == []
    delete(sqs, fifo_queue, *again)
    assert take(sqs, fifo_queue) == ["3"]


@pytest.mark.parametrize("change", [delete, lambda sqs, queue, message: hide(sqs, queue, message, 0)])
def test_a_receive_is_not_retried_once_a_message_of_it_was_touched(sqs, fifo_queue, change):
    send(sqs, fifo_queue, "1", "2")
    attempt = {"ReceiveRequestAttemptId": "attempt", "MaxNumberOfMessages": 10}
    messages = receive(sqs, fifo_queue, **attempt)
    change(sqs, fifo_queue, messages[0])
    text = "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable."
    with refused("InvalidParameterValue", text):
        receive(sqs, fifo_queue, **attempt)


@pytest.mark.parametrize("attempt", ["a b", "a" * 129])
def test_an_attempt_id_of_a_wrong_form_is_refused(sqs, fifo_queue, attempt):
    with refused("InvalidParameterValue", "ReceiveRequestAttemptId"):
        receive(sqs, fifo_queue, ReceiveRequestAttemptId=attempt)
