"""The judge of the FIFO kill loop, judged: each planted violation is found, and nothing else."""

from fifo_history import DEAD, SOURCE, STALE_DELETED, FifoHistory
from history import CHANGED, DELETED, OK, RECEIVED, REFUSED, SENT, UNKNOWN, Event

DRAIN = 100.0
MAX_RECEIVE_COUNT = 3


def sent(token, at, sequence, outcome=OK, message=None):
    return Event(SENT, token, at, at + 0.1, outcome, message_id=message or f"id-{token}", sequence=sequence)


def received(token, at, sequence, count=1, hidden=1.0, queue=SOURCE, message=None, group="g", ended=None):
    return Event(
        RECEIVED,
        token,
        at,
        ended or at + 0.1,
        receive_count=count,
        hidden_seconds=hidden,
        message_id=message or f"id-{token}",
        group=group,
        sequence=sequence,
        queue=queue,
    )


def touched(kind, token, at, outcome=OK, fresh_until=1_000.0):
    return Event(kind, token, at, at + 0.1, outcome, message_id=f"id-{token}", fresh_until=fresh_until)


def violations(*events, drained_since=None):
    history = FifoHistory(MAX_RECEIVE_COUNT)
    history.add(*events)
    return history.violations(drained_since)


def assert_found(text, *events, drained_since=None):
    found = violations(*events, drained_since=drained_since)
    assert len(found) == 1 and text in found[0], found


TWO_SENT = [sent("a", 1, 1), sent("b", 2, 2)]


def test_messages_in_order_are_in_order():
    events = [received("a", 3, 1), touched(DELETED, "a", 3.2), received("b", 3.4, 2), touched(DELETED, "b", 3.6)]
    assert violations(*TWO_SENT, *events, drained_since=DRAIN) == []
    together = [received("a", 3, 1), received("b", 3, 2)]
    assert violations(*TWO_SENT, *together) == []


def test_a_later_message_that_is_delivered_first_is_found():
    assert_found("delivered only after b", *TWO_SENT, received("b", 3, 2), received("a", 5, 1))


def test_a_later_message_that_stands_first_in_an_answer_is_found():
    assert_found("stands behind b", *TWO_SENT, received("b", 3, 2), received("a", 3, 1))


def test_other_groups_and_deliveries_that_overlap_have_no_order():
    assert violations(*TWO_SENT, received("b", 3, 2, group="h"), received("a", 5, 1)) == []
    assert violations(*TWO_SENT, received("b", 3, 2), received("a", 3.05, 1)) == []


def test_a_message_whose_first_delivery_got_no_answer_may_come_later():
    assert violations(*TWO_SENT, received("b", 3, 2), received("a", 5, 1, count=2)) == []


def test_a_delivery_behind_a_message_in_flight_is_found():
    assert_found("while a of its group", *TWO_SENT, received("a", 3, 1, hidden=5), received("b", 4, 2))


def test_a_delivery_after_the_message_before_was_deleted_changed_or_visible_again_is_in_order():
    first, second = received("a", 3, 1, hidden=5), received("b", 4, 2)
    for kind in (DELETED, CHANGED):
        for outcome in (OK, UNKNOWN):
            assert violations(*TWO_SENT, first, touched(kind, "a", 3.5, outcome), second) == []
    assert violations(*TWO_SENT, received("a", 3, 1, hidden=1), received("b", 4.5, 2)) == []


def test_a_refused_delete_lets_nothing_through():
    first, second = received("a", 3, 1, hidden=5), received("b", 4, 2)
    found = violations(*TWO_SENT, first, touched(DELETED, "a", 3.5, REFUSED, fresh_until=3), second)
    assert len(found) == 1 and "in flight" in found[0]


def test_a_message_before_the_one_in_flight_may_come_again():
    events = [received("a", 3, 1, hidden=1), received("b", 3, 2, hidden=1), touched(CHANGED, "a", 3.2)]
    assert violations(*TWO_SENT, *events, received("a", 3.4, 1, count=2)) == []


def test_a_repeated_send_that_made_a_second_message_is_found():
    assert violations(sent("a", 1, 1), sent("a", 2, 1)) == []
    assert violations(sent("a", 1, 1, UNKNOWN, message="?"), sent("a", 2, 1)) == []
    assert_found("2 messages", sent("a", 1, 1), sent("a", 2, 2, message="other"))


def test_a_sequence_number_that_goes_back_is_found():
    assert_found("smaller sequence number", sent("a", 1, 5), sent("b", 2, 4))
    assert violations(sent("a", 1, 5), sent("b", 1.05, 4)) == []
    # The number is of the first attempt, which got no answer.
    assert violations(sent("b", 0.5, 0, UNKNOWN), sent("a", 1, 5), sent("b", 2, 4)) == []


def test_a_sequence_number_that_is_given_twice_is_found():
    found = violations(sent("a", 1, 5), sent("b", 1.05, 5))
    assert len(found) == 1 and "has the sequence number of a" in found[0]


def test_a_stale_handle_that_is_accepted_is_found():
    before = [sent("a", 1, 1), received("a", 2, 1)]
    again = received("a", 9, 1, count=2)
    assert_found("stale handle was accepted", *before, touched(STALE_DELETED, "a", 5), again)
    assert violations(*before, touched(STALE_DELETED, "a", 5, REFUSED), again) == []
    # A message that is gone is no reason to refuse.
    assert violations(*before, touched(DELETED, "a", 2.2), touched(STALE_DELETED, "a", 5)) == []
    moved = received("a", 9, 1, count=4, queue=DEAD)
    assert violations(*before, touched(STALE_DELETED, "a", 5), moved) == []


def test_a_fresh_handle_that_is_refused_is_found_and_an_expired_one_is_not():
    before = [sent("a", 1, 1), received("a", 2, 1)]
    assert_found("was refused", *before, touched(DELETED, "a", 2.2, REFUSED, fresh_until=3))
    assert violations(*before, touched(DELETED, "a", 2.95, REFUSED, fresh_until=3)) == []


def test_a_message_that_a_stale_handle_deleted_is_a_loss():
    for outcome in (OK, REFUSED, UNKNOWN):
        events = [sent("a", 1, 1), received("a", 2, 1), touched(STALE_DELETED, "a", 5, outcome)]
        assert_found("is lost", *events, drained_since=DRAIN)


def test_a_refused_delete_is_no_excuse_for_a_loss():
    events = [sent("a", 1, 1), received("a", 2, 1), touched(DELETED, "a", 3, REFUSED, fresh_until=3)]
    assert_found("is lost", *events, drained_since=DRAIN)


def test_a_message_that_is_delivered_too_often_is_found():
    lives = [received("a", 2 * count, 1, count=count) for count in (1, 2, 3)]
    assert violations(sent("a", 1, 1), *lives) == []
    assert_found("instead of being moved", sent("a", 1, 1), *lives, received("a", 9, 1, count=4))


def test_a_dead_letter_that_its_source_delivers_is_found():
    dead = received("a", 5, 1, count=4, queue=DEAD)
    again = received("a", 9, 1, count=3)
    found = violations(sent("a", 1, 1), dead, again)
    assert any("was in the dead-letter queue" in text for text in found)


def test_a_redriven_message_is_a_new_one_with_counts_of_its_own():
    events = [
        sent("a", 1, 1),
        received("a", 2, 1),
        received("a", 5, 1, count=4, queue=DEAD),
        received("a", 9, 7, message="redriven"),
        received("a", DRAIN, 7, count=2, message="redriven"),
    ]
    assert violations(*events, drained_since=DRAIN) == []


def test_a_message_that_a_move_left_behind_is_found():
    events = [received("a", DRAIN, 1), received("a", DRAIN + 1, 7, queue=DEAD, message="copy", count=4)]
    assert_found("is there 2 times", sent("a", 1, 1), *events, drained_since=DRAIN)


def test_a_lost_message_is_found_in_neither_queue():
    assert_found("is lost", sent("a", 1, 1), received("a", 5, 1, count=4, queue=DEAD), drained_since=DRAIN)
