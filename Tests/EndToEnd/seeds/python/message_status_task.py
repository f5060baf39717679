"""Polls two queues and forwards what they hold to a third, as its description says; the environment names them.

Ends after a number of polls instead of never.
"""

import json
import logging
import os
from datetime import datetime, timezone

import boto3

QUEUES = {
    "StatusUpdateQueue": os.environ["STATUS_UPDATE_QUEUE_URL"],
    "DLQ": os.environ["DLQ_URL"],
}
EVENT_QUEUE_URL = os.environ["EVENT_QUEUE_URL"]
POLL_INTERVAL = int(os.environ.get("POLL_INTERVAL", "10"))
MAX_MESSAGES = int(os.environ.get("MAX_MESSAGES", "10"))
POLLS = 3

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))
log = logging.getLogger("message-status")
sqs = boto3.client("sqs")


def event_of(message, source):
    status = json.loads(message["Body"])
    return {
        "messageId": status["snsMessageId"],
        "status": status["deliveryStatus"],
        "response": status["providerResponse"],
        "timestamp": status["timestamp"],
        "sourceQueue": source,
        "processedAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def forward(source, url):
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=MAX_MESSAGES, WaitTimeSeconds=POLL_INTERVAL, AttributeNames=["All"]
    )
    for message in answer.get("Messages", []):
        try:
            body = json.dumps(event_of(message, source))
        except (KeyError, ValueError) as error:
            log.error("message %s of %s can not be read: %r", message["MessageId"], source, error)
            continue
        sqs.send_message(QueueUrl=EVENT_QUEUE_URL, MessageBody=body)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        log.info("forwarded %s of %s", message["MessageId"], source)


for _ in range(POLLS):
    for source, url in QUEUES.items():
        forward(source, url)
print("done")
