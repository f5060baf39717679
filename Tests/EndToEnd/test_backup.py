"""`holdfast backup` and `holdfast restore`, on the real binary: under load, cancelled, killed, refused."""

import os
import re
import signal
import socket
import stat
import subprocess
import time

import pytest

from broker import BINARY, Broker, clean_environment, run
from history.backups import violations_of_backup
from history.judge import violations_of
from history.log import HistoryLog
from history.reading import read_history
from load.clients import Load
from load.drain import QUIET_SECONDS, end_move_tasks_of, take_out
from load.graph import create_queues
from wire import Caller

UNUSABLE_DATA, NOT_THERE, CANNOT_CREATE, IN_USE = 65, 66, 73, 75

PROGRESS = re.compile(r"^(\d+) of (\d+) pages, (\d+) %$", re.MULTILINE)


def fill(broker, count=100, size=100_000, queue="filled"):
    """Sends messages of `size` bytes; the queue's URL."""
    with Caller(broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": queue})["QueueUrl"]
        for number in range(count):
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": f"{number:06}" + "x" * (size - 6)})
    return url


def count_of(broker, queue="filled"):
    with Caller(broker) as caller:
        arguments = {"QueueUrl": broker.queue_url(queue), "AttributeNames": ["ApproximateNumberOfMessages"]}
        return int(caller.ok("GetQueueAttributes", arguments)["Attributes"]["ApproximateNumberOfMessages"])


def start_backup(broker, file, *arguments):
    return subprocess.Popen(
        [BINARY, "backup", str(file), "--data", str(broker.data), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
    )


def wait_for_partial(file):
    """Waits until a backup is being made; the name its file has until it is whole."""
    partial = file.with_name(file.name + ".partial-holdfast")
    deadline = time.monotonic() + 20
    while not (partial.exists() and partial.stat().st_size > 0):
        assert time.monotonic() < deadline, "no backup was begun"
        time.sleep(0.01)
    return partial


def restore(file, data, *arguments):
    return run("restore", file, "--data", data, *arguments)


@pytest.fixture
def restored_broker(new_broker):
    """Makes brokers that run on a restored backup."""

    def make(file):
        broker = new_broker()
        ended = restore(file, broker.data)
        assert ended.returncode == 0, ended.stderr
        return broker.start()

    return make


def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(own_broker, restored_broker, tmp_path):
    fill(own_broker, 80)
    file = tmp_path / "backup.db"
    with HistoryLog(tmp_path / "history.jsonl") as log:
        create_queues(own_broker, log, {})
        load = Load(own_broker, log, 1)
        clients = load.begin_round()
        time.sleep(1.5)
        began = time.monotonic()
        # Slow enough for the load to change much of what was copied already.
        ended = run("backup", file, "--data", own_broker.data, "--rate", 8, timeout=60)
        whole = time.monotonic()
        assert ended.returncode == 0, ended.stderr
        time.sleep(0.3)
        assert own_broker.terminate() == 0
        load.end_round(clients)
    history = read_history(log.path)
    assert not violations_of(history)

    checked = run("check", file)
    assert checked.returncode == 0, checked.stdout
    other = restored_broker(file)
    assert count_of(other) == 80
    with HistoryLog(tmp_path / "restored.jsonl") as log:
        create_queues(other, log, {})
        load = Load(other, log, 1)
        end_move_tasks_of(load)
        time.sleep(QUIET_SECONDS)
        take_out(load)
    restored = read_history(log.path)
    violations = list(violations_of_backup(history, restored, began, whole))
    assert not violations, violations[:20]
    # The test means something only if enough happened, before and meanwhile.
    sends = [send for message in history.messages.values() for send in message.sends]
    assert sum(send.ended < began for send in sends) > 20
    assert sum(began < send.started and send.ended < whole for send in sends) > 20
    assert restored.messages


def test_progress_is_told_and_the_file_is_its_owners_alone(own_broker, tmp_path):
    fill(own_broker)
    file = tmp_path / "backup.db"
    ended = run("backup", "backup.db", "--data", own_broker.data, "--rate", 5, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    told = [tuple(map(int, match)) for match in PROGRESS.findall(ended.stderr)]
    assert len(told) >= 2
    assert told == sorted(told) and told[-1][0] > 0
    assert all(percent == copied * 100 // total for copied, total, percent in told)
    pages = file.stat().st_size // 4096
    assert f"{pages} pages" in ended.stdout and str(file) in ended.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["backup.db"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_a_backup_and_nothing_is_left(own_broker, tmp_path, number):
    fill(own_broker)
    file = tmp_path / "backup.db"
    command = start_backup(own_broker, file, "--rate", 1)
    wait_for_partial(file)
    command.send_signal(number)
    assert command.wait(20) == -number
    assert list(tmp_path.iterdir()) == []
    assert count_of(own_broker) == 100
    assert run("backup", file, "--data", own_broker.data).returncode == 0


def test_a_command_that_is_killed_takes_its_backup_along(own_broker, tmp_path):
    fill(own_broker)
    file = tmp_path / "backup.db"
    command = start_backup(own_broker, file, "--rate", 1)
    partial = wait_for_partial(file)
    # Nobody else can make one meanwhile.
    ended = run("backup", tmp_path / "other.db", "--data", own_broker.data)
    assert ended.returncode == IN_USE and "another backup" in ended.stderr
    command.kill()
    command.wait(20)
    deadline = time.monotonic() + 20
    while partial.exists():
        assert time.monotonic() < deadline, "the backup goes on without its command"
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_broker_that_stops_ends_a_backup(own_broker, tmp_path):
    fill(own_broker)
    file = tmp_path / "backup.db"
    command = start_backup(own_broker, file, "--rate", 1)
    wait_for_partial(file)
    assert own_broker.terminate() == 0
    _, errors = command.communicate(timeout=20)
    assert command.returncode == IN_USE and "stop" in errors
    assert list(tmp_path.iterdir()) == []


def test_a_killed_broker_leaves_no_file_that_could_be_taken_for_a_backup(own_broker, restored_broker, tmp_path):
    fill(own_broker)
    file = tmp_path / "backup.db"
    command = start_backup(own_broker, file, "--rate", 1)
    wait_for_partial(file)
    own_broker.kill()
    _, errors = command.communicate(timeout=20)
    assert command.returncode == IN_USE and "broker" in errors
    assert not file.exists()
    # What is left is in nobody's way: not when the broker runs again, nor while it does not.
    own_broker.start()
    assert run("backup", file, "--data", own_broker.data, "--rate", 0).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["backup.db"]
    assert count_of(restored_broker(file)) == 100


def test_without_a_broker_the_command_makes_the_backup_itself(own_broker, restored_broker, tmp_path):
    fill(own_broker)
    own_broker.kill()
    before = {path.name: path.read_bytes() for path in own_broker.data.iterdir() if ".db" in path.name}
    file = tmp_path / "backup.db"
    command = start_backup(own_broker, file, "--rate", 1)
    wait_for_partial(file)
    # A broker would change what is being copied.
    assert run("serve", "--data", own_broker.data, "--port", own_broker.port).returncode == IN_USE
    command.send_signal(signal.SIGINT)
    assert command.wait(20) == -signal.SIGINT
    assert list(tmp_path.iterdir()) == []
    ended = run("backup", file, "--data", own_broker.data, "--rate", 0)
    assert ended.returncode == 0, ended.stderr
    assert {path.name: path.read_bytes() for path in own_broker.data.iterdir() if ".db" in path.name} == before
    assert count_of(restored_broker(file)) == 100
    own_broker.start()
    assert count_of(own_broker) == 100


def test_what_a_backup_would_destroy_or_can_not_write_is_refused(own_broker, tmp_path):
    fill(own_broker, 1)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for path in (precious, tmp_path / "none" / "backup.db", own_broker.data / "backup.db", tmp_path):
        ended = run("backup", path, "--data", own_broker.data)
        assert ended.returncode == CANNOT_CREATE, ended
        assert str(path) in ended.stderr
    database = own_broker.data / "holdfast.db"
    assert run("backup", database, "--replace", "--data", own_broker.data).returncode == CANNOT_CREATE
    assert precious.read_text() == "precious"
    assert run("backup", precious, "--replace", "--data", own_broker.data).returncode == 0
    assert run("backup", tmp_path / "b", "--data", tmp_path / "none").returncode == NOT_THERE
    assert not (tmp_path / "none").exists()
    assert run("backup", "--data", own_broker.data).returncode == 64
    assert run("backup", tmp_path / "b", "--rate", "-1", "--data", own_broker.data).returncode == 64
    assert own_broker.is_healthy()


def test_a_restore_goes_over_nothing(own_broker, new_broker, tmp_path):
    fill(own_broker, 3)
    file = tmp_path / "backup.db"
    assert run("backup", file, "--data", own_broker.data).returncode == 0
    with Caller(own_broker) as caller:
        caller.ok("SendMessage", {"QueueUrl": own_broker.queue_url("filled"), "MessageBody": "later"})
    for arguments in ([], ["--replace"]):
        assert restore(file, own_broker.data, *arguments).returncode == IN_USE
    own_broker.kill()
    ended = restore(file, own_broker.data)
    assert ended.returncode == CANNOT_CREATE and "--replace" in ended.stderr
    own_broker.start()
    assert count_of(own_broker) == 4
    own_broker.kill()
    # The log of the killed broker goes with its database.
    ended = restore(file, own_broker.data, "--replace")
    assert ended.returncode == 0, ended.stderr
    [folder] = [path for path in own_broker.data.iterdir() if path.is_dir()]
    assert str(folder) in ended.stdout
    assert {path.name for path in folder.iterdir()} >= {"holdfast.db", "holdfast.db-wal"}
    own_broker.start()
    assert count_of(own_broker) == 3
    # And what was moved aside is whole.
    former = new_broker()
    os.rename(folder, former.data)
    assert count_of(former.start()) == 4


def test_a_restore_of_what_is_no_backup_is_refused(tmp_path):
    data = tmp_path / "data"
    assert restore(tmp_path / "none", data).returncode == NOT_THERE
    text = tmp_path / "text"
    text.write_text("no database")
    ended = restore(text, data)
    assert ended.returncode == UNUSABLE_DATA and str(text) in ended.stderr
    assert not data.exists() or not list(data.glob("*.db*"))


def test_handles_and_sequence_numbers_from_after_the_backup_are_never_given_out_again(own_broker, tmp_path):
    file = tmp_path / "backup.db"
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    with Caller(own_broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "q"})["QueueUrl"]
        ordered = caller.ok("CreateQueue", {"QueueName": "q.fifo", "Attributes": fifo})["QueueUrl"]
        assert run("backup", file, "--data", own_broker.data).returncode == 0
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "lost"})
        [lost] = caller.ok("ReceiveMessage", {"QueueUrl": url})["Messages"]
        message = {"QueueUrl": ordered, "MessageBody": "x", "MessageGroupId": "g"}
        before = caller.ok("SendMessage", message)["SequenceNumber"]
    assert own_broker.terminate() == 0
    assert restore(file, own_broker.data, "--replace").returncode == 0
    own_broker.start()
    with Caller(own_broker) as caller:
        # The send is lost, and so is what would have made this one its duplicate.
        assert caller.ok("SendMessage", message)["SequenceNumber"] > before
        assert len(caller.ok("ReceiveMessage", {"QueueUrl": ordered})["Messages"]) == 1
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "new"})
        [new] = caller.ok("ReceiveMessage", {"QueueUrl": url, "VisibilityTimeout": 0})["Messages"]
        caller.ok("DeleteMessage", {"QueueUrl": url, "ReceiptHandle": lost["ReceiptHandle"]})
        [again] = caller.ok("ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 1})["Messages"]
    assert new["Body"] == again["Body"] == "new"


def test_a_disk_that_gets_full_ends_a_backup_and_not_the_broker(own_broker, tmp_path):
    fill(own_broker)
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        file = disk / "backup.db"
        command = start_backup(own_broker, file, "--rate", 2)
        wait_for_partial(file)
        (disk / "something else").write_bytes(bytes(8_000_000))
        _, errors = command.communicate(timeout=20)
        assert command.returncode == CANNOT_CREATE and "too little room" in errors
        assert [path.name for path in disk.iterdir()] == ["something else"]
        # Known from the start, it is told at the start.
        ended = run("backup", file, "--data", own_broker.data, "--rate", 1)
        assert ended.returncode == CANNOT_CREATE and "too little room" in ended.stderr
        assert len(PROGRESS.findall(ended.stderr)) <= 1
        assert [path.name for path in disk.iterdir()] == ["something else"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    fill(own_broker, 1, queue="more")
    assert count_of(own_broker) == 100


def test_a_broker_refuses_what_it_does_not_understand_on_its_socket(own_broker):
    def answer(text):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(own_broker.data / "holdfast.sock"))
            try:
                connection.sendall(text)
                return connection.makefile("rb").read()
            except (BrokenPipeError, ConnectionResetError):
                return b""

    assert b"does not understand" in answer(b"GET / HTTP/1.1\r\n\r\n")
    assert b"no absolute path" in answer(b'{"backup":{"path":"backup.db","isReplacing":true}}\n')
    assert answer(b"x" * 1_000_000) == b""
    assert own_broker.is_healthy()


def test_commands_reach_a_broker_whose_path_is_too_long_for_a_socket_and_leave_no_socket_behind(tmp_path):
    directory = tmp_path / ("d" * 200)
    directory.mkdir()
    broker = Broker(directory)
    try:
        broker.start()
        path = broker.data / "holdfast.sock"
        assert stat.S_ISSOCK(path.stat().st_mode) and stat.S_IMODE(path.stat().st_mode) == 0o600
        fill(broker, 1)
        assert run("backup", tmp_path / "one.db", "--data", broker.data).returncode == 0
        # One that a killed broker left is replaced.
        broker.kill()
        assert path.exists()
        broker.start()
        assert run("backup", tmp_path / "two.db", "--data", broker.data).returncode == 0
        assert broker.terminate() == 0
        assert not path.exists()
    finally:
        broker.discard()
