"""What happens when the disk fails under a running broker."""

import http.client

from broker import STOP_SECONDS_MAX
from wire import Caller

STORE_FAILURE = 74

# The kernel refuses to let any file grow past 200 KiB, with an error as a failing disk gives it.
SMALL_FILES = ["bash", "-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "bash"]


def test_a_failed_write_is_answered_with_500_ends_the_process_with_74_and_loses_nothing(new_broker):
    broker = new_broker(prefix=SMALL_FILES).start()
    url = broker.queue_url("q")
    with Caller(broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "small"})
        try:
            status = caller.call("SendMessage", {"QueueUrl": url, "MessageBody": "x" * 1_000_000}).status
        except (OSError, http.client.HTTPException):
            # The process may end before the answer is out; a request without an answer may not have happened.
            status = 500
        assert status == 500
    assert broker.process.wait(STOP_SECONDS_MAX) == STORE_FAILURE
    assert " critical " in broker.log()

    broker.process = None
    broker.prefix = []
    broker.start()
    with Caller(broker) as caller:
        messages = caller.ok("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10})["Messages"]
    assert [message["Body"] for message in messages] == ["small"]
