"""What tests ask of queues through boto3, again and again."""


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


def receive(sqs, queue, **arguments):
    """The messages of one receive, with all their attributes."""
    arguments = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]} | arguments
    return sqs.receive_message(QueueUrl=queue, **arguments).get("Messages", [])
