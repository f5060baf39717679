"""What tests ask of queues through boto3, again and again."""

import json


def attributes_of(sqs, queue, *names):
    """The attributes of these names, or all."""
    names = list(names) or ["All"]
    return sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names).get("Attributes", {})


def arn_of(sqs, queue):
    return attributes_of(sqs, queue, "QueueArn")["QueueArn"]


def counts_of(sqs, queue):
    """Visible, in flight, delayed."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    attributes = attributes_of(sqs, queue, *names)
    return tuple(int(attributes[name]) for name in names)


def send(sqs, queue, *bodies, group="g", **arguments):
    """Sends bodies to one group of a FIFO queue, each for itself; the answers."""
    return [sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=group, **arguments) for body in bodies]


def bodies_of(messages):
    """The bodies, in the order of the messages."""
    return [message["Body"] for message in messages]


def take(sqs, queue, **arguments):
    """The bodies of one receive of ten messages at most."""
    return bodies_of(receive(sqs, queue, **({"MaxNumberOfMessages": 10} | arguments)))


def delete(sqs, queue, *messages):
    """Deletes received messages."""
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def hide(sqs, queue, message, seconds):
    """Changes a received message's visibility timeout."""
    sqs.change_message_visibility(
        QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
    )


def redrive(sqs, queue, dead_letters, count):
    """Names a queue for the dead letters of another; the policy."""
    policy = {"deadLetterTargetArn": arn_of(sqs, dead_letters), "maxReceiveCount": count}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    return policy


def bury(sqs, queue):
    """Receives a queue's messages until all are dead letters; maxReceiveCount must be 1."""
    while receive(sqs, queue, MaxNumberOfMessages=10, VisibilityTimeout=0):
        pass


def receive(sqs, queue, **arguments):
    """The messages of one receive, with all their attributes."""
    arguments = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]} | arguments
    return sqs.receive_message(QueueUrl=queue, **arguments).get("Messages", [])
