"""Requests in the Query protocol that are odd in one place: an error in XML each time, never a 5xx."""

import random
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from good_requests import OPERATIONS, prepared_requests, restore
from query_wire import FORM, QueryCaller, encoded, flattened
from service_model import MODEL

LONG = "x" * (2 * 1_048_576)
WRONG_NUMBERS = ["x", "1.5", "1e1", "0x1", "--1", "1 1", "-1", str(-(2**31)), str(2**31), str(2**64), "9" * 40, "١"]
WRONG_TEXTS = ["\x00", "\x01", "\uffff", "\ud800", LONG]


@dataclass
class Variant:
    """Parameters, what is odd about them, and whether they must be refused."""

    text: str
    parameters: list
    must_be_refused: bool = False


@pytest.fixture
def requests(caller, name):
    return prepared_requests(caller, name)


@pytest.fixture
def query(broker):
    with QueryCaller(broker) as query:
        yield query


@pytest.fixture(autouse=True)
def broker_stays_healthy(broker):
    process = broker.process.pid
    yield
    assert broker.is_running() and broker.process.pid == process
    assert broker.is_healthy()


def query_variants(operation, good):
    """Every parameter of a request: absent, empty, twice, very long, of wrong characters, out of range, misnamed."""
    required = MODEL.operation_model(operation).input_shape.required_members
    triples = flattened(operation, good)
    pairs = [(name, value) for name, value, _ in triples]
    for at, (name, value, type_name) in enumerate(triples):

        def changed(*replacements):
            return pairs[:at] + list(replacements) + pairs[at + 1 :]

        must = name in required
        yield Variant(f"{name} absent", changed(), must)
        yield Variant(f"{name} empty", changed((name, "")), must)
        yield Variant(f"{name} twice", changed((name, value), (name, "other")))
        yield Variant(f"{name} with one below it", changed((name, value), (f"{name}.1", value)))
        for text in WRONG_NUMBERS if type_name == "integer" else WRONG_TEXTS:
            yield Variant(f"{name} = {text!r:.40}", changed((name, text)), type_name == "integer")
        for other in _misnamed(name):
            yield Variant(f"{name} named {other:.60}", changed((other, value)))


def _misnamed(name):
    """Other numbers than the one of a list's element, and names that are none."""
    yield from (f"{name}.", f".{name}", f"{name}.1", name.lower(), "")
    if ".1." in name or name.endswith(".1"):
        for number in ("0", "-1", "x", "", "2147483648", "9" * 30, "01", "1.1"):
            yield name.replace(".1", f".{number}", 1)


def is_refusal(answer):
    """Whether it says no, as AWS does: as a whole or, in a batch, for its only entry."""
    if answer.status != 200:
        return True
    entries = [element.tag.rpartition("}")[2] for result in answer.root for element in result]
    return "BatchResultErrorEntry" in entries


def problem_with(answer, variant):
    """What is wrong with the answer to an odd request; nothing if it is right."""
    try:
        if answer.status == 200:
            assert answer.name.endswith("Response")
            if variant.must_be_refused and not is_refusal(answer):
                return f"{variant.text}: accepted: {answer.raw[:200]}"
        else:
            assert 400 <= answer.status < 500, answer.status
            assert answer.name == "ErrorResponse"
            assert answer.code and answer.message and answer.text("Error", "Type") == "Sender"
            assert answer.text("RequestId") == answer.headers["x-amzn-requestid"]
    except (AssertionError, ElementTree.ParseError, KeyError, ValueError) as error:
        return f"{variant.text}: {error!r}: {answer.raw[:200]}"
    return None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_good_request_that_the_odd_ones_are_made_from_succeeds(requests, query, operation):
    pairs = [(name, value) for name, value, _ in flattened(operation, requests[operation])]
    answer = query.post(operation, pairs)
    assert answer.status == 200 and not is_refusal(answer), answer


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_query_that_is_odd_in_one_place_is_answered_as_aws_would(requests, caller, query, name, operation):
    problems = []
    for variant in query_variants(operation, requests[operation]):
        restore(caller, operation, name)
        problems.append(problem_with(query.post(operation, variant.parameters), variant))
    assert len(problems) >= 10
    problems = [problem for problem in problems if problem]
    assert not problems, "\n".join(problems[:40])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_parameter_is_ignored(requests, query, operation):
    pairs = [(name, value) for name, value, _ in flattened(operation, requests[operation])]
    assert query.post(operation, [*pairs, ("Unknown.1.Name", "x"), ("Another", "")]).status == 200


@pytest.mark.parametrize(
    "form",
    [
        "",
        "&",
        "=",
        "&&&=&=x&x",
        "Action",
        "Action=",
        "Action=&Action=ListQueues",
        "Action=%",
        "Action=%4",
        "Action=%zz",
        "Action=%FF",
        "Action=ListQueues%00",
        "Action=ListQueues&%FF=%FE",
        "Action=SendMessage&MessageBody=%ED%A0%80",
        "action=ListQueues",
        "Action=listqueues",
        "{}",
        "<x/>",
        "\x00",
    ],
    ids=repr,
)
def test_a_form_of_a_wrong_form_is_no_error_of_the_server(query, form):
    answer = query.request("POST", "/", form, FORM)
    assert 200 <= answer.status < 500, answer
    # The connection goes on.
    assert query.ok("ListQueues").name == "ListQueuesResponse"


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/json", "application/xml", "application/x-www-form-urlencoded; charset=utf-8"],
)
def test_another_content_type_is_no_error_of_the_server(query, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = query.request("POST", "/", "Action=ListQueues&Version=2012-11-05", headers)
    is_form = content_type and content_type.startswith("application/x-www-form-urlencoded")
    assert answer.status == (200 if is_form else 415 if content_type else 404), answer


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/x-www-form-urlencodedxyz"])
def test_a_body_under_a_wrong_content_type_changes_nothing(query, queue, sqs, content_type):
    path = f"/?Action=SendMessage&MessageBody=x&QueueUrl={quote(queue, safe='')}"
    assert query.request("POST", path, '{"a":1}', {"Content-Type": content_type}).status == 415
    names = ["ApproximateNumberOfMessages"]
    shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    assert shown == {"ApproximateNumberOfMessages": "0"}


def test_names_that_only_look_like_a_parameter_are_none(query, queue):
    kelvin = "%E2%84%AA"
    form = f"Action=SetQueueAttributes&QueueUrl={quote(queue, safe='')}&Attribute.1.Name={kelvin}msMasterKeyId"
    assert query.request("POST", "/", f"{form}&Attribute.1.Value=evil", FORM).status == 400
    form = f"Action=TagQueue&QueueUrl={quote(queue, safe='')}&Tag.1.{kelvin}ey=x&Tag.1.Value=y"
    assert query.request("POST", "/", form, FORM).status == 400


def test_a_form_in_another_charsets_spelling_is_read(query):
    headers = {"Content-Type": "Application/X-WWW-Form-URLencoded; charset=UTF-8"}
    assert query.request("POST", "/", "Action=ListQueues", headers).status == 200


def test_many_parameters_are_no_burden(query, queue):
    for name in ("AttributeName", "Unknown", "MessageAttribute", "SendMessageBatchRequestEntry"):
        many = [(f"{name}.{number}", "x") for number in range(100_000)]
        assert query.post("SendMessage", [("QueueUrl", queue), ("MessageBody", "x"), *many]).status < 500
    entries = [(f"SendMessageBatchRequestEntry.{number}.Id", str(number)) for number in range(1, 50_000)]
    assert 400 <= query.post("SendMessageBatch", [("QueueUrl", queue), *entries]).status < 500
    deep = "SendMessageBatchRequestEntry" + ".1" * 200_000
    assert query.post("SendMessageBatch", [("QueueUrl", queue), (deep, "x")]).status < 500


def test_refused_messages_are_not_there(query, queue, caller):
    for text in ("\x00", "\x01", "\ufffe", "\ud800", ""):
        assert 400 <= query.post("SendMessage", {"QueueUrl": queue, "MessageBody": text}).status < 500
    names = ["ApproximateNumberOfMessages"]
    shown = caller.ok("GetQueueAttributes", {"QueueUrl": queue, "AttributeNames": names})
    assert shown["Attributes"] == {"ApproximateNumberOfMessages": "0"}


def test_garbled_forms_never_make_an_error_of_the_server(broker, requests):
    chance = random.Random(4)
    with QueryCaller(broker) as query:
        for number in range(2_000):
            operation = chance.choice([operation for operation in OPERATIONS if operation != "DeleteQueue"])
            pairs = [(name, value) for name, value, _ in flattened(operation, requests[operation])]
            body = bytearray(encoded([("Action", operation), *pairs]).encode())
            for _ in range(chance.choice([1, 1, 2, 8])):
                place = chance.randrange(len(body))
                change = chance.random()
                if change < 0.5:
                    body[place] = chance.randrange(256)
                elif change < 0.75:
                    del body[place]
                else:
                    body.insert(place, chance.choice(b"&=%.+1\x00\xff"))
            answer = query.request("POST", "/", bytes(body), FORM)
            assert answer.status < 500, (number, operation, bytes(body), answer)
