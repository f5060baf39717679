"""`make bench ARGS=crowd`: what idle connections and waiting receives cost those who work."""

import json

import pytest

from bench import bench

SHORT = ["--idle", "300", "--waiting", "200", "--rounds", "1", "--seconds", "0.3"]


def test_a_load_is_measured_alone_and_beside_those_who_do_nothing(tmp_path):
    ended = bench("crowd", "--data", tmp_path, *SHORT, "--json")
    assert ended.returncode == 0, ended.stderr
    assert "round 1 of 1" in ended.stderr
    report = json.loads(ended.stdout)
    assert [(row["company"], row["count"]) for row in report["rows"]] == [("alone", 0), ("idle", 300), ("waiting", 200)]
    assert report["messagesCycled"] > 0
    alone, *others = report["rows"]
    assert alone["cpuOverAlone"] == 1 and "kilobytesEach" not in alone
    for row in report["rows"]:
        assert row["cpuMicrosecondsPerRequest"] > 0 and row["requestsPerSecond"] > 0
        assert row["residentMegabytes"] > 1 and row["p999Milliseconds"] > 0
    assert all("kilobytesEach" in row for row in others)
    assert [goal["bound"] for goal in report["goals"]] == [1.3, 1.3]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--idle", "0"], ["--waiting", "20001"], ["--rounds", "0"], ["--seconds", "11"], ["--seconds", "0"]],
    ids=" ".join,
)
def test_what_can_not_be_measured_is_refused_before_anything_starts(arguments, tmp_path):
    ended = bench("crowd", "--data", tmp_path, *arguments)
    assert ended.returncode == 64, ended.stderr
    assert list(tmp_path.iterdir()) == []
