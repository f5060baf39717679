"""Files that take another's place: what is in them, and their names, are on the disk before anything rests on them.

A write-ahead log that a start writes anew, a backup, a database that is restored: SQLite does not sync these, the
broker does.
"""

import subprocess

import pytest

import strace
from broker import BINARY, clean_environment, run
from wire import Caller

pytestmark = pytest.mark.skipif(not strace.is_available(), reason="strace is missing or may not trace here")


def move_to(calls, path):
    """The last time a file got this name."""
    moves = [call for call in calls if call.name in strace.MOVES and call.succeeded and call.target == str(path)]
    assert moves, f"nothing got the name {path}"
    return moves[-1]


def syncs_of(calls, path):
    return [call for call in calls if call.name in strace.SYNCS and call.succeeded and call.target == str(path)]


def assert_contents_are_synced_before(calls, move):
    """All that was written to a file was synced before it got its name."""
    written = [call for call in calls if call.name in strace.FILE_WRITES and call.target == move.source]
    assert written, f"{move.source} was not written"
    last = max(call.left for call in written)
    assert last < move.entered, f"{move.source} was written after it got its name"
    assert any(
        last < sync.entered and sync.left < move.entered for sync in syncs_of(calls, move.source)
    ), f"{move.source} got its name before it was synced"


def assert_name_is_synced_after(calls, move, path, before=None):
    """The directory was synced once the file had its name, and before something else."""
    syncs = [sync for sync in syncs_of(calls, path.parent) if sync.entered > move.left]
    assert syncs, f"{path.parent} was not synced after {path.name} got its name"
    if before is not None:
        assert syncs[0].left < before.entered, f"{before.name} came before {path.parent} was synced"


def sent(broker, body):
    with Caller(broker) as caller:
        url = caller.ok("CreateQueue", {"QueueName": "orders"})["QueueUrl"]
        caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": body})


def received(broker):
    with Caller(broker) as caller:
        messages = caller.ok("ReceiveMessage", {"QueueUrl": broker.queue_url("orders")})["Messages"]
        return [message["Body"] for message in messages]


def traced_calls(path):
    return strace.calls_in(path.read_text(errors="replace"))


def test_a_start_after_kill_9_syncs_the_log_that_it_writes_anew_before_it_answers(own_broker, tmp_path):
    sent(own_broker, "one")
    own_broker.kill()
    own_broker.prefix = strace.prefix(tmp_path / "trace")
    own_broker.start()
    assert received(own_broker) == ["one"]
    assert own_broker.terminate() == 0
    calls = traced_calls(tmp_path / "trace")
    log = own_broker.data / "holdfast.db-wal"
    move = move_to(calls, log)
    assert_contents_are_synced_before(calls, move)
    answer = next(call for call in calls if call.is_answer)
    assert_name_is_synced_after(calls, move, log, before=answer)


@pytest.mark.parametrize("arguments", [[], ["--replace"]])
@pytest.mark.parametrize("is_running", [True, False])
def test_a_backup_is_on_the_disk_before_it_is_reported(new_broker, tmp_path, is_running, arguments):
    broker = new_broker(prefix=strace.prefix(tmp_path / "trace") if is_running else []).start()
    sent(broker, "one")
    if not is_running:
        assert broker.terminate() == 0
    prefix = [] if is_running else strace.prefix(tmp_path / "trace")
    file = tmp_path / "backups" / "backup.db"
    file.parent.mkdir()
    subprocess.run(
        [*prefix, BINARY, "backup", str(file), "--data", str(broker.data), *arguments],
        check=True,
        timeout=60,
        env=clean_environment(),
    )
    if is_running:
        assert broker.terminate() == 0
    calls = traced_calls(tmp_path / "trace")
    move = move_to(calls, file)
    assert_contents_are_synced_before(calls, move)
    assert_name_is_synced_after(calls, move, file)


def test_a_restored_database_is_on_the_disk_before_it_takes_its_place(own_broker, tmp_path):
    sent(own_broker, "one")
    file = tmp_path / "backup.db"
    assert run("backup", file, "--data", own_broker.data).returncode == 0
    assert own_broker.terminate() == 0
    subprocess.run(
        [*strace.prefix(tmp_path / "trace"), BINARY, "restore", str(file), "--data", str(own_broker.data), "--replace"],
        check=True,
        timeout=60,
        env=clean_environment(),
    )
    calls = traced_calls(tmp_path / "trace")
    database = own_broker.data / "holdfast.db"
    pending = database.with_name("holdfast.db.restored")
    decided = move_to(calls, pending)
    placed = move_to(calls, database)
    replaced = next(call for call in calls if call.name in strace.MOVES and call.source == str(database))
    assert_contents_are_synced_before(calls, decided)
    assert_name_is_synced_after(calls, decided, pending, before=replaced)
    assert_name_is_synced_after(calls, placed, database)
    own_broker.start()
    assert received(own_broker) == ["one"]
