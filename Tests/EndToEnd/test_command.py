"""The command: help, settings, exit codes, signals."""

import os
import re
import signal
import subprocess
import time

import pytest

from broker import BINARY, clean_environment, free_port, run
from wire import Caller, next_answer, open_socket, request_bytes

USAGE, UNUSABLE_DATA, CANNOT_LISTEN, DATA_DIRECTORY, IN_USE, CONFIGURATION = 64, 65, 69, 73, 75, 78
UNCLEAN = re.compile("not clean|unclean", re.IGNORECASE)


def serve(data, *arguments, environment=None, cwd=None):
    """Runs `serve` where it must end by itself."""
    port = ["--port", free_port()] if "--port" not in arguments else []
    return run("serve", "--data", data, *port, *arguments, environment=environment, cwd=cwd)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["-h"], ["help"], ["help", "serve"]])
def test_help_is_there_for_everything(arguments):
    ended = run(*arguments)
    assert ended.returncode == 0
    assert "holdfast" in ended.stdout and "serve" in ended.stdout
    assert ended.stderr == ""


def test_the_help_of_serve_names_every_option_and_exit_status():
    text = run("serve", "--help").stdout
    for word in ("--host", "--port", "--data", "--config", "HOLDFAST_PORT", "9324", "127.0.0.1"):
        assert word in text, word
    for status in (USAGE, CANNOT_LISTEN, 74, IN_USE, CONFIGURATION):
        assert re.search(rf"\b{status}\b", text), status


@pytest.mark.parametrize("arguments", [["--version"], ["serve", "--version"]])
def test_the_version_is_told(arguments):
    ended = run(*arguments)
    assert ended.returncode == 0
    assert re.search(r"\d+\.\d+\.\d+", ended.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["serve", "--nonsense"],
        ["serve", "nonsense"],
        ["serve", "--port"],
        ["serve", "--port", "nonsense"],
        ["serve", "--port", "65536"],
        ["serve", "--host", ""],
        ["serve", "--account", "12"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_64_and_says_what_is_wrong(arguments, tmp_path):
    ended = run(*arguments, cwd=tmp_path)
    assert ended.returncode == USAGE, ended.stderr
    assert arguments[-1] in ended.stderr
    assert "Usage" in ended.stderr


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("server:\n  prot: 9324\n", "prot"),
        ("sever:\n  port: 9324\n", "sever"),
        ("server:\n  port: many\n", "port"),
        ("server:\n  port: [1]\n", "port"),
        ("server:\n  port: 1\n  port: 2\n", "port"),
        ("log:\n  level: loud\n", "level"),
        ("- server\n", "settings.yaml"),
        ("server: {\n", "settings.yaml"),
        ("\xff\xfe", "settings.yaml"),
    ],
)
def test_a_bad_configuration_file_stops_the_start_with_78_and_is_named(tmp_path, text, named):
    file = tmp_path / "settings.yaml"
    file.write_bytes(text.encode("latin-1"))
    ended = serve(tmp_path / "data", "--config", file)
    assert ended.returncode == CONFIGURATION, ended.stderr
    assert named in ended.stderr and "settings.yaml" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_missing_configuration_file_stops_the_start(tmp_path):
    ended = serve(tmp_path / "data", "--config", tmp_path / "none.yaml")
    assert ended.returncode == CONFIGURATION and "none.yaml" in ended.stderr


@pytest.mark.parametrize(("variable", "value"), [("HOLDFAST_PROT", "1"), ("HOLDFAST_LOG_LEVEL", "loud")])
def test_a_bad_environment_variable_stops_the_start_and_is_named(tmp_path, variable, value):
    ended = serve(tmp_path / "data", environment={variable: value})
    assert ended.returncode == CONFIGURATION, ended.stderr
    assert variable in ended.stderr


def test_the_command_line_goes_over_the_environment_over_the_file_over_the_default(new_broker, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("service:\n  account: '111111111111'\n  region: eu-north-1\n")

    def account_and_region(arguments, environment):
        broker = new_broker(arguments=arguments, environment=environment).start()
        with Caller(broker) as caller:
            url = caller.ok("CreateQueue", {"QueueName": "q"})["QueueUrl"]
            arguments = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
            region, account = caller.ok("GetQueueAttributes", arguments)["Attributes"]["QueueArn"].split(":")[3:5]
        assert url == f"{broker.url}/{account}/q"
        assert broker.terminate() == 0
        return account, region

    environment = {"HOLDFAST_ACCOUNT": "222222222222"}
    assert account_and_region([], {}) == ("000000000000", "us-east-1")
    assert account_and_region(["--config", file], {}) == ("111111111111", "eu-north-1")
    assert account_and_region(["--config", file], environment) == ("222222222222", "eu-north-1")
    given = ["--config", file, "--account", "333333333333"]
    assert account_and_region(given, environment) == ("333333333333", "eu-north-1")


def test_a_second_process_on_the_same_data_is_refused_with_75(own_broker):
    with Caller(own_broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        ended = serve(own_broker.data)
        assert ended.returncode == IN_USE, ended.stderr
        assert "in use" in ended.stderr and str(own_broker.data) in ended.stderr
        url = own_broker.queue_url("q")
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "still here"})
        assert caller.ok("ReceiveMessage", {"QueueUrl": url})["Messages"]
    own_broker.restart()


def test_data_left_by_a_killed_process_is_not_in_use(own_broker):
    own_broker.kill()
    own_broker.start()


def test_a_port_in_use_ends_the_start_with_69(own_broker, tmp_path):
    ended = serve(tmp_path / "data", "--port", own_broker.port)
    assert ended.returncode == CANNOT_LISTEN, ended.stderr
    assert str(own_broker.port) in ended.stderr
    assert own_broker.is_healthy()


def test_a_data_directory_that_can_not_be_made_ends_the_start_with_73(tmp_path):
    (tmp_path / "file").write_text("in the way")
    ended = serve(tmp_path / "file" / "data")
    assert ended.returncode == DATA_DIRECTORY, ended.stderr
    assert "file" in ended.stderr


def test_a_file_that_is_no_database_ends_the_start_with_65(own_broker):
    assert own_broker.terminate() == 0
    [database] = own_broker.data.glob("*.db")
    database.write_bytes(b"not a database, but long enough to be one " * 500)
    ended = serve(own_broker.data)
    assert ended.returncode == UNUSABLE_DATA, ended.stderr
    assert database.name in ended.stderr or str(own_broker.data) in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_long_polls_with_empty_answers_and_the_process_with_0(own_broker, number):
    with Caller(own_broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "q"})["QueueUrl"]
    polls = [open_socket(own_broker) for _ in range(10)]
    for poll in polls:
        poll.sendall(request_bytes(own_broker, "ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 20}))
    time.sleep(0.3)
    started = time.monotonic()
    assert own_broker.terminate(number) == 0
    assert time.monotonic() - started < 10
    for poll in polls:
        answer = next_answer(poll)
        assert answer.status == 200 and "Messages" not in answer.body
        assert poll.recv(1) == b"", "the connection is closed behind the answer"


def test_a_stopped_broker_leaves_a_checkpointed_log(own_broker):
    with Caller(own_broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "q"})["QueueUrl"]
        for _ in range(20):
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "x"})
    assert own_broker.terminate() == 0
    assert [log.stat().st_size for log in own_broker.data.glob("*-wal")] in ([], [0])
    own_broker.start()


def test_an_unclean_stop_is_logged_at_the_next_start_and_a_clean_one_is_not(own_broker):
    own_broker.restart()
    assert not UNCLEAN.search(own_broker.log())
    # Only commits in the log tell of it: a broker that changed nothing has nothing to recover.
    with Caller(own_broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
    own_broker.kill()
    size = own_broker.log_size()
    own_broker.start()
    assert UNCLEAN.search(own_broker.log(since=size))


def test_idle_connections_do_not_keep_a_broker_from_stopping(own_broker):
    connections = [open_socket(own_broker) for _ in range(20)]
    for connection in connections[:10]:
        connection.sendall(request_bytes(own_broker, "ListQueues", {}))
        assert next_answer(connection).status == 200
    assert own_broker.terminate() == 0
    for connection in connections:
        assert connection.recv(1) == b""


def test_the_log_tells_that_any_credentials_are_accepted_and_never_shows_bodies(own_broker):
    with Caller(own_broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "q"})["QueueUrl"]
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "a secret body"})
        caller.call("SendMessage", {"QueueUrl": url, "MessageBody": "a secret body\x01"})
        handle = caller.ok("ReceiveMessage", {"QueueUrl": url})["Messages"][0]["ReceiptHandle"]
    assert own_broker.terminate() == 0
    log = own_broker.log()
    assert "credentials" in log
    assert "a secret body" not in log and handle not in log


def test_the_data_directory_is_for_its_owner_only(own_broker):
    assert own_broker.data.stat().st_mode & 0o077 == 0
    for file in own_broker.data.iterdir():
        assert file.stat().st_mode & 0o077 == 0 or own_broker.data.stat().st_mode & 0o077 == 0


def test_a_broker_with_defaults_listens_on_loopback_only_and_keeps_its_data_in_data(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [BINARY, "serve", "--port", str(port)],
        cwd=tmp_path,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = []
        while "ready" not in (line := process.stderr.readline()):
            assert line, "".join(lines)
            lines.append(line)
        with open("/proc/net/tcp") as table:
            listening = [row.split()[1] for row in table if f":{port:04X} 00000000:0000 0A" in row]
        assert listening == [f"0100007F:{port:04X}"]
        assert list((tmp_path / "data").glob("*.db"))
    finally:
        process.terminate()
        assert process.wait(20) == 0
    assert os.listdir(tmp_path) == ["data"]
