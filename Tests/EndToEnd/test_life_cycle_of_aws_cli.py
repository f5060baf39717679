"""The whole life of a queue with the AWS CLI."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from aws_cli import CLI


@pytest.fixture
def aws(broker, tmp_path):
    return CLI(broker, tmp_path)


def test_the_aws_cli_runs_a_full_life_cycle(aws, broker, name):
    dead = aws("create-queue", "--queue-name", f"{name}-dead")["QueueUrl"]
    arn = aws("get-queue-attributes", "--queue-url", dead, "--attribute-names", "QueueArn")["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    attributes = json.dumps({"VisibilityTimeout": "0", "RedrivePolicy": policy})
    url = aws("create-queue", "--queue-name", name, "--attributes", attributes)["QueueUrl"]
    assert url == broker.queue_url(name)
    assert aws("get-queue-url", "--queue-name", name)["QueueUrl"] == url
    listed = aws("list-queues", "--queue-name-prefix", name, "--page-size", "1")
    assert sorted(listed["QueueUrls"]) == sorted([url, dead])
    assert aws("set-queue-attributes", "--queue-url", url, "--attributes", "DelaySeconds=0") is None

    attribute = "kind={DataType=Number.float,StringValue=1.5},raw={DataType=Binary,BinaryValue=AP8=}"
    sent = aws("send-message", "--queue-url", url, "--message-body", "ü", "--message-attributes", attribute)
    receive = ("receive-message", "--queue-url", url, "--attribute-names", "All", "--message-attribute-names", "All")
    [message] = aws(*receive)["Messages"]
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "ü")
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert message["MessageAttributes"]["kind"] == {"DataType": "Number.float", "StringValue": "1.5"}
    # Version 2 of the CLI reads base64, version 1 the bytes as they are; both show base64.
    assert message["MessageAttributes"]["raw"]["BinaryValue"] in ("AP8=", base64.b64encode(b"AP8=").decode())
    assert aws(*receive) is None
    [letter] = aws("receive-message", "--queue-url", dead, "--attribute-names", "All")["Messages"]
    assert letter["Attributes"]["DeadLetterQueueSourceArn"].endswith(f":{name}")
    aws("delete-message", "--queue-url", dead, "--receipt-handle", letter["ReceiptHandle"])

    entries = json.dumps([{"Id": "a", "MessageBody": "a"}, {"Id": "b", "MessageBody": "\x01"}])
    answer = aws("send-message-batch", "--queue-url", url, "--entries", entries)
    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert [entry["Id"] for entry in answer["Failed"]] == ["b"]
    [message] = aws("receive-message", "--queue-url", url, "--visibility-timeout", "60")["Messages"]
    handle = message["ReceiptHandle"]
    aws("change-message-visibility", "--queue-url", url, "--receipt-handle", handle, "--visibility-timeout", "90")
    change = json.dumps([{"Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": 80}])
    aws("change-message-visibility-batch", "--queue-url", url, "--entries", change)
    deletion = json.dumps([{"Id": "a", "ReceiptHandle": handle}])
    assert aws("delete-message-batch", "--queue-url", url, "--entries", deletion) == {"Successful": [{"Id": "a"}]}

    aws("purge-queue", "--queue-url", url)
    for queue in (url, dead):
        aws("delete-queue", "--queue-url", queue)
    error = aws.error("send-message", "--queue-url", url, "--message-body", "x")
    assert "AWS.SimpleQueueService.NonExistentQueue" in error and "The specified queue does not exist." in error


def test_the_aws_cli_runs_fifo_tags_permissions_and_redrive(aws, name):
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    dead = aws("create-queue", "--queue-name", f"{name}-d.fifo", "--attributes", json.dumps(fifo))["QueueUrl"]
    shown = aws("get-queue-attributes", "--queue-url", dead, "--attribute-names", "All")["Attributes"]
    dead_arn = shown["QueueArn"]
    assert (shown["FifoQueue"], shown["DeduplicationScope"], shown["FifoThroughputLimit"]) == (
        "true",
        "queue",
        "perQueue",
    )
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    attributes = json.dumps(fifo | {"RedrivePolicy": policy})
    create = ("create-queue", "--queue-name", f"{name}.fifo", "--attributes", attributes)
    url = aws(*create, "--tags", "team=a,empty=")["QueueUrl"]
    queue = ("--queue-url", url)

    assert aws("list-queue-tags", *queue) == {"Tags": {"team": "a", "empty": ""}}
    aws("tag-queue", *queue, "--tags", "team=b")
    aws("untag-queue", *queue, "--tag-keys", "empty")
    assert aws("list-queue-tags", *queue) == {"Tags": {"team": "b"}}
    permission = ("--aws-account-ids", "111111111111", "--actions", "SendMessage")
    aws("add-permission", *queue, "--label", "one", *permission)
    assert "Already exists." in aws.error("add-permission", *queue, "--label", "one", *permission)
    aws("remove-permission", *queue, "--label", "one")

    send = ("send-message", *queue, "--message-body", "x", "--message-group-id", "g")
    sent = aws(*send)
    assert aws(*send)["MessageId"] == sent["MessageId"] and len(sent["SequenceNumber"]) == 20
    receive = ("receive-message", *queue, "--attribute-names", "All", "--visibility-timeout", "0")
    [message] = aws(*receive)["Messages"]
    assert message["Attributes"]["SequenceNumber"] == sent["SequenceNumber"]
    assert aws(*receive) is None
    assert aws("list-dead-letter-source-queues", "--queue-url", dead) == {"queueUrls": [url]}

    task = aws("start-message-move-task", "--source-arn", dead_arn)
    assert task["TaskHandle"]
    listing = ("list-message-move-tasks", "--source-arn", dead_arn)
    while aws(*listing)["Results"][0]["Status"] == "RUNNING":
        pass
    assert aws(*listing)["Results"][0]["ApproximateNumberOfMessagesMoved"] == 1
    error = aws.error("cancel-message-move-task", "--task-handle", task["TaskHandle"])
    assert "ResourceNotFoundException" in error and "Task does not exist." in error
    [message] = aws(*receive)["Messages"]
    assert message["Body"] == "x" and message["MessageId"] != sent["MessageId"]


def test_a_long_poll_of_the_aws_cli_is_woken_by_a_send(aws, caller, queue):
    with ThreadPoolExecutor(1) as executor:
        waiting = executor.submit(aws, "receive-message", "--queue-url", queue, "--wait-time-seconds", "20")
        caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "wake"})
        assert waiting.result()["Messages"][0]["Body"] == "wake"
