"""Move tasks as tests start and follow them."""

import base64
import json
import time

FINISH_SECONDS_MAX = 60


def tasks_of(sqs, arn):
    """The tasks of a dead-letter queue, the newest first."""
    return sqs.list_message_move_tasks(SourceArn=arn, MaxResults=10).get("Results", [])


def finished(sqs, arn):
    """The newest task of a dead-letter queue once it runs no more."""
    deadline = time.monotonic() + FINISH_SECONDS_MAX
    while (task := tasks_of(sqs, arn)[0])["Status"] in ("RUNNING", "CANCELLING"):
        assert time.monotonic() < deadline, f"the task does not end: {task}"
        time.sleep(0.05)
    return task


def handle_of(arn, task="00000000-0000-0000-0000-000000000000"):
    """A task handle as AWS writes it, for a task that does not exist."""
    return base64.b64encode(json.dumps({"taskId": task, "sourceArn": arn}).encode()).decode()
