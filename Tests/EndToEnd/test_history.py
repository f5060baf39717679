"""The judge of the fault tests, judged on standard queues: what is planted is found, and nothing else."""

import subprocess
import sys
from pathlib import Path

from history.log import HistoryLog
from stories import DRAIN, Story, assert_clean, assert_found


def test_a_message_that_was_sent_received_twice_and_deleted_is_in_order():
    assert_clean(Story().send("m", 1).receive(("m", 1), at=2).receive(("m", 2), at=4).delete("m", 2, 5))


def test_a_message_that_was_sent_and_drained_is_in_order():
    assert_clean(Story().send("m", 1).receive(("m", 1), at=DRAIN))


# I1


def test_an_acknowledged_send_that_the_drain_does_not_find_is_a_loss():
    assert_found(Story().send("m", 1), "I1", "m: is lost")


def test_an_acknowledged_send_that_was_received_but_is_gone_without_a_delete_is_a_loss():
    assert_found(Story().send("m", 1).receive(("m", 1), at=2), "I1", "m: is lost")


def test_nothing_is_lost_before_the_queue_was_drained():
    assert_clean(Story(drain=False).send("m", 1))


def test_a_send_without_an_answer_may_be_missing_or_there():
    for outcome in ("unknown", None):
        assert_clean(Story().send("m", 1, outcome=outcome))
        assert_clean(Story().send("m", 1, outcome=outcome).receive(("m", 1), at=DRAIN))


def test_a_delete_without_an_answer_may_have_happened_or_not():
    before = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 3, outcome="unknown")
    assert_clean(before)
    assert_clean(before.receive(("m", 2), at=DRAIN))


def test_a_delete_before_a_crash_is_no_excuse_for_what_was_there_after_it():
    story = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 2.5, outcome="unknown").mark("down", 3)
    assert_found(story.receive(("m", 2), at=4), "I1", "is lost")


def test_a_delete_without_an_answer_and_without_a_crash_may_happen_at_any_time():
    story = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 2.5, outcome="unknown")
    assert_clean(story.receive(("m", 2), at=4))


def test_a_purge_is_an_excuse_for_what_was_there_and_not_for_what_came_or_was_seen_later():
    assert_clean(Story().send("m", 1).purge(2))
    assert_clean(Story().send("m", 1).purge(2, outcome="unknown"))
    assert_found(Story().purge(1).send("m", 2), "I1", "is lost")
    assert_found(Story().send("m", 1, took=3).purge(2).receive(("m", 1), at=5), "I1", "is lost")
    assert_found(Story(other={}).send("m", 1).purge(2, queue="other"), "I1", "is lost")


def test_a_purge_of_a_dead_letter_queue_is_an_excuse_only_for_what_can_have_come_there():
    queues = {"s": {"deadLetters": "d", "maxReceiveCount": 2}, "d": {}}
    once = Story(**queues).send("m", 1, "s").receive(("m", 1), at=2, queue="s").purge(9, "d")
    assert_found(once, "I1", "is lost")
    twice = Story(**queues).send("m", 1, "s").receive(("m", 1), at=2, queue="s").receive(("m", 2), at=4, queue="s")
    assert_clean(twice.purge(9, "d"))


def test_a_purge_of_a_dead_letter_queue_is_no_excuse_while_the_message_is_in_flight_in_its_source():
    def story(purged_at, **fields):
        story = Story(s={"deadLetters": "d", "maxReceiveCount": 1}, d={}).send("m", 1, "s")
        return story.receive(("m", 1), at=2, queue="s", hidden=9).purge(purged_at, "d", **fields)

    assert_found(story(5), "I1", "is lost")
    # The message may have been moved by then, or the purge may have happened later.
    assert_clean(story(12))
    assert_clean(story(10, took=2))
    assert_clean(story(5, outcome="unknown"))
    assert_found(story(5, outcome="unknown").mark("down", 6), "I1", "is lost")
    assert_clean(story(5).purge(20, "d"))


def test_a_change_of_visibility_moves_the_moment_from_which_a_purge_of_the_dead_letters_is_an_excuse():
    def story(to, outcome="ok"):
        story = Story(s={"deadLetters": "d", "maxReceiveCount": 1}, d={}).send("m", 1, "s")
        story.receive(("m", 1), at=2, queue="s", hidden=9).change("m", 1, 3, to=to, queue="s", outcome=outcome)
        return story.purge(15, "d")

    assert_found(story(30), "I1", "is lost")
    assert_clean(story(30, "unknown"))
    assert_clean(story(0))


def test_each_of_two_acknowledged_sends_of_a_token_to_a_standard_queue_is_looked_for():
    def story():
        return Story().send("m", 1, id="first").send("m", 2, id="second")

    first, second = ("m", 1, {"id": "first"}), ("m", 1, {"id": "second"})
    assert_clean(story().receive(first, second, at=DRAIN))
    assert_found(story().receive(first, at=DRAIN), "I1", "1 of 2 sent")
    assert_found(story().receive(second, at=DRAIN), "I1", "1 of 2 sent")
    assert_found(story(), "I1", "2 of 2 sent")


def test_one_of_two_sends_of_a_token_is_explained_by_its_own_end_only():
    def story():
        story = Story().send("m", 1, id="first").send("m", 5, id="second")
        return story.receive(("m", 1, {"id": "first"}), at=2)

    second = ("m", 1, {"id": "second"})
    assert_clean(story().delete("m", 1, 2.5).receive(second, at=DRAIN))
    assert_found(story().delete("m", 1, 2.5), "I1", "1 of 2 sent")
    assert_clean(story().purge(4).receive(second, at=DRAIN))
    assert_found(story().purge(4), "I1", "1 of 2 sent")
    assert_clean(story().purge(6))


def test_of_two_sends_of_a_token_one_without_an_answer_may_be_missing():
    unanswered = Story().send("m", 1, id="first").send("m", 2, outcome="unknown")
    assert_clean(unanswered.receive(("m", 1, {"id": "first"}), at=DRAIN))
    other = Story().send("m", 1, id="first").send("m", 2, outcome="unknown")
    assert_found(other.receive(("m", 1, {"id": "other"}), at=DRAIN), "I1", "is lost")


def test_what_has_outlived_its_retention_is_no_loss():
    assert_clean(Story(q={"retention": 60}).send("m", 1))
    assert_found(Story(q={"retention": 60}).send("m", 50), "I1", "is lost")


def test_a_delete_in_the_source_is_no_excuse_for_what_was_seen_as_a_dead_letter_before():
    story = Story(s={"deadLetters": "d", "maxReceiveCount": 1}, d={}).send("m", 1, "s")
    story.receive(("m", 1), at=2, queue="s").receive(("m", 2, {"source": "s"}), at=5, queue="d")
    assert_found(story.delete("m", 1, 6, "s"), "I1", "is lost")


# I2


def test_a_message_that_nobody_sent_is_found():
    assert_found(Story().receive(("m", 1), at=DRAIN), "I2", "not sent")


def test_a_message_received_before_its_send_began_is_found():
    story = Story().receive(("m", 1), at=1).send("m", 2).receive(("m", 2), at=DRAIN)
    assert_found(story, "I2", "not sent")


def test_a_message_whose_send_was_refused_and_which_is_there_is_found_twice():
    found = Story().send("m", 1, outcome="failed").receive(("m", 1), at=DRAIN).violations()
    assert [violation.invariant for violation in found] == ["I2", "I11"]


def test_a_changed_body_or_attribute_is_found():
    body = Story().send("m", 1).receive(("m", 1, {"body": "other"}), at=DRAIN)
    assert_found(body, "I2", "another body")
    attribute = Story().send("m", 1, attributes="a").receive(("m", 1, {"attributes": "b"}), at=DRAIN)
    assert_found(attribute, "I2", "other attributes")
    lost = Story().send("m", 1, attributes="a").receive(("m", 1), at=DRAIN)
    assert_found(lost, "I2", "other attributes")


def test_a_wrong_md5_is_found():
    received = Story().send("m", 1).receive(("m", 1, {"toldBody": "x"}), at=DRAIN)
    assert_found(received, "I2", "MD5s")
    attributes = Story().send("m", 1).receive(("m", 1, {"toldAttributes": "x"}), at=DRAIN)
    assert_found(attributes, "I2", "MD5s")
    sent = Story().send("m", 1, told={"body": "x"}).receive(("m", 1), at=DRAIN)
    assert_found(sent, "I2", "MD5s")


def test_a_message_id_that_is_another_messages_or_nobodys_is_found():
    story = Story().send("m", 1).receive(("m", 1, {"id": "other"}), at=DRAIN)
    assert_found(story, "I2", "MessageIds")
    assert_clean(Story().send("m", 1, outcome="unknown").receive(("m", 1, {"id": "other"}), at=DRAIN))
    twice = Story().send("m", 1, id="same").send("n", 2, id="same")
    twice.receive(("m", 1, {"id": "same"}), ("n", 1, {"id": "same"}), at=DRAIN)
    assert "MessageId of m" in str(twice.violations()[0])


def test_a_message_in_a_queue_that_it_can_not_come_to_is_found():
    story = Story(other={}).send("m", 1).receive(("m", 1), at=DRAIN, queue="other")
    assert_found(story, "I2", "can't come to")


# I3


def test_a_message_that_comes_back_after_its_acknowledged_delete_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 3)
    assert_found(story.receive(("m", 2), at=5).receive(("m", 3), at=DRAIN), "I3", "came back")


def test_a_message_that_comes_back_after_a_restart_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 3).mark("down", 4)
    assert_found(story.receive(("m", 2), at=5).receive(("m", 3), at=DRAIN), "I3", "came back")


def test_a_receive_that_overlaps_the_delete_may_show_the_message():
    assert_clean(Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 4.05).receive(("m", 2), at=4))


def test_a_message_that_comes_back_after_a_purge_is_found():
    assert_found(Story().send("m", 1).purge(2).receive(("m", 1), at=DRAIN), "I3", "was purged")
    assert_clean(Story().send("m", 1).purge(1.05).receive(("m", 1), at=DRAIN))
    assert_clean(Story().send("m", 1).purge(2).receive(("m", 1), at=2.05))
    assert_clean(Story().send("m", 1).purge(2, outcome="unknown").receive(("m", 1), at=DRAIN))


def test_a_dead_letter_that_was_deleted_with_a_fresh_handle_of_its_source_is_found():
    story = Story(s={"deadLetters": "d", "maxReceiveCount": 1}, d={}).send("m", 1, "s")
    story.receive(("m", 1), at=2, queue="s").delete("m", 1, 2.2, "s")
    assert_found(story.receive(("m", 2, {"source": "s"}), at=DRAIN, queue="d"), "I3", "came back (d)")


def test_a_handle_from_before_the_move_deletes_no_dead_letter():
    story = Story(s={"deadLetters": "d", "maxReceiveCount": 1}, d={}).send("m", 1, "s")
    story.receive(("m", 1), at=2, queue="s").delete("m", 1, 4, "s")
    assert_clean(story.receive(("m", 2, {"source": "s"}), at=DRAIN, queue="d"))


# I4


def test_a_hidden_message_that_is_handed_out_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2, hidden=5).receive(("m", 2), at=4)
    assert_found(story.receive(("m", 3), at=DRAIN), "I4", "before its visibility timeout")


def test_a_message_in_two_hands_at_once_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2, hidden=5).receive(("m", 2), at=2, hidden=5)
    assert_found(story.receive(("m", 3), at=DRAIN), "I4", "before its visibility timeout")


def test_a_long_poll_may_begin_before_the_receive_that_it_comes_after():
    story = Story().send("m", 1).receive(("m", 1), at=2).receive(("m", 2), at=1.5, took=1.6, wait=2)
    assert_clean(story.receive(("m", 3), at=DRAIN))


def test_a_message_that_was_given_back_may_be_handed_out_at_once():
    for outcome in ("ok", "unknown"):
        story = Story().send("m", 1).receive(("m", 1), at=2, hidden=5).change("m", 1, 3, to=0, outcome=outcome)
        assert_clean(story.receive(("m", 2), at=4).receive(("m", 3), at=DRAIN))


def test_a_message_whose_time_was_extended_is_hidden_until_then():
    def story(outcome="ok"):
        story = Story().send("m", 1).receive(("m", 1), at=2).change("m", 1, 2.5, to=10, outcome=outcome)
        return story.receive(("m", 2), at=5).receive(("m", 3), at=DRAIN)

    assert_found(story(), "I4", "before its visibility timeout")
    assert_clean(story("unknown"))


def test_a_change_at_the_same_time_as_the_next_receive_may_have_come_after_it():
    story = Story().send("m", 1).receive(("m", 1), at=2).receive(("m", 2), at=4).change("m", 1, 3.95, to=9, took=0.12)
    assert_clean(story.receive(("m", 3), at=DRAIN))


def test_a_message_that_a_crash_gave_back_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2, hidden=9).mark("down", 3).receive(("m", 2), at=4)
    assert_found(story.receive(("m", 3), at=DRAIN), "I4", "before its visibility timeout")


def test_a_delayed_message_that_is_handed_out_early_is_found():
    assert_found(Story().send("m", 1, delay=5).receive(("m", 1), at=3).delete("m", 1, 4), "I4", "before its delay")
    assert_clean(Story().send("m", 1, delay=5).receive(("m", 1), at=6).delete("m", 1, 7))


def test_a_message_past_its_retention_is_found():
    story = Story(q={"retention": 60}).send("m", 1)
    assert_found(story.receive(("m", 1), at=70).delete("m", 1, 71), "I4", "after its retention")


# I7


def test_a_receive_count_that_shrinks_is_found():
    story = Story().send("m", 1).receive(at=1, outcome="unknown").receive(("m", 2), at=2).receive(("m", 1), at=4)
    assert_found(story.receive(("m", 3), at=DRAIN), "I7", "afterwards with 1")


def test_a_receive_count_that_is_given_twice_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2).receive(("m", 1), at=4).receive(("m", 2), at=DRAIN)
    assert_found(story, "I7", "twice with count 1")


def test_receives_at_the_same_time_may_be_counted_in_either_order():
    story = Story().send("m", 1).receive(("m", 2), at=2, hidden=0).receive(("m", 1), at=2.05, hidden=0)
    assert_clean(story.receive(("m", 3), at=DRAIN))


def test_a_gap_in_receive_counts_is_found_but_beside_a_receive_without_an_answer():
    def story(*lost, queue="q"):
        story = Story(other={}).send("m", 1).receive(("m", 1), at=2)
        for at in lost:
            story.receive(at=at, outcome="unknown", queue=queue)
        return story.mark("down", 5).receive(("m", 3), at=6).receive(("m", 4), at=DRAIN)

    assert_found(story(), "I7", "next with 3")
    assert_clean(story(4))
    assert_found(story(4, queue="other"), "I7", "next with 3")
    # Neither one that began later, nor one that ended with the process before.
    assert_found(story(7), "I7", "next with 3")
    early = Story().receive(at=0.5, outcome="unknown").mark("down", 0.8).send("m", 1)
    assert_found(early.receive(("m", 2), at=6).receive(("m", 3), at=DRAIN), "I7", "first received with count 2")


# I11, and what else may not be refused


def test_a_refused_send_or_delete_is_found():
    assert_found(Story().send("m", 1, outcome="failed"), "I11", "its send was refused")
    story = Story().send("m", 1).receive(("m", 1), at=2).delete("m", 1, 5, outcome="failed")
    assert_found(story.receive(("m", 2), at=DRAIN), "I11", "a delete was refused")


def test_a_refused_change_is_found_unless_somebody_deleted_or_purged_the_message_or_its_time_was_over():
    def story(at=2.3):
        return Story().send("m", 1).receive(("m", 1), at=2).change("m", 1, at, outcome="failed")

    assert_found(story().receive(("m", 2), at=DRAIN), "I11", "was refused")
    assert_clean(story(at=3.5).receive(("m", 2), at=DRAIN))
    assert_clean(story().delete("m", 1, 2.2))
    assert_clean(story().purge(2.2))
    assert_found(story().delete("m", 1, 4), "I11", "was refused")
    expired = Story(q={"retention": 60}).send("m", 1).receive(("m", 1), at=60.5).change("m", 1, 61.2, outcome="failed")
    assert_clean(expired)


def test_a_forged_receipt_handle_that_is_accepted_or_refused_otherwise_is_found():
    assert_clean(Story().forge(1))
    assert_clean(Story().forge(1, outcome="unknown"))
    assert_found(Story().forge(1, outcome="ok"), "I11", "forged")
    assert_found(Story().forge(1, code="InvalidParameterValue"), "I11", "forged")


# The whole


def test_messages_are_judged_each_for_itself():
    story = Story().send("m", 1).send("n", 1).receive(("n", 1), at=DRAIN)
    assert_found(story, "I1", "m:")


def test_a_history_that_was_kept_is_judged_again(tmp_path):
    path = tmp_path / "history.jsonl"
    with HistoryLog(path) as log:
        log.mark("queue", name="q", visibility=1)
        log.ok(log.invoke("c", "SendMessage", "q", messages=[{"token": "m", "body": "x"}]), [{"id": "1", "body": "x"}])
        log.mark("drained")
    judge = [sys.executable, str(Path(__file__).parent / "history"), str(path)]
    judged = subprocess.run(judge, capture_output=True, text=True)
    assert judged.returncode == 1
    assert "1 violations" in judged.stdout and "I1 m: is lost" in judged.stdout


def test_a_kept_history_of_a_run_that_was_cut_off_is_not_taken_for_a_clean_one(tmp_path):
    judge = [sys.executable, str(Path(__file__).parent / "history")]

    def kept(name, *marks):
        with HistoryLog(tmp_path / name) as log:
            log.mark("queue", name="q", visibility=1)
            message = {"token": "m", "body": "x"}
            log.ok(log.invoke("c", "SendMessage", "q", messages=[message]), [{"id": "1", "body": "x"}])
            for mark in marks:
                log.mark(mark)
            received = message | {"id": "1", "count": 1, "toldBody": "x"}
            log.ok(log.invoke("c", "ReceiveMessage", "q", hidden=0), [received])
        return str(tmp_path / name)

    whole, cut_off = kept("whole.jsonl", "drained"), kept("cut-off.jsonl", "down")
    judged = subprocess.run([*judge, whole], capture_output=True, text=True)
    assert judged.returncode == 0 and "not judged" not in judged.stdout, judged.stdout
    for paths in ([cut_off], [cut_off, whole], [whole, cut_off]):
        judged = subprocess.run([*judge, *paths], capture_output=True, text=True)
        assert judged.returncode == 2 and "not judged: was not drained" in judged.stdout, judged.stdout
