"""`holdfast bench`: against a broker, with one of its own, and where nobody listens."""

import json
import signal
import subprocess

import pytest

from broker import BINARY, clean_environment, free_port, run
from faulty_server import FaultyServer
from wire import Caller

SHORT = ["--seconds", "0.3", "--warm-up", "0.1", "--connections", "4"]


def bench(*arguments, **options):
    return run("bench", *SHORT, *arguments, timeout=120, **options)


def queue_names(broker):
    with Caller(broker) as caller:
        return [url.rsplit("/", 1)[1] for url in caller.ok("ListQueues", {}).get("QueueUrls", [])]


@pytest.mark.parametrize("kind", ["standard", "fifo"])
@pytest.mark.parametrize("protocol", ["json", "query"])
def test_every_message_is_checked_and_nothing_is_left_behind(own_broker, protocol, kind):
    ended = bench("--endpoint", own_broker.url, "--protocol", protocol, "--queue", kind, "--groups", "3", "--json",
                  "--body-bytes", "100", "5000")
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["isGood"] and not report["isInterrupted"] and report["endpoint"] == own_broker.url
    assert [(m["bodyBytes"], m["batch"]) for m in report["measurements"]] == [
        (100, 1), (100, 10), (5000, 1), (5000, 10)
    ]
    for measurement in report["measurements"]:
        check = measurement["check"]
        assert check["sent"] == check["received"] == check["deleted"] > 0
        assert check["lost"] == check["doubled"] == check["outOfOrder"] == 0
        assert measurement["wireProtocol"] == protocol and measurement["queue"] == kind
        assert measurement["messagesPerSecond"] > 0
        batch = "Batch" if measurement["batch"] > 1 else ""
        for operation in (f"SendMessage{batch}", "ReceiveMessage", f"DeleteMessage{batch}"):
            latency = measurement["latencies"][operation]
            assert 0 < latency["p50Microseconds"] <= latency["p99Microseconds"] <= latency["p999Microseconds"]
    assert queue_names(own_broker) == []


def test_without_an_endpoint_it_measures_a_broker_of_its_own_and_removes_its_data(tmp_path):
    # The user's own settings are none of that broker's business.
    ended = bench("--directory", tmp_path, "--batch", "1", environment={"HOLDFAST_PORT": "1"})
    assert ended.returncode == 0, ended.stderr
    assert "SendMessage" in ended.stdout and "p99.9" in ended.stdout
    assert "standard, single, 200 bytes, json" in ended.stdout
    assert "warming up" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_default_tells_the_cpu_of_its_broker(tmp_path):
    ended = bench("--directory", tmp_path, "--batch", "10", "--json")
    assert ended.returncode == 0, ended.stderr
    [measurement] = json.loads(ended.stdout)["measurements"]
    assert measurement["serverCPUMicrosecondsPerMessage"] > 0


def test_a_directory_in_memory_is_warned_of():
    ended = bench("--directory", "/dev/shm", "--batch", "10")
    assert ended.returncode == 0, ended.stderr
    assert "is in memory" in ended.stderr


def test_where_nobody_listens_it_ends_with_69(tmp_path):
    port = free_port()
    ended = bench("--endpoint", f"http://127.0.0.1:{port}", cwd=tmp_path)
    assert ended.returncode == 69
    assert str(port) in ended.stderr and ended.stdout == ""


@pytest.fixture
def faulty_server(request):
    server = FaultyServer(request.param)
    yield server
    server.close()


def bench_on_one_connection(server):
    return run("bench", "--endpoint", server.url, "--seconds", "0.3", "--warm-up", "0", "--connections", "1",
               "--batch", "10", "--queue", "fifo", "--groups", "1", "--json", timeout=120)


@pytest.mark.parametrize(
    ("faulty_server", "noticed"),
    [("loses", "lost"), ("doubles", "doubled"), ("swaps", "outOfOrder")],
    indirect=["faulty_server"],
)
def test_a_server_that_fails_at_one_message_ends_it_with_1(faulty_server, noticed):
    ended = bench_on_one_connection(faulty_server)
    assert ended.returncode == 1, ended.stderr
    report = json.loads(ended.stdout)
    [measurement] = report["measurements"]
    faults = {name: measurement["check"][name] for name in ("lost", "doubled", "outOfOrder")}
    assert faults == {"lost": 0, "doubled": 0, "outOfOrder": 0} | {noticed: 1}
    assert not report["isGood"]


@pytest.mark.parametrize("faulty_server", ["refuses"], indirect=True)
def test_an_error_for_an_answer_ends_it_with_76_and_is_told(faulty_server):
    ended = bench_on_one_connection(faulty_server)
    assert ended.returncode == 76
    assert "503" in ended.stderr and "ServiceUnavailable" in ended.stderr and ended.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--endpoint", "https://localhost:9324"],
        ["--endpoint", "localhost:9324"],
        ["--endpoint", "http://127.0.0.1:1", "--directory", "."],
        ["--queue", "lifo"],
        ["--protocol", "xml"],
        ["--batch", "11"],
        ["--body-bytes", "3"],
        ["--body-bytes", "200000"],
        ["--connections", "0"],
        ["--groups", "0"],
        ["--seconds", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_64(arguments, tmp_path):
    ended = run("bench", *arguments, cwd=tmp_path)
    assert ended.returncode == 64, ended.stderr
    assert arguments[0] in ended.stderr or arguments[-1] in ended.stderr


def test_an_interrupted_run_tells_what_was_and_removes_its_queue(own_broker):
    process = subprocess.Popen(
        [BINARY, "bench", "--endpoint", own_broker.url, "--seconds", "60", "--json", "--queue", "fifo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment(),
    )
    try:
        while " of 60 s" not in (line := process.stderr.readline()):
            assert line
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    report = json.loads(output)
    assert report["isInterrupted"] and report["isGood"]
    assert process.returncode == 0
    [measurement] = report["measurements"]
    assert measurement["isInterrupted"] and measurement["check"]["received"] > 0
    assert queue_names(own_broker) == []
