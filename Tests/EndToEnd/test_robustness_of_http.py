"""Bytes that are no proper HTTP, or that few write: a clear answer or a closed connection, and all others go on."""

import json
import random
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from wire import AnswerStream, Caller, headers_of, next_answer, open_socket, request_bytes

EIGHT_MEBIBYTES = 8 * 1_048_576


@pytest.fixture(autouse=True)
def others_go_on(broker, queue):
    """A connection that was there before goes on, and the process is the same."""
    process = broker.process.pid
    with Caller(broker) as bystander:
        bystander.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "before"})
        yield
        bystander.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "after"})
    assert broker.is_running() and broker.process.pid == process
    assert broker.is_healthy()


def exchange(broker, data, ends_input=True):
    """Writes bytes to a connection; everything that comes back until the broker closes it."""
    received = b""
    with open_socket(broker) as connection:
        try:
            connection.sendall(data)
            if ends_input:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except (BrokenPipeError, ConnectionResetError):
            # It answered and closed before it had read everything.
            pass
    return received


def status_of(received):
    """The status of the first answer; nothing if there was none."""
    if not received:
        return None
    version, status = received.split(b" ", 2)[:2]
    assert version.startswith(b"HTTP/1."), received[:100]
    return int(status)


def head(*lines):
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


TARGET = "X-Amz-Target: AmazonSQS.ListQueues"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 1_000,
        b"\xff" * 1_000,
        b"\r\n\r\n\r\n",
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / FTP/1.1\r\nHost: a\r\n\r\n",
        b"P\xc3\x96ST / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    ],
    ids=lambda data: repr(data[:30]),
)
def test_garbage_is_answered_with_4xx_or_a_closed_connection(broker, data):
    status = status_of(exchange(broker, data))
    assert status is None or 400 <= status < 500 or status == 505, status


def test_a_request_that_ends_early_is_dropped(broker, queue):
    whole = request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "x" * 50})
    for length in [*range(0, len(whole), 23), len(whole) - 1]:
        status = status_of(exchange(broker, whole[:length]))
        assert status is None or 400 <= status < 500, (length, status)


def test_a_request_that_comes_byte_by_byte_is_answered(broker):
    with open_socket(broker) as connection:
        for byte in request_bytes(broker, "ListQueues", {}):
            connection.sendall(bytes([byte]))
        assert next_answer(connection).status == 200


@pytest.mark.parametrize(
    "lines",
    [
        ["POST / HTTP/1.1", "Host: a", "X-Long: " + "x" * 1_000_000],
        ["POST / HTTP/1.1", "Host: a", *[f"X-{n}: x" for n in range(100_000)]],
        ["POST /" + "x" * 1_000_000 + " HTTP/1.1", "Host: a"],
        ["X" * 1_000_000 + " / HTTP/1.1", "Host: a"],
    ],
    ids=["long header", "many headers", "long path", "long method"],
)
def test_a_head_that_is_too_large_is_refused(broker, lines):
    status = status_of(exchange(broker, head(*lines, TARGET, "Content-Length: 0"), ends_input=False))
    assert status is None or 400 <= status < 500, status


@pytest.mark.parametrize(
    "lengths",
    [
        ["Content-Length: 2", "Content-Length: 2000"],
        ["Content-Length: 2, 2000"],
        ["Content-Length: -1"],
        ["Content-Length: +2"],
        ["Content-Length: 0x2"],
        ["Content-Length: two"],
        ["Content-Length: 99999999999999999999999"],
        ["Content-Length: 2", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 2"],
        ["Transfer-Encoding: gzip"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    ],
    ids=" + ".join,
)
def test_a_body_of_unclear_length_is_refused_and_nothing_behind_it_is_read(broker, queue, lengths):
    smuggled = request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "smuggled"})
    start = head("POST / HTTP/1.1", f"Host: {broker.host}", TARGET, *lengths)
    received = exchange(broker, start + b"{}" + smuggled)
    assert status_of(received) is None or 400 <= status_of(received) < 500, received
    assert received.count(b"HTTP/1.1 ") <= 1
    with Caller(broker) as caller:
        messages = caller.ok("ReceiveMessage", {"QueueUrl": queue, "MaxNumberOfMessages": 10})["Messages"]
    assert [message["Body"] for message in messages] == ["before"]


def test_a_body_that_comes_in_chunks_is_read(broker, queue):
    body = json.dumps({"QueueUrl": queue, "MessageBody": "in chunks"}).encode()
    lines = [f"{name}: {value}" for name, value in headers_of("SendMessage").items()]
    start = head("POST / HTTP/1.1", f"Host: {broker.host}", *lines, "Transfer-Encoding: chunked")
    chunks = b"".join(b"1;x=y\r\n%c\r\n" % byte for byte in body) + b"0\r\nTrailer: x\r\n\r\n"
    with open_socket(broker) as connection:
        connection.sendall(start + chunks)
        assert next_answer(connection).status == 200


@pytest.mark.parametrize("chunks", [b"x\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}x\r\n0\r\n\r\n"])
def test_chunks_of_a_wrong_form_are_refused(broker, chunks):
    start = head("POST / HTTP/1.1", f"Host: {broker.host}", TARGET, "Transfer-Encoding: chunked")
    status = status_of(exchange(broker, start + chunks))
    assert status is None or 400 <= status < 500, status


def test_a_body_of_more_than_seven_mebibytes_is_refused(broker):
    start = head("POST / HTTP/1.1", f"Host: {broker.host}", TARGET, f"Content-Length: {EIGHT_MEBIBYTES}")
    assert status_of(exchange(broker, start + b" " * EIGHT_MEBIBYTES)) == 413
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    start = head("POST / HTTP/1.1", f"Host: {broker.host}", TARGET, "Transfer-Encoding: chunked")
    assert status_of(exchange(broker, start + chunk * (EIGHT_MEBIBYTES // 65_536) + b"0\r\n\r\n")) == 413


def test_a_large_body_that_is_announced_is_refused_before_it_is_sent(broker):
    announced = ["POST / HTTP/1.1", f"Host: {broker.host}", TARGET, "Content-Length: 1000000000000"]
    assert status_of(exchange(broker, head(*announced, "Expect: 100-continue"), ends_input=False)) == 413
    assert status_of(exchange(broker, head(*announced), ends_input=False)) == 413


def test_a_message_of_the_largest_size_in_its_longest_spelling_is_read(broker, queue):
    body = b'{"QueueUrl":"%s","MessageBody":"%s"}' % (queue.encode(), b"\\u0041" * 1_048_576)
    with Caller(broker) as caller:
        assert caller.call("SendMessage", body).status == 200


def test_who_expects_100_continue_gets_it_before_sending_the_body(broker, queue):
    whole = request_bytes(
        broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "expected"}, ["Expect: 100-continue"]
    )
    start, _, body = whole.partition(b"\r\n\r\n")
    with open_socket(broker) as connection:
        connection.sendall(start + b"\r\n\r\n")
        assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert next_answer(connection).status == 200


def test_pipelined_requests_are_answered_in_their_order(broker, queue):
    requests = []
    for number in range(30):
        payload = {"QueueUrl": queue, "MessageBody": str(number), "DelaySeconds": 900}
        operations = [
            ("SendMessage", payload),
            ("GetQueueUrl", {"QueueName": f"missing-{number}"}),
            ("GetQueueAttributes", {"QueueUrl": queue, "AttributeNames": ["ApproximateNumberOfMessagesDelayed"]}),
        ]
        requests += [request_bytes(broker, *operation) for operation in operations]
    with open_socket(broker) as connection:
        connection.sendall(b"".join(requests))
        answers = AnswerStream(connection)
        for number in range(30):
            assert answers.next().body.get("MessageId")
            assert answers.next().type == "QueueDoesNotExist"
            delayed = answers.next().body["Attributes"]["ApproximateNumberOfMessagesDelayed"]
            assert delayed == str(number + 1)


def test_a_request_behind_a_long_poll_waits_for_its_turn(broker, queue, name):
    other = queue.replace(name, "other-" + name[-60:])
    with Caller(broker) as caller, open_socket(broker) as connection:
        caller.ok("CreateQueue", {"QueueName": other.rpartition("/")[2]})
        poll = request_bytes(broker, "ReceiveMessage", {"QueueUrl": other, "WaitTimeSeconds": 20})
        connection.sendall(poll + request_bytes(broker, "ListQueues", {"QueueNamePrefix": name}))
        time.sleep(0.2)
        caller.ok("SendMessage", {"QueueUrl": other, "MessageBody": "first"})
        answers = AnswerStream(connection)
        assert answers.next().body["Messages"][0]["Body"] == "first"
        assert answers.next().body["QueueUrls"] == [queue]


def test_http_1_0_is_answered_and_closed(broker):
    received = exchange(broker, head("POST / HTTP/1.0", TARGET, "Content-Length: 2") + b"{}", ends_input=False)
    assert status_of(received) == 200
    received = exchange(broker, head("GET /health HTTP/1.0"), ends_input=False)
    assert status_of(received) == 200


def test_a_connection_is_closed_after_the_answer_if_the_client_says_so(broker):
    lines = ["POST / HTTP/1.1", f"Host: {broker.host}", TARGET, "Connection: close", "Content-Length: 2"]
    assert status_of(exchange(broker, head(*lines) + b"{}", ends_input=False)) == 200


@pytest.mark.parametrize(
    "hosts",
    [
        ["Host: a<script>"],
        ['Host: a"b'],
        ["Host: a b"],
        ["Host: a/b"],
        ["Host: a@b"],
        ["Host: a?b"],
        ["Host: a:b"],
        ["Host: a:99999"],
        ["Host: [::1"],
        ["Host: " + "a" * 300],
        ["Host: \xe4"],
        ["Host:"],
        ["Host: a", "Host: b"],
        [],
    ],
    ids=lambda hosts: " + ".join(hosts)[:30] or "none",
)
def test_a_host_of_a_wrong_form_is_refused(broker, hosts):
    received = exchange(broker, head("POST / HTTP/1.1", *hosts, TARGET, "Content-Length: 2") + b"{}")
    assert status_of(received) == 400


@pytest.mark.parametrize("host", ["queue.example", "queue.example:80", "10.0.0.1:9324", "[::1]:9324", "a_b"])
def test_queue_urls_begin_with_the_host_of_the_request(broker, queue, name, host):
    body = json.dumps({"QueueName": name}).encode()
    lines = ["X-Amz-Target: AmazonSQS.GetQueueUrl", "Connection: close", f"Content-Length: {len(body)}"]
    received = exchange(broker, head("POST / HTTP/1.1", f"Host: {host}", *lines) + body, ends_input=False)
    assert f'"http://{host}/000000000000/{name}"'.encode() in received.replace(b"\\/", b"/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_than_post_are_refused(broker, method):
    target = "a:80" if method == "CONNECT" else "/"
    received = exchange(broker, head(f"{method} {target} HTTP/1.1", "Host: a", TARGET))
    assert status_of(received) is None or 400 <= status_of(received) < 500, received


def test_requests_to_the_queues_path_and_to_the_root_are_the_same(broker, queue, name):
    with Caller(broker) as caller:
        for path in ("/", f"/000000000000/{name}"):
            assert caller.call("SendMessage", {"QueueUrl": queue, "MessageBody": "x"}, path=path).status == 200


def test_health_is_answered_to_get_and_head(broker):
    for method in ("GET", "HEAD"):
        with open_socket(broker) as connection:
            connection.sendall(head(f"{method} /health HTTP/1.1", f"Host: {broker.host}"))
            answer = next_answer(connection, method)
            assert answer.status == 200
            assert bool(answer.raw) == (method == "GET")


def test_garbled_heads_disturb_nobody(broker):
    chance = random.Random(2)
    whole = request_bytes(broker, "ListQueues", {})
    for number in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5, 20])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        status = status_of(exchange(broker, bytes(data)))
        assert status is None or status < 500 or status == 505, (number, bytes(data), status)


def test_many_connections_that_come_and_go_leave_nothing_behind(broker):
    for _ in range(5):
        connections = [open_socket(broker) for _ in range(200)]
        for connection in connections:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n")
        for connection in connections:
            connection.close()
    deadline = time.monotonic() + 20
    while open_sockets_of(broker) > 50:
        assert time.monotonic() < deadline, "connections that were closed are still held"
        time.sleep(0.05)


def open_sockets_of(broker):
    """Connections that the broker's side still holds open."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    port = f":{broker.port:04X}"
    listening = "0A"
    return sum(row[1].endswith(port) and row[3] not in (listening, "06") for row in rows)


def test_a_hundred_simultaneous_creations_make_one_queue(broker, name):
    def create(_):
        with Caller(broker) as caller:
            return caller.call("CreateQueue", {"QueueName": "one-" + name[-60:]})

    with ThreadPoolExecutor(100) as executor:
        answers = list(executor.map(create, range(100)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["QueueUrl"] for answer in answers}) == 1


def test_of_a_hundred_simultaneous_creations_that_differ_one_succeeds(broker, name):
    def create(number):
        with Caller(broker) as caller:
            attributes = {"VisibilityTimeout": str(number)}
            return caller.call("CreateQueue", {"QueueName": "one-" + name[-60:], "Attributes": attributes})

    with ThreadPoolExecutor(100) as executor:
        answers = list(executor.map(create, range(100)))
    refused = [answer for answer in answers if answer.status != 200]
    assert len(refused) == 99
    assert {answer.code for answer in refused} == {"QueueAlreadyExists"}
