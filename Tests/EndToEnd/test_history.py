"""The judge of the kill loop, judged: each planted violation is found, and nothing else."""

from history import CHANGED, DELETED, OK, RECEIVED, REFUSED, SENT, UNKNOWN, Event, History

DRAIN = 100.0


def sent(at, outcome=OK):
    return Event(SENT, "m", at, at + 0.1, outcome)


def received(at, count, hidden=1.0, intact=True):
    return Event(RECEIVED, "m", at, at + 0.1, receive_count=count, hidden_seconds=hidden, is_intact=intact)


def deleted(at, outcome=OK):
    return Event(DELETED, "m", at, at + 0.1, outcome)


def changed(at, outcome=OK):
    return Event(CHANGED, "m", at, at + 0.1, outcome)


def violations(*events, drained_since=DRAIN):
    history = History()
    history.add(*events)
    return history.violations(drained_since)


def assert_found(text, *events):
    found = violations(*events)
    assert len(found) == 1 and text in found[0], found


def test_a_message_that_was_sent_received_twice_and_deleted_is_in_order():
    assert violations(sent(1), received(2, 1), received(4, 2), deleted(5)) == []


def test_a_message_that_was_sent_and_drained_is_in_order():
    assert violations(sent(1), received(DRAIN, 1)) == []


def test_an_acknowledged_send_that_the_drain_does_not_find_is_a_loss():
    assert_found("is lost", sent(1))


def test_an_acknowledged_send_that_was_received_but_is_gone_without_a_delete_is_a_loss():
    assert_found("is lost", sent(1), received(2, 1))


def test_nothing_is_lost_before_the_queue_was_drained():
    assert violations(sent(1), drained_since=None) == []


def test_a_send_without_an_answer_may_be_missing_or_there():
    assert violations(sent(1, UNKNOWN)) == []
    assert violations(sent(1, UNKNOWN), received(DRAIN, 1)) == []


def test_a_delete_without_an_answer_may_have_happened_or_not():
    assert violations(sent(1), received(2, 1), deleted(3, UNKNOWN)) == []
    assert violations(sent(1), received(2, 1), deleted(3, UNKNOWN), received(DRAIN, 2)) == []


def test_a_message_that_comes_back_after_its_acknowledged_delete_is_found():
    assert_found("came back", sent(1), received(2, 1), deleted(3), received(5, 2))


def test_a_receive_that_overlaps_the_delete_may_show_the_message():
    assert violations(sent(1), received(2, 1), deleted(4.05), received(4, 2)) == []


def test_a_message_that_nobody_sent_is_found():
    assert_found("not sent", received(DRAIN, 1))


def test_a_message_received_before_its_send_began_is_found():
    assert_found("not sent", received(1, 1), sent(2), received(DRAIN, 2))


def test_a_message_whose_send_was_refused_and_which_is_there_is_found_twice():
    found = violations(sent(1, REFUSED), received(DRAIN, 1))
    assert len(found) == 2


def test_a_changed_body_is_found():
    assert_found("another body", sent(1), received(DRAIN, 1, intact=False))


def test_a_receive_count_that_shrinks_is_found():
    assert_found("afterwards with 1", sent(1), received(2, 2), received(4, 1), received(DRAIN, 3))


def test_a_receive_count_that_is_given_twice_is_found():
    assert_found("twice with count 1", sent(1), received(2, 1), received(4, 1), received(DRAIN, 2))


def test_receives_at_the_same_time_may_be_counted_in_either_order():
    together = [received(2, 2, hidden=0), received(2.05, 1, hidden=0)]
    assert violations(sent(1), *together, received(DRAIN, 3)) == []


def test_a_receive_count_with_gaps_is_in_order():
    assert violations(sent(1), received(2, 1), received(4, 7), received(DRAIN, 9)) == []


def test_a_hidden_message_that_is_handed_out_is_found():
    assert_found("before its visibility timeout", sent(1), received(2, 1, hidden=5), received(4, 2), received(DRAIN, 3))


def test_a_long_poll_may_begin_before_the_receive_that_it_comes_after():
    poll = Event(RECEIVED, "m", 1.5, 3.1, receive_count=2, hidden_seconds=1)
    assert violations(sent(1), received(2, 1), poll, received(DRAIN, 3)) == []


def test_a_message_whose_visibility_was_changed_may_be_handed_out_at_once():
    events = [sent(1), received(2, 1, hidden=5), changed(3), received(4, 2), received(DRAIN, 3)]
    assert violations(*events) == []


def test_a_refused_delete_is_found():
    assert_found("was refused", sent(1), received(2, 1), deleted(3, REFUSED), received(DRAIN, 2))


def test_a_refused_change_is_found_unless_somebody_deleted_the_message():
    before = [sent(1), received(2, 1)]
    assert_found("was refused", *before, changed(3, REFUSED), received(DRAIN, 2))
    assert violations(*before, deleted(2.5), changed(3, REFUSED)) == []
    assert_found("was refused", *before, changed(3, REFUSED), deleted(4))


def test_messages_are_judged_each_for_itself():
    history = History()
    history.add(sent(1), Event(SENT, "n", 1, 2), Event(RECEIVED, "n", DRAIN, DRAIN + 1, receive_count=1))
    assert [text[:2] for text in history.violations(DRAIN)] == ["m:"]
