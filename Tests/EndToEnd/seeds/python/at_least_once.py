"""The calls of a Go program, in its order and with its values."""

import boto3

client = boto3.client("sqs")

standard = client.create_queue(
    QueueName="my-queue",
    Attributes={
        "VisibilityTimeout": "30",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "20",
        "MaximumMessageSize": "262144",
    },
)["QueueUrl"]
fifo = client.create_queue(
    QueueName="my-queue.fifo",
    Attributes={
        "FifoQueue": "true",
        "ContentBasedDeduplication": "true",
        "FifoThroughputLimit": "perQueue",
        "DeduplicationScope": "queue",
    },
)["QueueUrl"]


def send_message(queue_url, body, **arguments):
    result = client.send_message(
        QueueUrl=queue_url,
        MessageBody=body,
        MessageAttributes={"Source": {"DataType": "String", "StringValue": "order-service"}},
        **arguments,
    )
    print(f"Message sent: {result['MessageId']}")


def send_batch(queue_url, messages, **arguments):
    entries = [{"Id": f"msg-{i}", "MessageBody": msg, **arguments} for i, msg in enumerate(messages)]
    result = client.send_message_batch(QueueUrl=queue_url, Entries=entries)
    print(f"Sent {len(result['Successful'])} messages, {len(result.get('Failed', []))} failed")


def receive(queue_url, wait_seconds):
    result = client.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds, VisibilityTimeout=30
    )
    return result.get("Messages", [])


for queue_url, arguments in ((standard, {}), (fifo, {"MessageGroupId": "orders"})):
    send_message(queue_url, '{"orderId":123,"amount":100}', **arguments)
    send_batch(queue_url, ["a", "b", "c"], **arguments)
    bodies = []
    while messages := receive(queue_url, 20 if len(bodies) < 4 else 0):
        for message in messages:
            client.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=60
            )
            bodies.append(message["Body"])
            client.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    print(bodies)
