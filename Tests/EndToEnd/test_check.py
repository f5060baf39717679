"""`holdfast check`, and what it says of databases that were damaged."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pytest

from broker import BINARY, run
from wire import Caller

FINDINGS = 65
NOT_THERE = 66
CANNOT_OPEN = 73
IN_USE = 75


@pytest.fixture
def stopped(own_broker):
    """A stopped broker with three messages in a queue, one of them received."""
    url = own_broker.queue_url("q")
    with Caller(own_broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        for body in ["one", "two", "three"]:
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": body})
        caller.ok("ReceiveMessage", {"QueueUrl": url})
    own_broker.terminate()
    return own_broker


def edit(broker, *statements):
    with sqlite3.connect(broker.data / "holdfast.db") as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_database_in_order_passes_in_full_quickly_and_as_a_copy(stopped, tmp_path):
    for arguments in [["--data", stopped.data], ["--data", stopped.data, "--quick"]]:
        result = run("check", *arguments)
        assert (result.returncode, result.stderr) == (0, "")
        assert "1 queues, 3 messages" in result.stdout and "all is well" in result.stdout
    copy = tmp_path / "copy.db"
    copy.write_bytes((stopped.data / "holdfast.db").read_bytes())
    assert run("check", copy).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]
    stopped.start()


def test_each_finding_is_a_line_and_the_status_says_that_there_are_some(stopped):
    edit(
        stopped,
        "update messages set body = x'00' where key = (select max(key) from messages)",
        "update queue_state set message_count = 9",
    )
    result = run("check", "--data", stopped.data)
    assert result.returncode == FINDINGS
    lines = result.stdout.splitlines()
    assert "finding: counts: queue q counts 9 messages and has 3" in lines
    assert any(line.startswith("finding: messages: message ") and "digest" in line for line in lines)
    assert lines[-1].endswith("findings: 2")


def test_what_is_in_use_or_not_there_is_refused(own_broker, tmp_path):
    result = run("check", "--data", own_broker.data)
    assert result.returncode == IN_USE and str(own_broker.process.pid) in result.stderr
    assert run("check", "--data", tmp_path / "none").returncode == NOT_THERE
    assert not (tmp_path / "none").exists()
    assert run("check", own_broker.data / "holdfast.db").returncode == FINDINGS


def test_a_backup_that_may_not_be_read_is_named_as_one_and_not_as_damage(stopped):
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        (directory / "hidden").mkdir()
        paths = [directory / "backup.db", directory / "hidden" / "backup.db"]
        for path in paths:
            shutil.copy(stopped.data / "holdfast.db", path)
        binary = shutil.copy(BINARY, directory / "holdfast")
        paths[0].chmod(0)
        paths[1].parent.chmod(0)
        user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            for path in paths:
                result = subprocess.run([binary, "check", path], capture_output=True, text=True, cwd="/", **user)
                assert result.returncode == CANNOT_OPEN, result
                assert f"{path} can't be read: Permission denied" in result.stderr
                assert "data directory" not in result.stderr
        finally:
            paths[1].parent.chmod(0o755)
