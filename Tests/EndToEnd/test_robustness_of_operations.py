"""Requests that are HTTP, but not what the operation's input should be: an AWS error each time, never a 5xx."""

import json
import random

import pytest

from good_requests import ATTRIBUTES, OPERATIONS, prepared_requests, restore
from queues import counts_of
from service_model import variants
from wire import Caller


@pytest.fixture
def requests(caller, name):
    return prepared_requests(caller, name)


@pytest.fixture(autouse=True)
def broker_stays_healthy(broker):
    process = broker.process.pid
    yield
    assert broker.is_running() and broker.process.pid == process
    assert broker.is_healthy()


def is_refusal(answer):
    """Whether it says no, as AWS does: as a whole or, in a batch, for its only entry."""
    if answer.status == 200:
        return answer.raw != b"" and "Failed" in answer.body and "Successful" not in answer.body
    return True


def assert_is_an_aws_error(answer):
    assert 400 <= answer.status < 500, answer
    assert answer.headers["content-type"] == "application/x-amz-json-1.0", answer
    assert answer.body["__type"].startswith("com.amazon"), answer
    assert answer.body["message"], answer
    code, _, fault = answer.headers["x-amzn-query-error"].partition(";")
    assert code and fault == "Sender", answer


def problem_with(answer, variant):
    """What is wrong with the answer to an odd request; nothing if it is right."""
    if answer.status != 200:
        try:
            assert_is_an_aws_error(answer)
        except (AssertionError, KeyError, ValueError) as error:
            return f"{variant.text}: {error}"[:300]
    if variant.must_be_refused and not is_refusal(answer):
        return f"{variant.text}: accepted: {answer}"[:300]
    return None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_good_request_that_the_odd_ones_are_made_from_succeeds(requests, caller, operation):
    answer = caller.call(operation, requests[operation])
    assert answer.status == 200 and not is_refusal(answer), answer


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_request_that_is_odd_in_one_place_is_answered_as_aws_would(requests, caller, name, operation):
    problems = []
    for variant in variants(operation, requests[operation]):
        restore(caller, operation, name)
        problems.append(problem_with(caller.call(operation, variant.payload), variant))
    assert len(problems) >= 8
    problems = [problem for problem in problems if problem]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_member_is_ignored(requests, caller, operation):
    assert caller.call(operation, requests[operation] | {"Unknown": {"a": [1, None]}}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"x"',
        b"5",
        b"true",
        b"{",
        b"}",
        b'{"a"',
        b'{"a":}',
        b'{"a":1,}',
        b"{'a':1}",
        b"{a:1}",
        b'{"a":1}x',
        b'{"a":1}{}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":1e}',
        b'{"a":.5}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":"\n"}',
        b'{"a":"\x00"}',
        b'{"a":"x',
        b"{\x00}",
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"a":"\xff"}',
        b'{"a":"\xc0\x80"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xf4\x90\x80\x80"}',
        b'{"\xff":1}',
        b"<xml/>",
        b"Action=ListQueues",
    ],
    ids=repr,
)
def test_a_body_that_is_no_json_object_is_refused(caller, body):
    answer = caller.call("ListQueues", body)
    assert_is_an_aws_error(answer)
    # The connection goes on.
    caller.ok("ListQueues", {})


@pytest.mark.parametrize("body", [b"{}", b" \t\r\n{} \n", b'{"Unknown":1e400}', b'{"QueueNamePrefix":null}'])
def test_a_body_that_is_a_json_object_is_accepted(caller, body):
    assert caller.call("ListQueues", body).status == 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'], ids=repr)
def test_a_body_nested_deeply_is_refused(caller, opening):
    for depth in (1_000, 100_000, 1_000_000):
        answer = caller.call("ListQueues", b'{"QueueNamePrefix":' + opening * depth)
        assert_is_an_aws_error(answer)
        answer = caller.call("ListQueues", b'{"Unknown":' + opening * depth + b"1" + closing(opening) * depth + b"}")
        assert 200 <= answer.status < 500


def closing(opening):
    return {b"[": b"]", b'{"a":': b"}", b'[{"a":': b"}]"}[opening]


def test_many_small_values_are_no_burden(caller, queue):
    many = {"QueueUrl": queue, "MessageBody": "x", "Unknown": [[]] * 1_000_000}
    assert caller.call("SendMessage", json.dumps(many, separators=(",", ":")).encode()).status < 500
    many = {"QueueUrl": queue, "Entries": [{"Id": str(n), "MessageBody": "x"} for n in range(100_000)]}
    answer = caller.call("SendMessageBatch", many)
    assert_is_an_aws_error(answer)
    attributes = {f"a{n}": ATTRIBUTES["a"] for n in range(50_000)}
    answer = caller.call("SendMessage", {"QueueUrl": queue, "MessageBody": "x", "MessageAttributes": attributes})
    assert_is_an_aws_error(answer)


def test_characters_that_sqs_refuses_are_refused_however_they_are_written(caller, queue, sqs):
    for text in (b"\\u0000", b"\\u0001", b"\\uffff", b"\\ufffe", b"\\ud800", b"\\udc00x", b"\xef\xbf\xbf"):
        body = b'{"QueueUrl":"%s","MessageBody":"a%sb"}' % (queue.encode(), text)
        assert_is_an_aws_error(caller.call("SendMessage", body))
    assert counts_of(sqs, queue) == (0, 0, 0)
    body = b'{"QueueUrl":"%s","MessageBody":"\\ud83d\\ude80\\/\\u0041"}' % queue.encode()
    assert caller.call("SendMessage", body).status == 200
    assert caller.ok("ReceiveMessage", {"QueueUrl": queue})["Messages"][0]["Body"] == "🚀/A"


@pytest.mark.parametrize("target", ["AmazonSQS.Nothing", "AmazonSQS.", "Nothing", "", "AmazonSNS.Publish", "x" * 5_000])
def test_an_unknown_operation_is_refused(caller, target):
    answer = caller.call("", {}, headers={"X-Amz-Target": target})
    assert 400 <= answer.status < 500


WRONG_TYPES = ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x" * 999]


@pytest.mark.parametrize("content_type", WRONG_TYPES, ids=lambda content_type: content_type[:40])
def test_a_wrong_content_type_changes_nothing(caller, queue, sqs, content_type):
    headers = {"X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": content_type}
    answer = caller.call("SendMessage", {"QueueUrl": queue, "MessageBody": "x"}, headers=headers)
    assert answer.status == 415
    assert_is_an_aws_error(answer)
    assert counts_of(sqs, queue) == (0, 0, 0)


def test_garbled_requests_never_make_an_error_of_the_server(broker, requests):
    chance = random.Random(1)
    with Caller(broker) as caller:
        for number in range(3_000):
            operation = chance.choice([operation for operation in OPERATIONS if operation != "DeleteQueue"])
            body = bytearray(json.dumps(requests[operation]).encode())
            for _ in range(chance.choice([1, 1, 2, 8])):
                place = chance.randrange(len(body))
                change = chance.random()
                if change < 0.5:
                    body[place] = chance.randrange(256)
                elif change < 0.75:
                    del body[place]
                else:
                    body.insert(place, chance.choice(b'"{}[]:,\\0\x00\xff'))
            answer = caller.call(operation, bytes(body))
            assert answer.status < 500, (number, operation, bytes(body), answer)
