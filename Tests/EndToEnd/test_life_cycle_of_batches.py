"""Batches through boto3: whole, in part, and refused."""

import pytest

from digests import md5_of
from queues import counts_of, receive
from refusals import refused


def ids_of(entries):
    return [entry["Id"] for entry in entries]


def send_batch(sqs, queue, *bodies):
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    return sqs.send_message_batch(QueueUrl=queue, Entries=entries)


def test_a_batch_of_ten_is_sent_received_hidden_and_deleted(sqs, queue):
    bodies = [f"body {number}" for number in range(10)]
    sent = send_batch(sqs, queue, *bodies)
    assert "Failed" not in sent
    assert ids_of(sent["Successful"]) == [str(number) for number in range(10)]
    assert [entry["MD5OfMessageBody"] for entry in sent["Successful"]] == [md5_of(body) for body in bodies]

    messages = receive(sqs, queue, MaxNumberOfMessages=10)
    assert [message["Body"] for message in messages] == bodies
    assert [message["MessageId"] for message in messages] == [e["MessageId"] for e in sent["Successful"]]

    handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    given_back = [entry | {"VisibilityTimeout": 0} for entry in handles[:4]]
    changed = sqs.change_message_visibility_batch(QueueUrl=queue, Entries=given_back)
    assert ids_of(changed["Successful"]) == ["0", "1", "2", "3"] and "Failed" not in changed
    assert counts_of(sqs, queue) == (4, 6, 0)

    deleted = sqs.delete_message_batch(QueueUrl=queue, Entries=handles)
    assert ids_of(deleted["Successful"]) == ids_of(handles) and "Failed" not in deleted
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_each_entry_of_a_sent_batch_fails_for_itself(sqs, queue):
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
    sent = sqs.send_message_batch(
        QueueUrl=queue,
        Entries=[
            {"Id": "good", "MessageBody": "good"},
            {"Id": "large", "MessageBody": "x" * 1025},
            {"Id": "control", "MessageBody": "\x01"},
            {"Id": "delay", "MessageBody": "x", "DelaySeconds": 901},
            {
                "Id": "attribute",
                "MessageBody": "x",
                "MessageAttributes": {"a": {"DataType": "String", "StringValue": ""}},
            },
            {"Id": "delayed", "MessageBody": "later", "DelaySeconds": 900},
        ],
    )
    assert ids_of(sent["Successful"]) == ["good", "delayed"]
    failed = {entry["Id"]: entry for entry in sent["Failed"]}
    assert set(failed) == {"large", "control", "delay", "attribute"}
    assert all(entry["SenderFault"] for entry in failed.values())
    assert failed["large"]["Code"] == "InvalidParameterValue"
    assert failed["large"]["Message"].endswith("Reason: Message must be shorter than 1024 bytes.")
    assert failed["control"]["Code"] == "InvalidMessageContents"
    assert failed["delay"]["Code"] == failed["attribute"]["Code"] == "InvalidParameterValue"
    assert counts_of(sqs, queue) == (1, 0, 1)


def test_each_entry_of_a_deleting_or_changing_batch_fails_for_itself(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    [message] = receive(sqs, queue)
    good = {"Id": "good", "ReceiptHandle": message["ReceiptHandle"]}
    bad = {"Id": "bad", "ReceiptHandle": "garbage"}
    far = {"Id": "far", "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 43_201}

    entries = [bad | {"VisibilityTimeout": 1}, far, good | {"VisibilityTimeout": 50}]
    changed = sqs.change_message_visibility_batch(QueueUrl=queue, Entries=entries)
    assert ids_of(changed["Successful"]) == ["good"]
    codes = {entry["Id"]: entry["Code"] for entry in changed["Failed"]}
    assert codes == {"bad": "ReceiptHandleIsInvalid", "far": "InvalidParameterValue"}

    deleted = sqs.delete_message_batch(QueueUrl=queue, Entries=[bad, good])
    assert ids_of(deleted["Successful"]) == ["good"]
    [failed] = deleted["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == ("bad", "ReceiptHandleIsInvalid", True)
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_a_batch_of_no_entries_is_refused(sqs, queue):
    for operation, action in BATCHES:
        with refused(
            "AWS.SimpleQueueService.EmptyBatchRequest",
            f"There should be at least one {action}RequestEntry in the request.",
        ):
            getattr(sqs, operation)(QueueUrl=queue, Entries=[])


def test_a_batch_of_more_than_ten_entries_is_refused(sqs, queue):
    with refused(
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10. You have sent 11.",
    ):
        send_batch(sqs, queue, *["x"] * 11)
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_a_batch_with_an_id_twice_is_refused(sqs, queue):
    for operation, action in BATCHES:
        entries = [entry_of(action, number) for number in ("a", "b", "c", "b", "a")]
        with refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id b repeated."):
            getattr(sqs, operation)(QueueUrl=queue, Entries=entries)


@pytest.mark.parametrize("number", ["", "a b", "ä", "a.b", "a" * 81])
def test_a_batch_with_an_id_of_a_wrong_form_is_refused(sqs, queue, number):
    for operation, action in BATCHES:
        with refused("AWS.SimpleQueueService.InvalidBatchEntryId", "A batch entry id can only contain"):
            getattr(sqs, operation)(QueueUrl=queue, Entries=[entry_of(action, number)])


def test_a_batch_of_more_than_a_mebibyte_in_all_is_refused_whole(sqs, queue):
    with refused(
        "AWS.SimpleQueueService.BatchRequestTooLong",
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    ):
        send_batch(sqs, queue, "x" * 524_288, "x" * 524_289)
    assert counts_of(sqs, queue) == (0, 0, 0)
    send_batch(sqs, queue, "x" * 524_288, "x" * 524_288)
    assert counts_of(sqs, queue) == (2, 0, 0)


BATCHES = [
    ("send_message_batch", "SendMessageBatch"),
    ("delete_message_batch", "DeleteMessageBatch"),
    ("change_message_visibility_batch", "ChangeMessageVisibilityBatch"),
]


def entry_of(action, number):
    """A minimal entry of a batch."""
    if action == "SendMessageBatch":
        return {"Id": number, "MessageBody": "x"}
    if action == "DeleteMessageBatch":
        return {"Id": number, "ReceiptHandle": "AAAA"}
    return {"Id": number, "ReceiptHandle": "AAAA", "VisibilityTimeout": 1}
