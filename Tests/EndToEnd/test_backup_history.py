"""The judge of backups, judged: each planted violation is found, and nothing else."""

from backup_history import violations_of_backup
from history import DELETED, OK, RECEIVED, REFUSED, SENT, UNKNOWN, Event

BEGAN, ENDED = 10.0, 20.0


def event(kind, at, outcome=OK, count=0, intact=True):
    return Event(kind, "m", at, at + 0.1, outcome, receive_count=count, is_intact=intact)


def found(events, counts=(), intact=True):
    restored = [event(RECEIVED, 100, count=count, intact=intact) for count in counts]
    return list(violations_of_backup(events, restored, BEGAN, ENDED))


def assert_found(text, events, counts=(), intact=True):
    violations = found(events, counts, intact)
    assert len(violations) == 1 and text in violations[0], violations


def test_what_was_acknowledged_before_must_be_there():
    assert found([event(SENT, 1)], [1]) == []
    assert_found("is missing", [event(SENT, 1)])


def test_what_was_sent_during_the_backup_or_without_an_answer_may_be_there():
    for send in (event(SENT, 15), event(SENT, 9.95), event(SENT, 1, UNKNOWN)):
        assert found([send], [1]) == []
        assert found([send]) == []


def test_what_was_sent_after_the_backup_or_never_must_not_be_there():
    assert_found("had not been sent", [event(SENT, 21)], [1])
    assert_found("had not been sent", [], [1])
    assert_found("had not been sent", [event(SENT, 1, REFUSED)], [1])


def test_what_was_deleted_before_must_not_be_there():
    deleted = [event(SENT, 1), event(DELETED, 2)]
    assert found(deleted) == []
    assert_found("delete had been acknowledged", deleted, [2])


def test_what_was_deleted_during_the_backup_or_without_an_answer_may_be_there_or_not():
    for delete in (event(DELETED, 15), event(DELETED, 9.95), event(DELETED, 2, UNKNOWN)):
        assert found([event(SENT, 1), delete], [2]) == []
        assert found([event(SENT, 1), delete]) == []


def test_what_was_deleted_after_the_backup_must_be_there():
    deleted = [event(SENT, 1), event(DELETED, 21)]
    assert found(deleted, [1]) == []
    assert_found("is missing", deleted)
    assert_found("is missing", [event(SENT, 1), event(DELETED, 2, REFUSED)])


def test_a_receive_count_that_went_back_is_found():
    received = [event(SENT, 1), event(RECEIVED, 2, count=3)]
    assert found(received, [4]) == []
    assert_found("count 3", received, [3])
    assert found([event(SENT, 1), event(RECEIVED, 15, count=3)], [1]) == []


def test_a_message_that_is_there_twice_or_with_another_body_is_found():
    assert_found("2 times", [event(SENT, 1)], [1, 2])
    assert_found("another body", [event(SENT, 1)], [1], intact=False)
