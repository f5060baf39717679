"""`holdfast restore`, on the real binary: cut short, and run by root on the directory of a service's user."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

from broker import BINARY, clean_environment, run
from test_backup import CANNOT_CREATE, count_of, fill, restore


def run_from_root(command):
    return subprocess.run(command, capture_output=True, text=True, cwd="/", env=clean_environment(), timeout=30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_a_restore_and_a_start_removes_what_a_killed_one_left(own_broker, tmp_path, number):
    # So much, and at so low a priority, that the signal comes in time on a busy machine, too.
    fill(own_broker, 900)
    file = tmp_path / "backup.db"
    assert run("backup", file, "--data", own_broker.data, "--rate", 0).returncode == 0
    assert own_broker.terminate() == 0
    copy = own_broker.data / "holdfast.db.restoring"

    def cut_short(number):
        command = subprocess.Popen(
            ["nice", "-n", "19", BINARY, "restore", str(file), "--data", str(own_broker.data), "--replace"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
        )
        while not copy.exists():
            assert command.poll() is None, "the restore was not seen"
        command.send_signal(number)
        assert command.wait(20) == -number

    before = sorted(path.name for path in own_broker.data.iterdir())
    cut_short(number)
    assert sorted(path.name for path in own_broker.data.iterdir()) == before
    cut_short(signal.SIGKILL)
    assert copy.exists()
    own_broker.start()
    assert not copy.exists()
    assert count_of(own_broker) == 900


@pytest.mark.skipif(os.geteuid() != 0, reason="only root works on another user's files")
def test_what_root_restores_the_services_user_can_open(own_broker, tmp_path):
    fill(own_broker, 3)
    file = tmp_path / "backup.db"
    assert run("backup", file, "--data", own_broker.data).returncode == 0
    assert own_broker.terminate() == 0
    # Not below pytest's own directory, which is for root alone.
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        data = pathlib.Path(place) / "data"
        shutil.copytree(own_broker.data, data)
        for path in [data, *data.iterdir()]:
            os.chown(path, 1000, 1000)
        as_user = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"]
        if subprocess.run([*as_user, BINARY, "--version"], capture_output=True).returncode:
            pytest.skip("another user can't run the binary here")
        ended = restore(file, data, "--replace")
        assert ended.returncode == 0, ended.stderr
        assert {path.stat().st_uid for path in data.rglob("*")} == {1000}

        backup = [*as_user, BINARY, "backup", place + "/none/b", "--data", str(data)]
        serve = [*as_user, BINARY, "serve", "--data", str(data), "--port", str(own_broker.port)]
        # The file can be opened: what is wrong is only where the backup should go.
        ended = run_from_root(backup)
        assert ended.returncode == CANNOT_CREATE and "its directory is not there" in ended.stderr
        os.chown(data / "holdfast.db", 0, 0)
        for command in (backup, serve):
            ended = run_from_root(command)
            assert ended.returncode == CANNOT_CREATE, ended
            assert str(data / "holdfast.db") in ended.stderr and "permission denied" in ended.stderr
