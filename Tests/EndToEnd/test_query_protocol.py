"""The Query protocol as it is on the wire: forms and query strings in, XML out."""

import html
import json
import random

import pytest

from digests import md5_of
from query_wire import FORM, QueryCaller, encoded, is_json

JSON = {"Accept": "application/json"}
ODD_BODY = "a\rb\r\nc\nd\te \" &quot; ' < > & &amp; ]]> <![CDATA[x]]> +%20 ü 🚀 \u00a0\u0085\u2028 end "


@pytest.fixture
def query(broker):
    with QueryCaller(broker) as query:
        yield query


@pytest.fixture
def path(queue, broker):
    return queue.removeprefix(broker.url)


def assert_is_an_error(answer, code, status=400):
    assert answer.status == status, answer
    assert answer.name == "ErrorResponse"
    assert answer.code == code
    assert answer.text("Error", "Type") == "Sender"
    assert answer.message
    assert answer.texts("Error", "Detail") == [""]
    assert_has_its_request_id(answer, "RequestId")


def assert_has_its_request_id(answer, *path):
    assert answer.text(*path) == answer.headers["x-amzn-requestid"] != ""
    assert answer.headers["content-type"].startswith("text/xml")


def test_an_answer_is_named_after_its_action_and_has_a_request_id(query, queue, name):
    answer = query.ok("GetQueueUrl", {"QueueName": name})
    assert answer.raw.startswith(b"<?xml")
    assert answer.name == "GetQueueUrlResponse"
    assert answer.text("GetQueueUrlResult", "QueueUrl") == queue
    assert_has_its_request_id(answer, "ResponseMetadata", "RequestId")
    again = query.ok("GetQueueUrl", {"QueueName": name})
    assert again.headers["x-amzn-requestid"] != answer.headers["x-amzn-requestid"]


def test_an_action_without_output_answers_its_request_id_alone(query, queue):
    attribute = {"Attribute.Name": "DelaySeconds", "Attribute.Value": "0"}
    answer = query.ok("SetQueueAttributes", {"QueueUrl": queue} | attribute)
    assert answer.name == "SetQueueAttributesResponse"
    assert [child.tag.rpartition("}")[2] for child in answer.root] == ["ResponseMetadata"]
    assert_has_its_request_id(answer, "ResponseMetadata", "RequestId")


def test_an_empty_result_is_an_empty_element(query, queue):
    answer = query.ok("ReceiveMessage", {"QueueUrl": queue})
    assert [child.tag.rpartition("}")[2] for child in answer.root] == ["ReceiveMessageResult", "ResponseMetadata"]
    assert list(answer.root[0]) == [] and not answer.root[0].text


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_message_goes_through_a_queues_own_path(query, path, method):
    def call(action, **parameters):
        parameters = {"Action": action} | parameters
        if method == "GET":
            answer = query.get(path, parameters)
        else:
            answer = query.request("POST", path, encoded(parameters), FORM)
        assert answer.status == 200, answer
        return answer

    sent = call("SendMessage", MessageBody=ODD_BODY)
    assert sent.text("SendMessageResult", "MD5OfMessageBody") == md5_of(ODD_BODY)
    received = call("ReceiveMessage", **{"AttributeName.1": "All", "VisibilityTimeout": "600"})
    message = ("ReceiveMessageResult", "Message")
    assert received.text(*message, "Body") == ODD_BODY
    assert received.text(*message, "MessageId") == sent.text("SendMessageResult", "MessageId")
    assert received.text(*message, "MD5OfBody") == md5_of(ODD_BODY)
    names = received.texts(*message, "Attribute", "Name")
    assert sorted(names) == sorted(
        ["SenderId", "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "SentTimestamp"]
    )
    call("DeleteMessage", ReceiptHandle=received.text(*message, "ReceiptHandle"))
    shown = call("GetQueueAttributes", **{"AttributeName.1": "ApproximateNumberOfMessagesNotVisible"})
    assert shown.text("GetQueueAttributesResult", "Attribute", "Value") == "0"


def test_carriage_returns_are_written_as_references(query, queue):
    body = 'a\rb\r\nc "quoted" &quot;'
    query.ok("SendMessage", {"QueueUrl": queue, "MessageBody": body})
    answer = query.ok("ReceiveMessage", {"QueueUrl": queue})
    assert b"\r" not in answer.raw
    raw = answer.raw.decode()
    assert html.unescape(raw[raw.index("<Body>") + 6 : raw.index("</Body>")]) == body


def test_bodies_are_the_same_in_both_protocols(query, caller, queue):
    chance = random.Random(3)
    letters = ["\r", "\n", "\t", " ", "&", "<", ">", '"', "'", ";", "%", "+", "=", "#", "ü", "\ufffd", "🚀", "a"]
    for number in range(60):
        body = "".join(chance.choices(letters, k=chance.randint(1, 40)))
        if number % 2:
            query.ok("SendMessage", {"QueueUrl": queue, "MessageBody": body})
            [message] = caller.ok("ReceiveMessage", {"QueueUrl": queue})["Messages"]
            assert message["Body"] == body
        else:
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": body})
            answer = query.ok("ReceiveMessage", {"QueueUrl": queue})
            assert answer.text("ReceiveMessageResult", "Message", "Body") == body


def test_a_plus_in_a_form_is_a_blank(query, queue):
    form = encoded({"Action": "SendMessage", "QueueUrl": queue}) + "&MessageBody=a+b%2Bc%20d"
    assert query.request("POST", "/", form, FORM).status == 200
    answer = query.ok("ReceiveMessage", {"QueueUrl": queue})
    assert answer.text("ReceiveMessageResult", "Message", "Body") == "a b+c d"


def test_message_attributes_come_with_types_and_bytes(query, queue):
    attributes = {
        "MessageAttribute.1.Name": "bytes",
        "MessageAttribute.1.Value.DataType": "Binary.png",
        "MessageAttribute.1.Value.BinaryValue": "AP8=",
        "MessageAttribute.2.Name": "number",
        "MessageAttribute.2.Value.DataType": "Number.float",
        "MessageAttribute.2.Value.StringValue": "1.5",
    }
    query.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x"} | attributes)
    answer = query.ok("ReceiveMessage", {"QueueUrl": queue, "MessageAttributeName.1": "All"})
    attribute = ("ReceiveMessageResult", "Message", "MessageAttribute")
    assert answer.texts(*attribute, "Name") == ["bytes", "number"]
    assert answer.texts(*attribute, "Value", "DataType") == ["Binary.png", "Number.float"]
    assert answer.text(*attribute, "Value", "BinaryValue") == "AP8="
    assert answer.text(*attribute, "Value", "StringValue") == "1.5"


def test_a_batch_answers_what_went_through_and_what_did_not(query, queue):
    entry = "SendMessageBatchRequestEntry"
    batch = {
        "QueueUrl": queue,
        f"{entry}.1.Id": "good",
        f"{entry}.1.MessageBody": "x",
        f"{entry}.2.Id": "bad",
        f"{entry}.2.MessageBody": "\x01",
    }
    answer = query.ok("SendMessageBatch", batch)
    result = "SendMessageBatchResult"
    assert answer.texts(result, "SendMessageBatchResultEntry", "Id") == ["good"]
    assert answer.texts(result, "SendMessageBatchResultEntry", "MD5OfMessageBody") == [md5_of("x")]
    assert answer.texts(result, "BatchResultErrorEntry", "Id") == ["bad"]
    assert answer.texts(result, "BatchResultErrorEntry", "Code") == ["InvalidMessageContents"]
    assert answer.texts(result, "BatchResultErrorEntry", "SenderFault") == ["true"]


def test_numbers_of_lists_give_the_order_and_may_have_gaps(query, name):
    queue = "gaps-" + name[-60:]
    parameters = {
        "QueueName": queue,
        "Attribute.7.Value": "5",
        "Attribute.7.Name": "DelaySeconds",
        "Attribute.11.Name": "VisibilityTimeout",
        "Attribute.11.Value": "6",
        "Tag.3.Key": "k",
        "Tag.3.Value": "v",
    }
    url = query.ok("CreateQueue", parameters).text("CreateQueueResult", "QueueUrl")
    names = {"AttributeName.2": "DelaySeconds", "AttributeName.10": "VisibilityTimeout"}
    shown = query.ok("GetQueueAttributes", {"QueueUrl": url} | names)
    attribute = ("GetQueueAttributesResult", "Attribute")
    found = dict(zip(shown.texts(*attribute, "Name"), shown.texts(*attribute, "Value")))
    assert found == {"DelaySeconds": "5", "VisibilityTimeout": "6"}
    tags = query.ok("ListQueueTags", {"QueueUrl": url})
    assert tags.texts("ListQueueTagsResult", "Tag", "Key") == ["k"]


def test_with_both_lists_of_names_the_older_one_holds(query, caller, queue):
    caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
    both = {"QueueUrl": queue, "VisibilityTimeout": 0}
    names = {"AttributeName.1": "SenderId", "MessageSystemAttributeName.1": "All"}
    answer = query.ok("ReceiveMessage", both | names)
    assert answer.texts("ReceiveMessageResult", "Message", "Attribute", "Name") == ["SenderId"]
    names = {"AttributeNames": ["SenderId"], "MessageSystemAttributeNames": ["All"]}
    [message] = caller.ok("ReceiveMessage", both | names)["Messages"]
    assert len(message["Attributes"]) == 4


def test_the_queue_url_in_the_parameters_wins_over_the_path(query, queue, path, name):
    other = query.ok("CreateQueue", {"QueueName": "other-" + name[-60:]}).text("CreateQueueResult", "QueueUrl")
    query.ok("SendMessage", {"QueueUrl": other, "MessageBody": "x"}, path=path)
    assert query.ok("ReceiveMessage", {"QueueUrl": queue}).texts("ReceiveMessageResult", "Message") == []
    assert query.ok("ReceiveMessage", {"QueueUrl": other}).text("ReceiveMessageResult", "Message", "Body") == "x"


def test_a_missing_queue_is_told_in_the_protocols_own_words(query, broker):
    answer = query.post("ReceiveMessage", {"QueueUrl": broker.queue_url("never-made")})
    assert_is_an_error(answer, "AWS.SimpleQueueService.NonExistentQueue")
    assert answer.message == "The specified queue does not exist for this wsdl version."


@pytest.mark.parametrize("action", ["ListQueues", "CreateQueue", "Nothing"])
def test_actions_that_are_for_no_queue_are_refused_on_its_path(query, path, action):
    answer = query.get(path, {"Action": action})
    assert_is_an_error(answer, "InvalidAction")
    assert answer.message == f"The action {action} is not valid for this endpoint."


def test_another_queue_may_be_looked_up_on_a_queues_path(query, path, queue, name):
    answer = query.get(path, {"Action": "GetQueueUrl", "QueueName": name})
    assert answer.text("GetQueueUrlResult", "QueueUrl") == queue


@pytest.mark.parametrize("headers", [{}, JSON], ids=["XML", "JSON"])
def test_a_request_without_an_action_is_an_unknown_operation(query, path, headers):
    for where in (path, "/"):
        answer = query.get(where, headers=headers)
        assert answer.status == 404
        assert b"<UnknownOperationException/>" in answer.raw


def test_an_unknown_action_is_refused(query):
    assert_is_an_error(query.post("Nothing"), "InvalidAction")


def test_who_accepts_json_gets_json_from_a_query_string(query, caller, queue, path):
    answer = query.get("/", {"Action": "ListQueues", "Version": "2012-11-05"}, JSON)
    assert is_json(answer) and list(answer.body) == ["ListQueuesResponse"]

    answer = query.get(path, {"Action": "GetQueueAttributes", "AttributeName.1": "DelaySeconds"}, JSON)
    attributes = answer.body["GetQueueAttributesResponse"]["GetQueueAttributesResult"]["Attributes"]
    assert attributes == [{"Name": "DelaySeconds", "Value": "0"}]

    caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": ODD_BODY})
    answer = query.get(path, {"Action": "ReceiveMessage"}, JSON)
    result = answer.body["ReceiveMessageResponse"]["ReceiveMessageResult"]
    assert [message["Body"] for message in result["messages"]] == [ODD_BODY]

    answer = query.get(path, {"Action": "DeleteMessage", "ReceiptHandle": "garbage"}, JSON)
    assert answer.status == 400 and is_json(answer)
    assert answer.body["Error"]["Code"] == "ReceiptHandleIsInvalid"
    assert answer.body["Error"]["Message"]


ERRORS = [
    ("CreateQueue", {"QueueName": "a b"}, "InvalidParameterValue", 400),
    ("SendMessage", {"MessageBody": ""}, "MissingParameter", 400),
    ("SendMessage", {"MessageBody": "\x01"}, "InvalidMessageContents", 400),
    ("ReceiveMessage", {"MaxNumberOfMessages": "11"}, "InvalidParameterValue", 400),
    ("DeleteMessage", {"ReceiptHandle": "garbage"}, "ReceiptHandleIsInvalid", 400),
    ("SendMessageBatch", {}, "AWS.SimpleQueueService.EmptyBatchRequest", 400),
    ("GetQueueAttributes", {"AttributeName.1": "Foobar"}, "InvalidAttributeName", 400),
    ("RemovePermission", {"Label": "none"}, "InvalidParameterValue", 400),
    ("CancelMessageMoveTask", {"TaskHandle": "garbage"}, "InvalidParameterValue", 400),
]


@pytest.mark.parametrize(("action", "parameters", "code", "status"), ERRORS)
def test_an_error_has_type_code_message_and_request_id(query, queue, action, parameters, code, status):
    assert_is_an_error(query.post(action, {"QueueUrl": queue} | parameters), code, status)


def test_a_json_error_names_the_querys_code(caller, queue):
    answer = caller.call("ReceiveMessage", {"QueueUrl": queue + "-missing"})
    assert answer.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender"
    assert answer.body["__type"].endswith("#QueueDoesNotExist")


def test_who_am_i_is_answered_on_the_same_endpoint(query):
    parameters = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    answer = query.request("POST", "/", encoded(parameters), FORM)
    assert answer.status == 200, answer
    assert answer.root.tag == "{https://sts.amazonaws.com/doc/2011-06-15/}GetCallerIdentityResponse"
    texts = {element.tag.rpartition("}")[2]: element.text for element in answer.root.iter()}
    assert texts["Account"] == "000000000000"
    assert texts["Arn"].startswith("arn:aws:") and texts["UserId"]
    assert texts["RequestId"] == answer.headers["x-amzn-requestid"]


def test_both_protocols_may_alternate_on_one_connection(query, queue, name):
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.GetQueueUrl"}
    for _ in range(3):
        answer = query.request("POST", "/", json.dumps({"QueueName": name}), headers)
        assert answer.body == {"QueueUrl": queue}
        assert query.ok("GetQueueUrl", {"QueueName": name}).text("GetQueueUrlResult", "QueueUrl") == queue
