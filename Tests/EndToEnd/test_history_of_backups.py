"""The judge of backups, judged: each planted violation is found, and nothing else."""

from history.backups import violations_of_backup
from history.reading import history_of
from stories import Story

BEGAN, ENDED = 10.0, 20.0


def found(story, *messages):
    restored = Story(drain=False)
    if messages:
        restored.receive(*messages, at=100)
    return list(violations_of_backup(history_of(story.records), history_of(restored.records), BEGAN, ENDED))


def assert_found(text, story, *messages):
    violations = found(story, *messages)
    assert len(violations) == 1 and text in violations[0], violations


def test_what_was_acknowledged_before_must_be_there():
    assert found(Story().send("m", 1), ("m", 1)) == []
    assert_found("is missing", Story().send("m", 1))


def test_what_was_sent_during_the_backup_or_without_an_answer_may_be_there():
    for story in (Story().send("m", 15), Story().send("m", 9.95), Story().send("m", 1, outcome="unknown")):
        assert found(story, ("m", 1)) == []
        assert found(story) == []


def test_what_was_sent_after_the_backup_or_never_must_not_be_there():
    assert_found("had not been sent", Story().send("m", 21), ("m", 1))
    assert_found("had not been sent", Story(), ("m", 1))
    assert_found("had not been sent", Story().send("m", 1, outcome="failed"), ("m", 1))


def deleted(at, outcome="ok"):
    return Story().send("m", 1).receive(("m", 1), at=1.5, hidden=30).delete("m", 1, at, outcome=outcome)


def test_what_was_deleted_before_must_not_be_there():
    assert found(deleted(2)) == []
    assert_found("delete had been acknowledged", deleted(2), ("m", 2))


def test_what_was_deleted_during_the_backup_or_without_an_answer_may_be_there_or_not():
    for story in (deleted(15), deleted(9.95), deleted(2, "unknown")):
        assert found(story, ("m", 2)) == []
        assert found(story) == []


def test_what_was_deleted_after_the_backup_must_be_there():
    assert found(deleted(21), ("m", 2)) == []
    assert_found("is missing", deleted(21))
    assert_found("is missing", deleted(2, "failed"))


def test_what_was_purged_before_or_during_the_backup_may_be_missing():
    assert found(Story().send("m", 1).purge(5)) == []
    assert found(Story().send("m", 1).purge(15)) == []
    assert_found("is missing", Story().send("m", 1).purge(21))


def test_a_receive_count_that_went_back_is_found():
    received = Story().send("m", 1).receive(("m", 3), at=2)
    assert found(received, ("m", 4)) == []
    assert_found("count 3", received, ("m", 3))
    assert found(Story().send("m", 1).receive(("m", 3), at=15), ("m", 1)) == []


def test_a_message_that_is_there_twice_or_with_another_body_is_found():
    assert_found("2 times", Story().send("m", 1), ("m", 1), ("m", 1, {"id": "other"}))
    assert_found("another body", Story().send("m", 1), ("m", 1, {"body": "other"}))
