"""What users of other servers report of queue URLs: they name a host that the caller can't reach.

Each test goes through what stands between clients and a broker: a mapped port, as Docker and Kubernetes have, or a
reverse proxy. Whoever follows the URL that the broker gave must get there again.
"""

import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from broker import ACCOUNT, REGION, free_port
from conftest import client_of
from query_wire import FORM, encoded
from queues import receive, take
from wire import Caller


class MappedPort:
    """Another port of this machine whose bytes go to the broker's, as with `docker run -p`."""

    def __init__(self, broker):
        self.host, self.port = "127.0.0.1", free_port()
        self.url = f"http://{self.host}:{self.port}"
        self.target = (broker.host, broker.port)
        self.listener = socket.create_server((self.host, self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(self.target)
            for source, destination in [(client, upstream), (upstream, client)]:
                threading.Thread(target=self.pump, args=(source, destination), daemon=True).start()

    @staticmethod
    def pump(source, destination):
        try:
            while data := source.recv(65_536):
                destination.sendall(data)
            destination.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


class ReverseProxy:
    """A proxy that shows the broker under a path, and names the broker's own address in Host."""

    def __init__(self, broker, path, *, strips):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                assert self.path.startswith(path), self.path
                target = self.path.removeprefix(path) if strips else self.path
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
                headers["X-Forwarded-Host"] = "somewhere.else"
                connection = http.client.HTTPConnection(broker.host, broker.port, timeout=30)
                connection.request("POST", target or "/", body, headers)
                response = connection.getresponse()
                answer = response.read()
                connection.close()
                self.send_response(response.status)
                for key, value in response.getheaders():
                    if key.lower() not in ("connection", "content-length", "date"):
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host, self.port = self.server.server_address
        self.url = f"http://{self.host}:{self.port}{path}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def closing():
    """What a test opens in front of a broker ends with it."""
    opened = []

    def keep(front):
        opened.append(front)
        return front

    yield keep
    for front in opened:
        front.close()


def follow(queue_url, **parameters):
    """A Query request to a queue's own URL, as older SDKs send it: the URL alone says where; the answer's text."""
    parts = urlsplit(queue_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request("POST", parts.path, encoded({"Version": "2012-11-05"} | parameters), FORM)
    response = connection.getresponse()
    answer = response.read().decode()
    connection.close()
    assert response.status == 200, answer
    return answer


def assert_works_through(front, protocol, queue_name):
    """A life cycle that goes where the returned URLs point."""
    sqs = client_of(front, protocol)
    expected = f"{front.url}/{ACCOUNT}/{queue_name}"
    queue = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    assert queue == sqs.get_queue_url(QueueName=queue_name)["QueueUrl"] == expected
    assert sqs.list_queues(QueueNamePrefix=queue_name)["QueueUrls"] == [expected]
    sqs.send_message(QueueUrl=queue, MessageBody="by the SDK")
    follow(queue, Action="SendMessage", MessageBody="by the URL")
    [message] = receive(sqs, queue)
    assert message["Body"] == "by the SDK"
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert "<Body>by the URL</Body>" in follow(queue, Action="ReceiveMessage")
    follow(queue, Action="DeleteQueue")
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=queue_name)


@pytest.mark.parametrize("protocol", ["json", "query"])
def test_urls_lead_through_a_mapped_port(broker, closing, protocol, name):
    assert_works_through(closing(MappedPort(broker)), protocol, name)


@pytest.mark.parametrize("protocol", ["json", "query"])
@pytest.mark.parametrize("strips", [True, False], ids=["path taken off", "path left on"])
def test_urls_lead_through_a_proxy_with_a_path(new_broker, closing, protocol, strips, name):
    broker = new_broker()
    proxy = closing(ReverseProxy(broker, "/sqs", strips=strips))
    broker.arguments += ["--public-url", proxy.url + "/"]
    broker.start()
    assert_works_through(proxy, protocol, name)


def test_two_callers_get_each_the_host_they_used(broker, closing, queue, name):
    for front in (closing(MappedPort(broker)), closing(MappedPort(broker))):
        with Caller(front) as caller:
            assert caller.ok("GetQueueUrl", {"QueueName": name})["QueueUrl"] == f"{front.url}/{ACCOUNT}/{name}"
            # And a URL that another caller got is as good.
            caller.ok("SendMessage", {"QueueUrl": queue, "MessageBody": "x"})
    assert len(take(client_of(broker), queue)) == 2


def test_a_forwarded_host_is_not_believed(broker, caller, name, queue):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    answer = caller.call("GetQueueUrl", {"QueueName": name}, headers=headers)
    assert answer.body == {"QueueUrl": queue}


def test_the_queues_of_a_broker_that_moved_are_found_by_their_old_urls(own_broker):
    sqs = client_of(own_broker)
    old = sqs.create_queue(QueueName="q")["QueueUrl"]
    own_broker.terminate()
    own_broker.port = free_port()
    own_broker.arguments = ["--region", "eu-west-1", "--account", "123456789012"]
    own_broker.start()
    sqs = client_of(own_broker)
    assert sqs.list_queues()["QueueUrls"] == [f"{own_broker.url}/123456789012/q"] != [old]
    assert REGION not in sqs.get_queue_attributes(QueueUrl=old, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.send_message(QueueUrl=old, MessageBody="x")
    assert take(sqs, old) == ["x"]
