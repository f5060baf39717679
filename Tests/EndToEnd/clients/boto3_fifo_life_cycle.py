"""FIFO, dead letters, redrive, tags and permissions with whatever boto3 runs this.

Arguments: endpoint, queue name, expected version.
"""

import json
import sys
import time

import boto3

endpoint, name, version = sys.argv[1:]
assert boto3.__version__.startswith(version), boto3.__version__

credentials = dict(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
sqs = boto3.client("sqs", endpoint_url=endpoint, **credentials)
assert boto3.client("sts", endpoint_url=endpoint, **credentials).get_caller_identity()["Account"] == "000000000000"


def arn_of(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def send(url, body, group="g"):
    return sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group)


def receive(url, **arguments):
    arguments = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"]} | arguments
    return sqs.receive_message(QueueUrl=url, **arguments).get("Messages", [])


# Queues with tags and a redrive policy
fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
dead = sqs.create_queue(QueueName=f"{name}-dead.fifo", Attributes=fifo)["QueueUrl"]
policy = json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": 1})
tags = {"team": "a", "empty": ""}
url = sqs.create_queue(QueueName=f"{name}.fifo", Attributes=fifo | {"RedrivePolicy": policy}, tags=tags)["QueueUrl"]
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == tags
sqs.tag_queue(QueueUrl=url, Tags={"more": "x"})
sqs.untag_queue(QueueUrl=url, TagKeys=["team", "empty"])
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"more": "x"}
assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]

# Permissions
sqs.add_permission(QueueUrl=url, Label="one", AWSAccountIds=["1" * 12], Actions=["SendMessage", "ReceiveMessage"])
shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
[statement] = json.loads(shown)["Statement"]
assert (statement["Sid"], statement["Action"]) == ("one", ["SQS:SendMessage", "SQS:ReceiveMessage"])
sqs.remove_permission(QueueUrl=url, Label="one")

# Order and deduplication
sent = [send(url, body) for body in ("1", "2", "3")]
assert send(url, "2")["MessageId"] == sent[1]["MessageId"]
numbers = [answer["SequenceNumber"] for answer in sent]
assert numbers == sorted(numbers) and all(len(number) == 20 for number in numbers)
[first] = receive(url, MaxNumberOfMessages=1, ReceiveRequestAttemptId="attempt")
[again] = receive(url, MaxNumberOfMessages=1, ReceiveRequestAttemptId="attempt")
assert again["ReceiptHandle"] == first["ReceiptHandle"]
assert first["Attributes"]["SequenceNumber"] == numbers[0] and first["Attributes"]["MessageGroupId"] == "g"
assert receive(url) == []
sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
entries = [{"Id": str(n), "MessageBody": f"batch {n}", "MessageGroupId": "g"} for n in range(3)]
assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 3
bodies = ["2", "3", "batch 0", "batch 1", "batch 2"]

# Dead letters, and back
assert [message["Body"] for message in receive(url, VisibilityTimeout=0)] == bodies
assert receive(url) == []
letters = receive(dead, VisibilityTimeout=0)
assert [letter["Body"] for letter in letters] == bodies
assert {letter["Attributes"]["DeadLetterQueueSourceArn"] for letter in letters} == {arn_of(url)}
handle = sqs.start_message_move_task(SourceArn=arn_of(dead), MaxNumberOfMessagesPerSecond=500)["TaskHandle"]
deadline = time.monotonic() + 60
while (task := sqs.list_message_move_tasks(SourceArn=arn_of(dead))["Results"][0])["Status"] == "RUNNING":
    assert task["TaskHandle"] == handle and time.monotonic() < deadline, task
    time.sleep(0.05)
assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 5)
try:
    sqs.cancel_message_move_task(TaskHandle=handle)
    raise AssertionError("an ended task was cancelled")
except sqs.exceptions.ResourceNotFoundException as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
messages = receive(url)
assert [message["Body"] for message in messages] == bodies
handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
assert len(sqs.delete_message_batch(QueueUrl=url, Entries=handles)["Successful"]) == 5

# The end
for queue in (url, dead):
    sqs.delete_queue(QueueUrl=queue)
print("done with boto3", boto3.__version__)
