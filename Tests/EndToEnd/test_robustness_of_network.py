"""Clients that are slow, many, silent or greedy: bounded memory, the right status, and all others go on."""

import contextlib
import resource
import socket
import threading
import time

import pytest

from broker import WITHOUT_INTERVALS
from process_usage import MEBIBYTE, PeakMemory, descriptors, memory_bytes, wait_until
from wire import AnswerStream, Caller, next_answer, open_socket, request_bytes

# Half of it is for bodies, the other half for answers.
BUFFERS_MIB = 32

LARGE = 262_144


@pytest.fixture(scope="module", autouse=True)
def many_descriptors():
    """This process has as many connections as the broker."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def start(new_broker):
    """Starts a broker with settings of its own."""

    def start(prefix=(), **settings):
        environment = WITHOUT_INTERVALS | {f"HOLDFAST_{name}": str(value) for name, value in settings.items()}
        return new_broker(environment=environment, prefix=prefix).start()

    return start


@pytest.fixture
def connections():
    """Connections that a test opens; they are closed with it."""
    with contextlib.ExitStack() as stack:
        opened = []

        def connect(broker, count, receive_buffer=None):
            for _ in range(count):
                connection = socket.socket()
                stack.callback(connection.close)
                connection.settimeout(20)
                if receive_buffer:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
                connection.connect((broker.host, broker.port))
                opened.append(connection)
            return opened[-count:]

        yield connect


def make_queue(broker, name="q"):
    with Caller(broker) as caller:
        return caller.ok("CreateQueue", {"QueueName": name})["QueueUrl"]


def serves(broker, queue, count=20):
    """Whether somebody who comes now can send, receive and delete."""
    with Caller(broker) as caller:
        for number in range(count):
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": str(number)})
            [message] = caller.ok("ReceiveMessage", {"QueueUrl": queue})["Messages"]
            caller.ok("DeleteMessage", {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]})
    return True


@contextlib.contextmanager
def descriptors_come_back(broker):
    before = descriptors(broker.process)
    yield
    # An event loop may have opened one of its own meanwhile.
    wait_until(lambda: descriptors(broker.process) <= before + 4, "descriptors are still open")


def as_many_as_possible(count):
    """So many connections, or what the limit of descriptors leaves to this process and the broker."""
    return min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)


def unsent_bytes(broker):
    """What the kernel holds of the answers on each connection."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return [int(row[4].partition(":")[0], 16) for row in rows if row[1].endswith(f":{broker.port:04X}")]


def close_all(opened):
    for connection in opened:
        connection.close()


def test_ten_thousand_idle_connections_cost_little_and_disturb_nobody(start, connections):
    broker = start(CONNECTIONS_MAX=20_000)
    queue = make_queue(broker)
    count = as_many_as_possible(10_000)
    with descriptors_come_back(broker):
        before = memory_bytes(broker.process)
        opened = connections(broker, count)
        health = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        for connection in opened[::2]:
            connection.sendall(health)
        for connection in opened[::2]:
            assert connection.recv(4_096).startswith(b"HTTP/1.1 200 ")
        assert descriptors(broker.process) > count
        # Measured: 8 KiB.
        assert memory_bytes(broker.process) - before < count * 32 * 1_024
        assert serves(broker, queue)
        close_all(opened)
    assert serves(broker, queue)
    # What was needed goes back to the system, not at once.
    wait_until(lambda: memory_bytes(broker.process) - before < 24 * MEBIBYTE, "memory did not come back")


def test_five_thousand_parked_polls_leave_sends_alone_and_consume_nothing_when_they_leave(start, connections):
    broker = start()
    queue, other = make_queue(broker), make_queue(broker, "other")
    count = as_many_as_possible(5_000)
    with descriptors_come_back(broker):
        before = memory_bytes(broker.process)
        opened = connections(broker, count)
        poll = request_bytes(broker, "ReceiveMessage", {"QueueUrl": queue, "WaitTimeSeconds": 20})
        for connection in opened:
            connection.sendall(poll)
        assert serves(broker, other)
        assert memory_bytes(broker.process) - before < count * 40 * 1_024
        close_all(opened)
    with Caller(broker) as caller:
        caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
        answer = caller.ok("ReceiveMessage", {"QueueUrl": queue, "AttributeNames": ["ApproximateReceiveCount"]})
        assert answer["Messages"][0]["Attributes"] == {"ApproximateReceiveCount": "1"}


def test_polls_past_their_limit_are_answered_at_once_and_the_log_says_so(start, connections):
    broker = start(LONG_POLLS_MAX=20)
    queue, other = make_queue(broker), make_queue(broker, "other")
    poll = {"QueueUrl": queue, "WaitTimeSeconds": 20}
    parked = connections(broker, 20)
    for connection in parked:
        connection.sendall(request_bytes(broker, "ReceiveMessage", poll))
    with Caller(broker) as caller:
        # It waits itself until the twenty are there.
        wait_until(lambda: caller.ok("ReceiveMessage", poll | {"WaitTimeSeconds": 1}) == {}, "no answer")
        started = time.monotonic()
        assert not caller.ok("ReceiveMessage", poll).get("Messages")
        assert time.monotonic() - started < 10
        assert serves(broker, other)
        caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
    assert next_answer(parked[0]).body["Messages"][0]["Body"] == "x"
    assert "server.long_polls_max" in broker.log()


def test_clients_that_never_read_large_answers_are_bounded_and_their_messages_come_back(start, connections):
    broker = start(BUFFERS_MIB_MAX=BUFFERS_MIB)
    queue, other = make_queue(broker), make_queue(broker, "other")
    clients = 50
    messages = 10 * clients
    with Caller(broker) as caller:
        entries = [{"Id": str(number), "MessageBody": "x" * LARGE} for number in range(4)]
        for _ in range(messages // len(entries)):
            caller.ok("SendMessageBatch", {"QueueUrl": queue, "Entries": entries})
        with descriptors_come_back(broker):
            memory = PeakMemory(broker.process)
            opened = connections(broker, clients, receive_buffer=4_096)
            receive = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3_600}
            for connection in opened:
                connection.sendall(request_bytes(broker, "ReceiveMessage", receive))
            for number in range(50):
                memory.look()
                caller.ok("SendMessage", {"QueueUrl": other, "MessageBody": str(number)})
            # All connections share what the kernel has for them.
            assert 0 < max(unsent_bytes(broker)) < MEBIBYTE
            # Receives have to wait until some of the others are cut off; a long poll does so by itself.
            assert caller.ok("ReceiveMessage", {"QueueUrl": other, "WaitTimeSeconds": 20})["Messages"]
            # They ask for 125 MiB; measured: 35.
            assert memory.growth < 2.5 * BUFFERS_MIB * MEBIBYTE
            close_all(opened)
        assert "server.buffers_mib_max" in broker.log()
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        request = {"QueueUrl": queue, "AttributeNames": counts}
        wait_until(
            lambda: caller.ok("GetQueueAttributes", request)["Attributes"] == dict(zip(counts, (str(messages), "0"))),
            "messages that nobody got did not come back",
        )


def test_bodies_that_never_end_are_bounded_and_disturb_nobody(start, connections):
    broker = start(BUFFERS_MIB_MAX=BUFFERS_MIB)
    queue = make_queue(broker)
    size = 6 * MEBIBYTE
    whole = request_bytes(broker, "SendMessage", b" " * size)
    # One of them sends nothing more when it is nearly there.
    unfinished = whole[: -size // 4]
    with descriptors_come_back(broker):
        memory = PeakMemory(broker.process)
        opened = connections(broker, 40)
        for connection in opened:
            connection.setblocking(False)
        sent = [0] * len(opened)
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.5:
            for number, connection in enumerate(opened):
                with contextlib.suppress(BlockingIOError):
                    count = connection.send(unfinished[sent[number] : sent[number] + MEBIBYTE])
                    sent[number] += count
                    if count:
                        quiet_since = time.monotonic()
            memory.look()
        assert serves(broker, queue)
        # They would send 180 MiB; measured: 29. What the kernel holds for them is not the broker's.
        assert memory.growth < 2.5 * BUFFERS_MIB * MEBIBYTE
        with Caller(broker) as caller:
            # None of them waits for a body of ordinary size, nor the other way round.
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "y" * MEBIBYTE})
            # Whoever waits for room is let in when there is some: this one takes 3 MiB in JSON.
            thread = threading.Timer(0.2, close_all, [opened])
            thread.start()
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "é" * (MEBIBYTE // 2)})
            thread.join()


@pytest.mark.parametrize("is_chunked", [False, True], ids=["content length", "chunks"])
def test_a_body_of_two_gigabytes_is_refused_without_being_read(broker, queue, is_chunked):
    length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {2 << 30}"
    piece = b" " * MEBIBYTE
    if is_chunked:
        piece = b"100000\r\n" + piece + b"\r\n"
    memory = PeakMemory(broker.process)
    sent = 0
    with open_socket(broker) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.X\r\n{length}\r\n\r\n".encode())
        # A client that does not look at the answer goes on sending until it is cut off.
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while sent < 2 << 30:
                connection.sendall(piece)
                sent += len(piece)
                memory.look()
    with open_socket(broker) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.X\r\n{length}\r\n\r\n".encode())
        if is_chunked:
            connection.sendall(piece * 8)
        assert next_answer(connection).status == 413
    assert sent < 256 * MEBIBYTE
    assert memory.growth < 128 * MEBIBYTE
    assert serves(broker, queue)


def test_a_thousand_pipelined_requests_are_answered_in_their_order(broker, queue):
    memory = PeakMemory(broker.process)
    with open_socket(broker) as connection:
        requests = [
            request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": str(number)})
            if number % 2
            else request_bytes(broker, "GetQueueUrl", {"QueueName": f"missing-{number}", "x": "y" * 1_000})
            for number in range(1_000)
        ]
        sender = threading.Thread(target=connection.sendall, args=[b"".join(requests)])
        sender.start()
        answers = AnswerStream(connection)
        for number in range(1_000):
            answer = answers.next()
            assert answer.status == (200 if number % 2 else 400)
            assert ("MessageId" in answer.body) == bool(number % 2)
        sender.join()
    assert memory.growth < 64 * MEBIBYTE


def test_a_client_that_pipelines_and_never_reads_is_not_served_on(broker, queue):
    with Caller(broker) as caller:
        caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x" * LARGE})
    memory = PeakMemory(broker.process)
    request = request_bytes(broker, "ReceiveMessage", {"QueueUrl": queue, "VisibilityTimeout": 0})
    with descriptors_come_back(broker):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.connect((broker.host, broker.port))
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(1_000):
                    connection.sendall(request)
            with Caller(broker) as caller:
                for number in range(20):
                    caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": str(number)})
    assert memory.growth < 64 * MEBIBYTE


def test_clients_that_drip_disturb_nobody(broker, queue, connections):
    request = request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "dripped"})
    in_body = len(request) - 30
    with descriptors_come_back(broker):
        opened = connections(broker, 300)
        for connection in opened[::2]:
            connection.sendall(request[:in_body])
        for position in range(5):
            for number, connection in enumerate(opened):
                start = position + (in_body if number % 2 == 0 else 0)
                connection.sendall(request[start : start + 1])
            assert serves(broker, queue, count=5)
        close_all(opened)
    with Caller(broker) as caller:
        assert not caller.ok("ReceiveMessage", {"QueueUrl": queue}).get("Messages")


@pytest.mark.parametrize(
    "chunk",
    [
        b"8000000000000000\r\n",
        b"7fffffffffffffff\r\n{}\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        b"10000000000000000\r\n{}\r\n0\r\n\r\n",
        b"2" + b" " * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"2\n{}\n0\n\n",
        b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    ],
    ids=lambda chunk: repr(chunk[:20]),
)
def test_chunks_of_impossible_sizes_are_refused_and_what_follows_is_not_read(broker, queue, chunk):
    smuggled = request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "smuggled"})
    memory = PeakMemory(broker.process)
    with open_socket(broker) as connection:
        head = "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nTransfer-Encoding: chunked\r\n\r\n"
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(head.encode() + chunk + smuggled)
            connection.shutdown(socket.SHUT_WR)
            answer = next_answer(connection)
            assert answer.status in (400, 413, 431), answer
    assert memory.growth < 64 * MEBIBYTE
    with Caller(broker) as caller:
        assert not caller.ok("ReceiveMessage", {"QueueUrl": queue}).get("Messages")


def test_what_follows_a_body_longer_than_its_length_is_refused(broker, queue):
    request = request_bytes(broker, "SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
    with open_socket(broker) as connection:
        connection.sendall(request + b"more of it}" + request)
        answers = AnswerStream(connection)
        assert answers.next().status == 200
        answer = answers.next()
        assert (answer.status, answer.headers["connection"]) == (400, "close")
    assert bodies(broker, queue) == ["x"]


@pytest.mark.parametrize("count, status", [(50, 200), (300, 431), (30_000, 431)])
def test_headers_are_counted(broker, count, status):
    headers = "".join(f"X-{number}: y\r\n" for number in range(count))
    with open_socket(broker) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n"
            + headers.encode()
            + b"Content-Length: 2\r\n\r\n{}"
        )
        assert next_answer(connection).status == status


@pytest.mark.parametrize("path", ["/%", "/%4", "/%zz", "/%c0%80", "/%ff", "/%00", "/a%2", "/%u0041", "/\xff", "/\x00"])
@pytest.mark.parametrize("is_query", [False, True], ids=["path", "query"])
def test_percent_encoding_cut_short_or_of_no_text_is_refused(broker, path, is_query):
    target = f"/?Action=ListQueues&QueueNamePrefix={path[1:]}" if is_query else path
    with open_socket(broker) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode("latin-1"))
        assert 400 <= next_answer(connection, "GET").status < 500


def test_past_the_connections_only_the_health_is_told(start, connections):
    broker = start(CONNECTIONS_MAX=20)
    queue = make_queue(broker)
    with descriptors_come_back(broker):
        with Caller(broker) as caller:
            caller.ok("ListQueues", {})
            # Connections that were closed are counted until the broker has seen it.
            wait_until(lambda: descriptors(broker.process) < 40, "connections are still open")
            others = connections(broker, 40)
            for connection in others[:19]:
                connection.sendall(request_bytes(broker, "ListQueues", {}))
            assert [next_answer(connection).status for connection in others[:19]] == [200] * 19
            assert broker.is_healthy()
            with Caller(broker) as refused:
                answer = refused.call("SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
            assert (answer.status, answer.code) == (503, "ServiceUnavailable")
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "served"})
            close_all(others)
    assert broker.log().count("server.connections_max") == 1
    assert serves(broker, queue, count=1) and "x" not in bodies(broker, queue)


def bodies(broker, queue):
    with Caller(broker) as caller:
        answer = caller.ok("ReceiveMessage", {"QueueUrl": queue, "MaxNumberOfMessages": 10})
    return [message["Body"] for message in answer.get("Messages", [])]


def test_with_few_descriptors_the_broker_goes_on_and_tells_it(start, connections):
    broker = start(prefix=["prlimit", "--nofile=150:150"])
    assert "connections_allowed=54" in broker.log()
    queue = make_queue(broker)
    with descriptors_come_back(broker):
        with Caller(broker) as caller:
            caller.ok("ListQueues", {})
            opened = connections(broker, 300)
            for _ in range(20):
                caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x" * LARGE})
            close_all(opened)
    assert serves(broker, queue, count=1)
