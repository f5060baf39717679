"""`holdfast doctor`, beside a running broker and without one."""

import os

from broker import run


def doctor(*arguments, **options):
    result = run("doctor", *arguments, **options)
    assert result.stderr == ""
    lines = {}
    for line in result.stdout.splitlines():
        grade, subject, text = line[:7].strip(), line[9:24].strip(), line[26:]
        assert grade in ("ok", "warning", "failure") and subject and text, line
        lines[subject] = (grade, text)
    return result.returncode, lines


def test_it_looks_beside_a_running_broker_without_opening_the_database(own_broker):
    before = {path.name: path.stat().st_mtime_ns for path in own_broker.data.iterdir()}
    code, lines = doctor("--data", own_broker.data)
    assert code == 0
    assert str(own_broker.process.pid) in lines["lock"][1]
    assert lines["permissions"][0] == "ok"
    assert {"sqlite", "sqlite options", "open files", "settings", "file system", "free space", "write cache",
            "clock", "database"} <= set(lines)
    assert {path.name: path.stat().st_mtime_ns for path in own_broker.data.iterdir()} == before
    assert own_broker.is_healthy()


def test_what_is_wrong_around_the_database_is_named(own_broker):
    own_broker.terminate()
    os.chmod(own_broker.data, 0o755)
    os.utime(own_broker.data / "holdfast.db", (4_000_000_000, 4_000_000_000))
    (own_broker.data / "holdfast.damaged").write_text("met damage\n")
    code, lines = doctor("--data", own_broker.data, environment={"HOLDFAST_HOST": "0.0.0.0"})
    assert code == 1
    assert lines["lock"] == ("ok", f"no broker runs on {own_broker.data}")
    for subject, grade in [("permissions", "warning"), ("clock", "failure"), ("database", "failure"),
                           ("settings", "warning")]:
        assert lines[subject][0] == grade, lines[subject]


def test_a_directory_that_is_not_there_is_no_failure_and_is_not_made(tmp_path):
    code, lines = doctor("--data", tmp_path / "none")
    assert code == 0 and lines["data directory"][0] == "warning"
    assert not (tmp_path / "none").exists()
