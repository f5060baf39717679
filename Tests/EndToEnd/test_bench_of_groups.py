"""`make bench ARGS=groups`: what message groups cost the whole broker."""

import json

import pytest

from bench import bench

SHORT = ["--messages", "1000", "--rounds", "1", "--chunks", "1", "--rest-seconds", "0"]


def test_groups_are_measured_against_few_and_small_ones_and_every_message_is_checked(tmp_path):
    ended = bench("groups", "--data", tmp_path, *SHORT, "--json")
    assert ended.returncode == 0, ended.stderr
    assert "filling: FIFO, 1,000 groups" in ended.stderr and "round 1 of 1" in ended.stderr
    report = json.loads(ended.stdout)
    assert (report["title"], report["size"]) == ("Message groups", 1000) and report["messagesCycled"] > 0
    forms = {"single, cycles", "single, steps", "by ten, steps"}
    assert {row["form"] for row in report["microseconds"]} == {ratio["form"] for ratio in report["ratios"]} == forms
    assert len(report["microseconds"]) == 6 * len(forms) and len(report["ratios"]) == 5 * len(forms)
    for row in report["microseconds"]:
        steps = [row.get(step) for step in ("send", "receive", "delete")]
        if row["form"] == "single, cycles":
            assert steps == [None, None, None] and row["cycle"] > 0
        else:
            assert all(0 < step < row["cycle"] for step in steps)
    assert all(ratio["cycle"] > 0 for ratio in report["ratios"])
    assert {goal["bound"] for goal in report["goals"]} == {1.3}
    assert {goal["title"] for goal in report["goals"]} == {
        f"{ratio['title']}, the worst ratio" for ratio in report["ratios"]
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--messages", "990"], ["--messages", "1001"], ["--messages", "10000000"], ["--rounds", "0"], ["--chunks", "0"],
     ["--rest-seconds", "-1"]],
    ids=" ".join,
)
def test_what_can_not_be_measured_is_refused_before_anything_starts(arguments, tmp_path):
    ended = bench("groups", "--data", tmp_path, *arguments)
    assert ended.returncode == 64, ended.stderr
    assert list(tmp_path.iterdir()) == []
