"""A request of each operation that succeeds, from which the tests of robustness make odd ones."""

import json

ATTRIBUTES = {
    "a": {"DataType": "String", "StringValue": "x"},
    "b": {"DataType": "Binary", "BinaryValue": "AP8="},
}
SYSTEM_ATTRIBUTES = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}
MESSAGE = {
    "MessageBody": "x",
    "DelaySeconds": 0,
    "MessageAttributes": ATTRIBUTES,
    "MessageSystemAttributes": SYSTEM_ATTRIBUTES,
}


def good_requests(name, url, handle, dead, task):
    """A request of each operation that succeeds; `url` has a redrive policy that names the queue `dead`."""
    entry = {"Id": "a", "ReceiptHandle": handle}
    arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
    return {
        "CreateQueue": {"QueueName": name, "Attributes": {"DelaySeconds": "0"}},
        "GetQueueUrl": {"QueueName": name},
        "ListQueues": {"QueueNamePrefix": name, "MaxResults": 10},
        "GetQueueAttributes": {"QueueUrl": url, "AttributeNames": ["All"]},
        "SetQueueAttributes": {"QueueUrl": url, "Attributes": {"DelaySeconds": "0"}},
        "SendMessage": {"QueueUrl": url, **MESSAGE},
        "SendMessageBatch": {"QueueUrl": url, "Entries": [{"Id": "a", **MESSAGE}]},
        "ReceiveMessage": {
            "QueueUrl": url,
            "AttributeNames": ["All"],
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
            "MaxNumberOfMessages": 1,
            "VisibilityTimeout": 0,
            "WaitTimeSeconds": 0,
        },
        "ChangeMessageVisibility": {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 0},
        "ChangeMessageVisibilityBatch": {"QueueUrl": url, "Entries": [{**entry, "VisibilityTimeout": 0}]},
        "DeleteMessage": {"QueueUrl": url, "ReceiptHandle": handle},
        "DeleteMessageBatch": {"QueueUrl": url, "Entries": [entry]},
        "TagQueue": {"QueueUrl": url, "Tags": {"a": "b"}},
        "ListQueueTags": {"QueueUrl": url},
        "UntagQueue": {"QueueUrl": url, "TagKeys": ["a"]},
        "AddPermission": {"QueueUrl": url, "Label": "b", "AWSAccountIds": ["1" * 12], "Actions": ["SendMessage"]},
        "RemovePermission": {"QueueUrl": url, "Label": "a"},
        "ListDeadLetterSourceQueues": {"QueueUrl": dead, "MaxResults": 10},
        "StartMessageMoveTask": {
            "SourceArn": f"{arn}-dead",
            "DestinationArn": arn,
            "MaxNumberOfMessagesPerSecond": 500,
        },
        "ListMessageMoveTasks": {"SourceArn": f"{arn}-dead", "MaxResults": 10},
        "CancelMessageMoveTask": {"TaskHandle": task},
        "PurgeQueue": {"QueueUrl": url},
        "DeleteQueue": {"QueueUrl": url},
    }


OPERATIONS = list(good_requests("", "", "", "", ""))


def prepared_requests(caller, name):
    """Good requests on a queue that is there, with a message and its handle, and a task that goes on for long."""
    dead = caller.ok("CreateQueue", {"QueueName": f"{name}-dead"})["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:000000000000:{name}-dead"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1_000})
    url = caller.ok("CreateQueue", {"QueueName": name, "Attributes": {"RedrivePolicy": policy}})["QueueUrl"]
    caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "x"})
    handle = caller.ok("ReceiveMessage", {"QueueUrl": url, "VisibilityTimeout": 0})["Messages"][0]["ReceiptHandle"]
    permission = {"Label": "a", "AWSAccountIds": ["1" * 12], "Actions": ["*"]}
    caller.ok("AddPermission", {"QueueUrl": url, **permission})
    return good_requests(name, url, handle, dead, slow_task(caller, name))


def slow_task(caller, name):
    """The handle of a move task that does not end by itself while a test runs, from a queue of its own."""
    slow = caller.ok("CreateQueue", {"QueueName": f"{name}-slow"})["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:000000000000:{name}-slow"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    caller.ok("CreateQueue", {"QueueName": f"{name}-source", "Attributes": {"RedrivePolicy": policy}})
    entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
    for _ in range(30):
        caller.ok("SendMessageBatch", {"QueueUrl": slow, "Entries": entries})
    task = {"SourceArn": arn, "DestinationArn": arn[:-5], "MaxNumberOfMessagesPerSecond": 1}
    return caller.ok("StartMessageMoveTask", task)["TaskHandle"]


def restore(caller, operation, name):
    """Gives back what a request before may have taken away."""
    if operation == "DeleteQueue":
        caller.ok("CreateQueue", {"QueueName": name})
    elif operation == "RemovePermission":
        caller.call("AddPermission", {"QueueUrl": name, "Label": "a", "AWSAccountIds": ["1" * 12], "Actions": ["*"]})
