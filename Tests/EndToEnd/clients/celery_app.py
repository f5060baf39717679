"""A Celery application over SQS; the environment says where. Its worker runs `add`, if need be with retries."""

import os

from celery import Celery

endpoint = os.environ["SQS_ENDPOINT"]
name = os.environ["SQS_QUEUE"]

app = Celery("holdfast", broker=endpoint.replace("http://", "sqs://test:test@"))
app.conf.update(
    broker_transport_options={
        "region": "us-east-1",
        "is_secure": False,
        "visibility_timeout": 60,
        "wait_time_seconds": 2,
        "polling_interval": 0.1,
    },
    broker_connection_retry_on_startup=True,
    task_default_queue=name,
    task_acks_late=True,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)


def say(text):
    with open(os.environ["DONE_FILE"], "a") as done:
        done.write(text + "\n")


@app.task(bind=True, name="add", max_retries=3)
def add(self, left, right, retries=0):
    if self.request.retries < retries:
        raise self.retry(countdown=0)
    say(f"{left} + {right} = {left + right} after {self.request.retries} retries")
