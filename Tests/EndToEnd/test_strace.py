"""The reader of traces, judged: an answer before its sync is found."""

import pytest

from test_durability import assert_synced_before_answered
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
