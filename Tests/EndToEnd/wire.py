"""AWS JSON 1.0 over plain sockets: no SDK between a test and what happens."""

import http.client
import json
import socket
from dataclasses import dataclass


@dataclass
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: dict
    raw: bytes

    @property
    def body(self):
        return json.loads(self.raw) if self.raw else {}

    @property
    def type(self):
        """The name of a JSON error's shape."""
        return self.body["__type"].rpartition("#")[2]

    @property
    def code(self):
        """The code that SDKs show."""
        return self.headers["x-amzn-query-error"].partition(";")[0]


def read_answer(response):
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


class Caller:
    """One keep-alive connection; an exception means that nothing is known of the request's fate."""

    def __init__(self, broker, timeout=40):
        self.connection = http.client.HTTPConnection(broker.host, broker.port, timeout=timeout)

    def connect(self):
        self.connection.connect()

    def call(self, operation, payload, path="/", headers=None):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.connection.request("POST", path, body, headers_of(operation) | (headers or {}))
        return read_answer(self.connection.getresponse())

    def ok(self, operation, payload):
        """The body of an answer that must be a 200."""
        answer = self.call(operation, payload)
        assert answer.status == 200, f"{operation}: {answer}"
        return answer.body

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def headers_of(operation):
    return {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AmazonSQS.{operation}"}


def request_bytes(broker, operation, payload, headers=()):
    """A whole request, to be written by hand."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    lines = ["POST / HTTP/1.1", f"Host: {broker.host}:{broker.port}"]
    lines += [f"{name}: {value}" for name, value in headers_of(operation).items()]
    lines += [*headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def open_socket(broker, timeout=20):
    return socket.create_connection((broker.host, broker.port), timeout=timeout)


def next_answer(connection, method="POST"):
    """Reads one answer from a socket that carries nothing behind it yet."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return read_answer(response)


class AnswerStream:
    """Reads answers one after another from a socket that may hold several."""

    def __init__(self, connection):
        self.file = connection.makefile("rb")

    def next(self):
        response = http.client.HTTPResponse(_Borrowed(self.file))
        response.begin()
        return read_answer(response)


class _Borrowed:
    """Lends a file to HTTPResponse, which otherwise makes (and closes) one with a buffer of its own per answer."""

    def __init__(self, file):
        self.file = file

    def makefile(self, *_):
        return _Unclosable(self.file)


class _Unclosable:
    def __init__(self, file):
        self.read = file.read
        self.readline = file.readline
        self.readinto = file.readinto
        self.read1 = file.read1
        self.peek = file.peek

    def flush(self):
        pass

    def close(self):
        pass
