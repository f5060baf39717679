"""Permissions through boto3: the Policy that AWS writes."""

import json

import pytest

from queues import arn_of, attributes_of
from refusals import refused


def policy_of(sqs, queue):
    text = attributes_of(sqs, queue, "Policy").get("Policy")
    return text and json.loads(text)


def add(sqs, queue, label, accounts=("111111111111",), actions=("ReceiveMessage",)):
    sqs.add_permission(QueueUrl=queue, Label=label, AWSAccountIds=list(accounts), Actions=list(actions))


def statement(arn, label, accounts, actions):
    return {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": accounts},
        "Action": actions,
        "Resource": arn,
    }


def test_permissions_are_written_into_the_policy_and_removed(sqs, queue):
    arn = arn_of(sqs, queue)
    add(sqs, queue, "one")
    one = statement(arn, "one", "arn:aws:iam::111111111111:root", "SQS:ReceiveMessage")
    frame = {"Version": "2008-10-17", "Id": f"{arn}/SQSDefaultPolicy"}
    assert policy_of(sqs, queue) == frame | {"Statement": [one]}

    add(sqs, queue, "two", ["111111111111", "222222222222"], ["SendMessage", "DeleteMessage"])
    accounts = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]
    two = statement(arn, "two", accounts, ["SQS:SendMessage", "SQS:DeleteMessage"])
    assert policy_of(sqs, queue) == frame | {"Statement": [one, two]}

    sqs.remove_permission(QueueUrl=queue, Label="one")
    assert policy_of(sqs, queue) == frame | {"Statement": [two]}
    sqs.remove_permission(QueueUrl=queue, Label="two")
    assert policy_of(sqs, queue) is None
    assert "Policy" not in attributes_of(sqs, queue)


def test_every_action_may_be_permitted(sqs, queue):
    add(sqs, queue, "all", actions=["*"])
    assert policy_of(sqs, queue)["Statement"][0]["Action"] == "SQS:*"


def test_a_users_own_statements_stay(sqs, queue):
    own = {"Version": "2012-10-17", "Id": "mine", "Statement": [{"Sid": "s", "Effect": "Deny", "Action": "*"}]}
    own["Statement"][0] |= {"Principal": "*", "Resource": arn_of(sqs, queue)}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(own)})
    add(sqs, queue, "one")
    assert policy_of(sqs, queue)["Statement"][0] == own["Statement"][0]
    assert policy_of(sqs, queue)["Id"] == "mine"
    sqs.remove_permission(QueueUrl=queue, Label="one")
    assert policy_of(sqs, queue) == own


def test_a_label_is_there_once(sqs, queue):
    add(sqs, queue, "one")
    with refused("InvalidParameterValue", "Value one for parameter Label is invalid. Reason: Already exists."):
        add(sqs, queue, "one")
    with refused("InvalidParameterValue", "Value two for parameter Label is invalid. Reason: can't find label."):
        sqs.remove_permission(QueueUrl=queue, Label="two")


def test_more_than_seven_actions_are_over_the_limit(sqs, queue):
    actions = [
        "SendMessage",
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
        "GetQueueAttributes",
        "GetQueueUrl",
        "PurgeQueue",
        "ListDeadLetterSourceQueues",
    ]
    with refused("OverLimit", "8 Actions were found, maximum allowed is 7.", 403):
        add(sqs, queue, "one", actions=actions)
    add(sqs, queue, "one", actions=actions[:7])
    assert len(policy_of(sqs, queue)["Statement"][0]["Action"]) == 7


@pytest.mark.parametrize(
    "odd",
    [
        {"label": "a b"},
        {"label": "a" * 81},
        {"accounts": ["x"]},
        {"accounts": ["1" * 11]},
        {"actions": ["Nothing"]},
        {"actions": ["CreateQueue"]},
    ],
    ids=str,
)
def test_a_permission_of_a_wrong_form_is_refused(sqs, queue, odd):
    with refused("InvalidParameterValue"):
        add(sqs, queue, **({"label": "one"} | odd))
    assert policy_of(sqs, queue) is None
