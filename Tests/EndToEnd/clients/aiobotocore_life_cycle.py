"""Queues' whole lives with aiobotocore. Arguments: endpoint, queue name."""

import asyncio
import json
import sys

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

endpoint, name = sys.argv[1:]


async def attributes_of(sqs, url, *names):
    answer = await sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    return answer["Attributes"]


async def counts_of(sqs, url):
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    attributes = await attributes_of(sqs, url, *names)
    return [int(attributes[name]) for name in names]


async def receive(sqs, url, **arguments):
    answer = await sqs.receive_message(
        QueueUrl=url, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"], **arguments
    )
    return answer.get("Messages", [])


async def queues(sqs):
    """Makes a queue with a dead-letter queue."""
    dead = (await sqs.create_queue(QueueName=f"{name}-dead"))["QueueUrl"]
    arn = (await attributes_of(sqs, dead, "QueueArn"))["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "60"}
    url = (await sqs.create_queue(QueueName=name, Attributes=attributes))["QueueUrl"]
    assert (await sqs.get_queue_url(QueueName=name))["QueueUrl"] == url
    try:
        await sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "61"})
        raise AssertionError("a differing attribute was accepted")
    except sqs.exceptions.QueueNameExists:
        pass
    found = []
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=name, PaginationConfig={"PageSize": 1})
    async for page in pages:
        found += page.get("QueueUrls", [])
    assert sorted(found) == sorted([url, dead])
    await sqs.set_queue_attributes(QueueUrl=url, Attributes={"ReceiveMessageWaitTimeSeconds": "1"})
    assert (await attributes_of(sqs, url, "All"))["ReceiveMessageWaitTimeSeconds"] == "1"
    return url, dead


async def one_message(sqs, url, dead):
    attributes = {
        "text": {"DataType": "String", "StringValue": "ü"},
        "float": {"DataType": "Number.float", "StringValue": "1.5"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-abc"}}
    sent = await sqs.send_message(
        QueueUrl=url, MessageBody="one", MessageAttributes=attributes, MessageSystemAttributes=trace
    )
    for count in ("1", "2"):
        [message] = await receive(sqs, url)
        assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "one")
        assert message["MessageAttributes"] == attributes
        assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
        assert message["Attributes"]["AWSTraceHeader"] == "Root=1-abc"
        assert message["Attributes"]["ApproximateReceiveCount"] == count
        assert await counts_of(sqs, url) == [0, 1, 0]
        handle = message["ReceiptHandle"]
        await sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    assert await receive(sqs, url, WaitTimeSeconds=0) == []
    [letter] = await receive(sqs, dead)
    arn = (await attributes_of(sqs, url, "QueueArn"))["QueueArn"]
    assert letter["Attributes"]["DeadLetterQueueSourceArn"] == arn
    await sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])


async def batches(sqs, url):
    entries = [{"Id": str(n), "MessageBody": f"batch {n}"} for n in range(3)]
    answer = await sqs.send_message_batch(QueueUrl=url, Entries=[*entries, {"Id": "bad", "MessageBody": "\x01"}])
    assert [entry["Id"] for entry in answer["Successful"]] == ["0", "1", "2"]
    assert [entry["Id"] for entry in answer["Failed"]] == ["bad"]
    messages = await receive(sqs, url, MaxNumberOfMessages=10)
    handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    assert len(handles) == 3
    longer = [entry | {"VisibilityTimeout": 90} for entry in handles]
    answer = await sqs.change_message_visibility_batch(QueueUrl=url, Entries=longer)
    assert len(answer["Successful"]) == 3
    bad = {"Id": "bad", "ReceiptHandle": "garbage"}
    answer = await sqs.delete_message_batch(QueueUrl=url, Entries=[*handles, bad])
    assert len(answer["Successful"]) == 3
    assert [entry["Code"] for entry in answer["Failed"]] == ["ReceiptHandleIsInvalid"]


async def many_at_once(sqs, url):
    """Polls that wait while as many sends run beside them."""
    polls = [asyncio.create_task(receive(sqs, url, WaitTimeSeconds=20)) for _ in range(20)]
    await asyncio.sleep(0.3)
    await asyncio.gather(*(sqs.send_message(QueueUrl=url, MessageBody=str(n)) for n in range(20)))
    messages = [message for poll in polls for message in await poll]
    assert sorted(int(message["Body"]) for message in messages) == list(range(20))
    handles = [message["ReceiptHandle"] for message in messages]
    await asyncio.gather(*(sqs.delete_message(QueueUrl=url, ReceiptHandle=handle) for handle in handles))
    assert await counts_of(sqs, url) == [0, 0, 0]


async def cancelled_poll(sqs, url):
    """A poll whose task was cancelled consumes nothing."""
    poll = asyncio.create_task(receive(sqs, url, WaitTimeSeconds=20))
    await asyncio.sleep(0.3)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await asyncio.sleep(0.3)
    await sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = await receive(sqs, url)
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


async def fifo(sqs):
    """Order, groups, deduplication, tags."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = (await sqs.create_queue(QueueName=f"{name}.fifo", Attributes=attributes, tags={"a": "b"}))["QueueUrl"]
    assert (await sqs.list_queue_tags(QueueUrl=url))["Tags"] == {"a": "b"}

    async def send_group(group):
        for number in range(5):
            await sqs.send_message(QueueUrl=url, MessageBody=f"{group} {number}", MessageGroupId=group)

    await asyncio.gather(*[send_group(group) for group in "abcd"])
    await sqs.send_message(QueueUrl=url, MessageBody="a 0", MessageGroupId="a")
    found = {group: [] for group in "abcd"}
    while messages := await receive(sqs, url, MaxNumberOfMessages=3):
        for message in messages:
            found[message["Attributes"]["MessageGroupId"]].append(message["Body"])
            await sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert found == {group: [f"{group} {number}" for number in range(5)] for group in "abcd"}
    await sqs.delete_queue(QueueUrl=url)


async def the_end(sqs, url, dead):
    await sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    assert await counts_of(sqs, url) == [0, 1, 1]
    await sqs.purge_queue(QueueUrl=url)
    assert await counts_of(sqs, url) == [0, 0, 0]
    for queue in (url, dead):
        await sqs.delete_queue(QueueUrl=queue)
    try:
        await sqs.send_message(QueueUrl=url, MessageBody="x")
        raise AssertionError("a deleted queue took a message")
    except sqs.exceptions.QueueDoesNotExist as error:
        assert error.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


async def main():
    options = dict(
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        # Each waiting poll holds a connection; the ten of the default would leave none for the sends.
        config=AioConfig(max_pool_connections=50),
    )
    async with get_session().create_client("sqs", **options) as sqs:
        url, dead = await queues(sqs)
        await one_message(sqs, url, dead)
        await batches(sqs, url)
        await many_at_once(sqs, url)
        await cancelled_poll(sqs, url)
        await fifo(sqs)
        await the_end(sqs, url, dead)
    print("done with aiobotocore")


asyncio.run(main())
