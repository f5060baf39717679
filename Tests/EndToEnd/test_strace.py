"""The reader of traces, judged: an answer before its sync is found."""

from pathlib import Path

import pytest

from test_durability import assert_synced_before_answered
from test_durability_of_files import assert_contents_are_synced_before, assert_name_is_synced_after, move_to
from strace import calls_in

READ = '7 read(12<TCP:[127.0.0.1:1->127.0.0.1:2]>, "POST / HTTP/1.1\\r\\n{tok}", 2048) = 30'
WRITE = '8 pwrite64(9</d/holdfast.db-wal>, "\\0\\1tok\\7", 4096, 32) = 4096'
SYNC = "8 fdatasync(9</d/holdfast.db-wal>) = 0"
ANSWER = '7 write(12<TCP:[127.0.0.1:1->127.0.0.1:2]>, "HTTP/1.1 200 OK", 15) = 15'


def judge(*lines):
    assert_synced_before_answered(calls_in("\n".join(lines)), "tok")


def test_an_answer_after_its_sync_is_in_order():
    judge(READ, WRITE, SYNC, ANSWER)


@pytest.mark.parametrize(
    "lines",
    [
        [READ, ANSWER, WRITE, SYNC],
        [READ, WRITE, ANSWER, SYNC],
        [READ, SYNC, WRITE, ANSWER],
        [READ, WRITE, ANSWER],
        [READ, WRITE, SYNC.replace("= 0", "= -1 EIO (Input/output error)"), ANSWER],
        [READ, WRITE, SYNC.replace("-wal", ""), ANSWER],
    ],
)
def test_an_answer_before_its_sync_is_found(lines):
    with pytest.raises(AssertionError):
        judge(*lines)


def test_a_call_lasts_from_its_entry_to_its_exit():
    begun = "8 fdatasync(9</d/holdfast.db-wal> <unfinished ...>"
    ended = "8 <... fdatasync resumed>)           = 0 (DELAYED)"
    judge(READ, WRITE, begun, ended, ANSWER)
    with pytest.raises(AssertionError):
        judge(READ, WRITE, begun, ANSWER, ended)
    [read] = calls_in("7 read(12<TCP:[a->b]>,  <unfinished ...>\n7 <... read resumed>\"tok\", 9) = 3")
    assert read.is_request and "tok" in read.text and (read.entered, read.left) == (0, 1)


COPY = '8 write(9</d/log.new>, "tok", 3) = 3'
COPY_SYNC = "8 fsync(9</d/log.new>) = 0"
MOVE = '8 rename("/d/log.new", "/d/log") = 0'
NAME_SYNC = "8 fsync(9</d>) = 0"


def judge_move(*lines):
    calls = calls_in("\n".join(lines))
    move = move_to(calls, "/d/log")
    assert_contents_are_synced_before(calls, move)
    assert_name_is_synced_after(calls, move, Path("/d/log"), before=next(call for call in calls if call.is_answer))


def test_a_file_that_is_synced_gets_its_name_and_then_its_directory_is_synced():
    judge_move(COPY, COPY_SYNC, MOVE, NAME_SYNC, ANSWER)
    linked = '8 linkat(AT_FDCWD</x>, "/d/log.new", AT_FDCWD</x>, "/d/log", 0) = 0'
    judge_move(COPY, COPY_SYNC, linked, NAME_SYNC, ANSWER)


@pytest.mark.parametrize(
    "lines",
    [
        [COPY, MOVE, COPY_SYNC, NAME_SYNC, ANSWER],
        [COPY, MOVE, NAME_SYNC, ANSWER],
        [COPY_SYNC, COPY, MOVE, NAME_SYNC, ANSWER],
        [COPY, COPY_SYNC.replace("= 0", "= -1 EIO (Input/output error)"), MOVE, NAME_SYNC, ANSWER],
        [COPY, COPY_SYNC, NAME_SYNC, MOVE, ANSWER],
        [COPY, COPY_SYNC, MOVE, ANSWER, NAME_SYNC],
        [COPY, COPY_SYNC, MOVE, ANSWER],
        [COPY, COPY_SYNC, MOVE.replace("= 0", "= -1 EIO (Input/output error)"), NAME_SYNC, ANSWER],
    ],
)
def test_a_file_that_gets_its_name_too_early_is_found(lines):
    with pytest.raises(AssertionError):
        judge_move(*lines)
