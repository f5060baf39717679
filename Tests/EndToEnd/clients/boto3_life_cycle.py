"""A standard queue's whole life with whatever boto3 runs this. Arguments: endpoint, queue name, expected version."""

import json
import sys
import threading
import time

import boto3

endpoint, name, version = sys.argv[1:]
assert boto3.__version__.startswith(version), boto3.__version__

sqs = boto3.client(
    "sqs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
)


def arn_of(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def counts_of(url):
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return [int(attributes[name]) for name in names]


# Queues
dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
policy = json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": "2"})
attributes = {"VisibilityTimeout": "60", "RedrivePolicy": policy}
url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
assert sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"] == url
assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
try:
    sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "61"})
    raise AssertionError("a differing attribute was accepted")
except sqs.exceptions.QueueNameExists as error:
    assert error.response["Error"]["Code"] == "QueueAlreadyExists"
pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=name, PaginationConfig={"PageSize": 1})
assert sorted(found for page in pages for found in page.get("QueueUrls", [])) == sorted([url, dead])
sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "1"})
shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
assert (shown["VisibilityTimeout"], shown["ReceiveMessageWaitTimeSeconds"]) == ("60", "1")
assert json.loads(shown["RedrivePolicy"])["deadLetterTargetArn"] == arn_of(dead)

# One message
user_attributes = {
    "text": {"DataType": "String", "StringValue": "ü"},
    "float": {"DataType": "Number.float", "StringValue": "1.5"},
    "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}
trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}
sent = sqs.send_message(
    QueueUrl=url, MessageBody="one", MessageAttributes=user_attributes, MessageSystemAttributes=trace
)
received = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
assert len(received) == 1
[message] = received
assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "one")
assert message["MessageAttributes"] == user_attributes
assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
assert message["Attributes"]["AWSTraceHeader"] == "Root=1-abc"
assert counts_of(url) == [0, 1, 0]
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
[again] = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
assert again["Attributes"] == {"ApproximateReceiveCount": "2"}

# To the dead-letter queue
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=0)
assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)
[letter] = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"])["Messages"]
assert letter["MessageId"] == sent["MessageId"]
assert letter["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(url)
sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])

# Batches, one entry of which fails
batch = [{"Id": str(n), "MessageBody": f"batch {n}"} for n in range(3)] + [{"Id": "bad", "MessageBody": "\x01"}]
answer = sqs.send_message_batch(QueueUrl=url, Entries=batch)
assert [entry["Id"] for entry in answer["Successful"]] == ["0", "1", "2"]
assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", "InvalidMessageContents")]
messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
assert len(handles) == 3
longer = [entry | {"VisibilityTimeout": 90} for entry in handles]
assert len(sqs.change_message_visibility_batch(QueueUrl=url, Entries=longer)["Successful"]) == 3
answer = sqs.delete_message_batch(QueueUrl=url, Entries=handles + [{"Id": "bad", "ReceiptHandle": "garbage"}])
assert len(answer["Successful"]) == 3
assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", "ReceiptHandleIsInvalid")]

# A long poll, woken by a send
sender = threading.Timer(0.3, lambda: sqs.send_message(QueueUrl=url, MessageBody="wake"))
started = time.monotonic()
sender.start()
[message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
assert message["Body"] == "wake" and time.monotonic() - started < 10

# The end
sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
assert counts_of(url) == [0, 1, 1]
sqs.purge_queue(QueueUrl=url)
assert counts_of(url) == [0, 0, 0]
for queue in (url, dead):
    sqs.delete_queue(QueueUrl=queue)
try:
    sqs.send_message(QueueUrl=url, MessageBody="x")
    raise AssertionError("a deleted queue took a message")
except sqs.exceptions.QueueDoesNotExist as error:
    assert error.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
print("done with boto3", boto3.__version__)
