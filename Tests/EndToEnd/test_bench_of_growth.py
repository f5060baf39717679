"""`make bench ARGS=queues` and `ARGS=window`: what many queues and many deduplication ids cost the whole broker."""

import json

import pytest

from bench import bench

SHORT = ["--rounds", "1", "--chunks", "1"]


def figures(report, cases, forms):
    """The report's figures are of these cases in these forms, and all of them are there."""
    assert report["messagesCycled"] > 0
    assert len(report["microseconds"]) == len(cases) * len(forms)
    assert {row["title"] for row in report["microseconds"]} == set(cases)
    for row in report["microseconds"] + report["ratios"]:
        assert row["form"] in forms and row["cycle"] > 0


def test_many_queues_are_measured_with_one_busy_and_with_all(tmp_path):
    ended = bench("queues", "--data", tmp_path, *SHORT, "--queues", "70", "--json")
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert (report["title"], report["size"]) == ("Queues", 70)
    cases = ["standard, 1,000 standing", "one busy of 70 queues", "all of 70 queues busy"]
    figures(report, cases, ["single, cycles", "by ten, cycles"])
    assert {goal["title"].split(" / ")[0]: goal["bound"] for goal in report["goals"]} == {cases[1]: 1.3, cases[2]: 2}
    assert report["queuesUsed"] == 70
    assert list(tmp_path.iterdir()) == []


def test_a_deduplication_window_is_filled_and_measured_against_an_empty_one(tmp_path):
    ended = bench("window", "--data", tmp_path, *SHORT, "--messages", "2000", "--seconds", "1", "--json")
    assert ended.returncode == 0, ended.stderr
    assert "sending 5120 messages in 1 s" in ended.stderr
    report = json.loads(ended.stdout)
    assert (report["title"], report["size"]) == ("Deduplication ids", 5120)
    cases = ["FIFO, 1,000 standing in 64 groups", "after 5,120 messages in 1 s"]
    figures(report, cases, ["single, cycles", "single, steps", "by ten, steps"])
    assert [goal["bound"] for goal in report["goals"]] == [1.3]
    assert list(tmp_path.iterdir()) == []


def test_a_report_for_people_claims_no_order_of_standard_queues(tmp_path):
    ended = bench("queues", "--data", tmp_path, *SHORT, "--queues", "70")
    assert ended.returncode == 0, ended.stderr
    assert "of the busy queues 70 were used" in ended.stdout and "received once and deleted" in ended.stdout
    assert "group" not in ended.stdout
    ended = bench("window", "--data", tmp_path, *SHORT, "--messages", "1", "--seconds", "0")
    assert ended.returncode == 0, ended.stderr
    assert "after 5,120 messages in 0 s" in ended.stdout and "in the order of their group" in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [["queues", "--queues", "1"], ["queues", "--rounds", "0"], ["window", "--messages", "0"],
     ["window", "--seconds", "-1"]],
    ids=" ".join,
)
def test_what_can_not_be_measured_is_refused_before_anything_starts(arguments, tmp_path):
    subcommand, *rest = arguments
    ended = bench(subcommand, "--data", tmp_path, *rest)
    assert ended.returncode == 64, ended.stderr
    assert list(tmp_path.iterdir()) == []
