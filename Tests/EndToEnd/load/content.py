"""Messages that can be checked knowing nothing else."""

import base64
import hashlib

from digests import md5_of, md5_of_attributes

# Small ones, ones of several pages, and now and then one that grows the log visibly.
BODY_SIZES_BYTES = [0] * 6 + [200] * 6 + [3_000] * 6 + [20_000, 20_000, 200_000]


def body_of(token, size):
    """Token, size, and bytes that follow from both."""
    seed = hashlib.sha256(f"{token}/{size}".encode()).hexdigest()
    return f"{token}/{size}/" + (seed * (size // len(seed) + 1))[:size]


def token_of(body):
    return body.split("/", 1)[0]


def attributes_of(token, random):
    """Message attributes of every type, or none."""
    if random.random() < 0.5:
        return None
    binary = hashlib.sha256(token.encode()).digest()
    return {
        "token": {"DataType": "String", "StringValue": f"{token} ü"},
        "number.of-it": {"DataType": "Number.float", "StringValue": "1.5"},
        "bytes": {"DataType": "Binary.digest", "BinaryValue": base64.b64encode(binary).decode()},
    }


def digest_of(attributes):
    """The MD5 of attributes as they are in JSON; nothing if there are none."""
    if not attributes:
        return None
    parsed = {
        name: value | ({"BinaryValue": base64.b64decode(value["BinaryValue"])} if "BinaryValue" in value else {})
        for name, value in attributes.items()
    }
    return md5_of_attributes(parsed)


class NewMessage:
    """What sends a message, and what the history has to know of it."""

    def __init__(self, token, random, *, group=None, delay=None):
        self.token = token
        body = body_of(token, random.choice(BODY_SIZES_BYTES))
        attributes = attributes_of(token, random)
        self.entry = {"MessageBody": body}
        self.record = {"token": token, "body": md5_of(body)}
        if attributes:
            self.entry["MessageAttributes"] = attributes
            self.record["attributes"] = digest_of(attributes)
        if group:
            self.entry |= {"MessageGroupId": group, "MessageDeduplicationId": token}
            self.record |= {"group": group, "deduplication": token}
        if delay is not None:
            self.entry["DelaySeconds"] = delay
            self.record["delay"] = delay


def sent_record(answer):
    """What the answer to a send told, of one message."""
    record = {"id": answer["MessageId"], "body": answer["MD5OfMessageBody"]}
    if "MD5OfMessageAttributes" in answer:
        record["attributes"] = answer["MD5OfMessageAttributes"]
    if "SequenceNumber" in answer:
        record["sequence"] = int(answer["SequenceNumber"])
    return record


def received_record(message):
    """What a receive brought, of one message."""
    system = message["Attributes"]
    record = {
        "token": token_of(message["Body"]),
        "id": message["MessageId"],
        "count": int(system["ApproximateReceiveCount"]),
        "body": md5_of(message["Body"]),
        "toldBody": message["MD5OfBody"],
    }
    if "MessageAttributes" in message:
        record["attributes"] = digest_of(message["MessageAttributes"])
    if "MD5OfMessageAttributes" in message:
        record["toldAttributes"] = message["MD5OfMessageAttributes"]
    if "MessageGroupId" in system:
        record["group"] = system["MessageGroupId"]
    if "SequenceNumber" in system:
        record["sequence"] = int(system["SequenceNumber"])
    if "DeadLetterQueueSourceArn" in system:
        record["source"] = system["DeadLetterQueueSourceArn"].rpartition(":")[2]
    return record
