"""The judge of the fault tests, judged on FIFO queues, dead-letter queues, counts and what is left of a broker."""

import pytest

from stories import DRAIN, Story, assert_clean, assert_found, drained, numbered, two_sent

SOURCE_AND_DEAD = {"s": {"deadLetters": "d", "maxReceiveCount": 3}, "d": {}}
FIFO_SOURCE_AND_DEAD = {
    "s.fifo": {"fifo": True, "deadLetters": "d.fifo", "maxReceiveCount": 3},
    "d.fifo": {"fifo": True},
}


# I5


def test_messages_in_order_are_in_order():
    story = two_sent().receive(numbered("a", 1, 1), at=3, queue="f").delete("a", 1, 3.2, "f")
    assert_clean(story.receive(numbered("b", 1, 2), at=3.4, queue="f").delete("b", 1, 3.6, "f"))
    together = two_sent().receive(numbered("a", 1, 1), numbered("b", 1, 2), at=3, queue="f")
    assert_clean(drained(together, ("a", 2, 1), ("b", 2, 2)))


def test_a_later_message_that_is_delivered_first_is_found():
    story = two_sent().receive(numbered("b", 1, 2), at=3, queue="f").receive(numbered("a", 1, 1), at=5, queue="f")
    assert_found(drained(story, ("a", 2, 1), ("b", 2, 2)), "I5", "delivered only after b")


def test_a_later_message_that_stands_first_in_an_answer_is_found():
    story = two_sent().receive(numbered("b", 1, 2), numbered("a", 1, 1), at=3, queue="f")
    assert_found(drained(story, ("a", 2, 1), ("b", 2, 2)), "I5", "stands behind b")


def test_other_groups_and_deliveries_that_overlap_have_no_order():
    story = Story().send("a", 1, "f", sequence=1).send("b", 2, "f", sequence=2, group="h")
    story.receive(numbered("b", 1, 2, group="h"), at=3, queue="f").delete("b", 1, 3.2, "f")
    assert_clean(drained(story, ("a", 1, 1)))
    overlap = two_sent().receive(numbered("b", 1, 2), at=3, queue="f")
    overlap.receive(numbered("a", 1, 1), at=3.05, queue="f")
    assert_clean(drained(overlap, ("a", 2, 1), ("b", 2, 2)))


def test_a_message_whose_first_delivery_got_no_answer_may_come_later():
    story = two_sent().receive(at=2.5, queue="f", outcome="unknown").mark("down", 2.8)
    story.receive(numbered("b", 1, 2), at=3, queue="f").receive(numbered("a", 2, 1), at=5, queue="f")
    assert_clean(drained(story, ("a", 3, 1), ("b", 2, 2)))


def in_flight(hidden=5):
    return two_sent().receive(numbered("a", 1, 1), at=3, queue="f", hidden=hidden)


def behind(story, at=4):
    story.receive(numbered("b", 1, 2), at=at, queue="f").delete("b", 1, at + 0.2, "f")
    return drained(story, ("a", 2, 1))


def test_a_delivery_behind_a_message_in_flight_is_found():
    assert_found(behind(in_flight()), "I5", "while a of its group was in flight")


def test_a_delivery_behind_a_message_that_a_crash_gave_back_is_found():
    assert_found(behind(in_flight().mark("down", 3.5)), "I5", "while a of its group was in flight")


def test_a_delivery_after_the_message_before_was_given_back_deleted_or_visible_again_is_in_order():
    for outcome in ("ok", "unknown"):
        assert_clean(behind(in_flight().change("a", 1, 3.5, 0, "f", outcome)))
        story = in_flight().delete("a", 1, 3.5, "f", outcome)
        assert_clean(story.receive(numbered("b", 1, 2), at=4, queue="f").delete("b", 1, 4.2, "f"))
    assert_clean(behind(in_flight(hidden=1), at=4.5))


def test_a_delivery_behind_a_message_whose_time_was_extended_is_found():
    story = in_flight(hidden=1).change("a", 1, 3.5, 10, "f")
    assert_found(behind(story, at=5), "I5", "while a of its group was in flight")


def test_a_message_before_the_one_in_flight_may_come_again():
    story = two_sent().receive(numbered("a", 1, 1), numbered("b", 1, 2), at=3, queue="f").change("a", 1, 3.2, 0, "f")
    story.receive(numbered("a", 2, 1), at=3.4, queue="f")
    assert_clean(drained(story, ("a", 3, 1), ("b", 2, 2)))


def test_dead_letters_have_an_order_too():
    story = Story(**FIFO_SOURCE_AND_DEAD).send("a", 1, "s.fifo", sequence=1).send("b", 2, "s.fifo", sequence=2)
    for count in (1, 2, 3):
        messages = (numbered("a", count, 1), numbered("b", count, 2))
        story.receive(*messages, at=1 + 2 * count, queue="s.fifo")
    dead = {"source": "s.fifo"}
    story.receive(numbered("b", 4, 8, **dead), at=DRAIN, queue="d.fifo").delete("b", 4, DRAIN + 0.2, "d.fifo")
    story.receive(numbered("a", 4, 7, **dead), at=DRAIN + 1, queue="d.fifo")
    assert_found(story, "I5", "a: was delivered only after b")


# I6


def test_a_repeated_send_that_made_a_second_message_is_found():
    again = Story().send("a", 1, "f", sequence=1).send("a", 2, "f", sequence=1)
    assert_clean(drained(again, ("a", 1, 1)))
    story = Story().send("a", 1, "f", sequence=1).send("a", 2, "f", sequence=2, id="other")
    assert_found(drained(story, ("a", 1, 1)), "I6", "two messages")


def test_a_repeated_send_after_a_crash_is_the_first_one_again():
    story = Story().send("a", 1, "f", outcome="unknown").mark("down", 2).send("a", 3, "f", sequence=1)
    assert_clean(drained(story, ("a", 1, 1)))
    lost = Story().send("a", 1, "f", sequence=1).mark("down", 2).send("a", 3, "f", sequence=2, id="other")
    assert_found(drained(lost, ("a", 1, 1)), "I6", "two messages")


def test_an_unanswered_send_and_its_repetition_that_made_two_messages_are_found():
    story = Story().send("a", 1, "f", outcome="unknown").mark("down", 2).send("a", 3, "f", sequence=2)
    story.receive(numbered("a", 1, 1, id="first"), at=4, queue="f").delete("a", 1, 4.2, "f")
    found = [violation.invariant for violation in drained(story, ("a", 1, 2)).violations()]
    assert "I6" in found and "I2" in found, found


def test_a_deduplication_id_is_new_again_after_five_minutes_and_after_a_purge():
    story = Story(drain=False).send("a", 1, "f", sequence=1).send("a", 302, "f", sequence=2, id="other")
    assert_clean(story)
    early = Story(drain=False).send("a", 1, "f", sequence=1).send("a", 290, "f", sequence=2, id="other")
    assert_found(early, "I6", "two messages")
    purged = Story().send("a", 1, "f", sequence=1).purge(2, "f").send("a", 3, "f", sequence=2, id="other")
    assert_clean(purged.receive(numbered("a", 1, 2, id="other"), at=DRAIN, queue="f"))


# I8


def lives(story, counts, queue="s"):
    for count in counts:
        story.receive(("m", count), at=2 * count, queue=queue)
    return story


def test_a_message_that_is_delivered_too_often_is_found():
    story = Story(**SOURCE_AND_DEAD).send("m", 1, "s")
    assert_found(lives(story, (1, 2, 3, 4)).delete("m", 4, 8.2, "s"), "I8", "instead of being moved")


def dead_letter(at=10, queues=SOURCE_AND_DEAD):
    story = lives(Story(**queues).send("m", 1, "s"), (1, 2, 3))
    return story.receive(("m", 4, {"source": "s"}), at=at, queue="d")


def test_a_dead_letter_keeps_its_id_and_its_count():
    assert_clean(dead_letter(at=DRAIN))
    assert_clean(dead_letter().delete("m", 4, 10.2, "d"))


def test_a_dead_letter_queue_with_dead_letters_of_its_own_counts_on():
    chain = {"s": {"deadLetters": "t", "maxReceiveCount": 1}, "t": {"deadLetters": "u", "maxReceiveCount": 2}, "u": {}}

    def story(*counts):
        story = lives(Story(**chain).send("m", 1, "s"), (1,))
        for count in counts:
            story.receive(("m", count, {"source": "s"}), at=4 * count, queue="t")
        return story

    assert_clean(story(2, 3).receive(("m", 4, {"source": "t"}), at=DRAIN, queue="u"))
    assert_found(story(2, 3, 4).delete("m", 4, 16.2, "t"), "I8", "instead of being moved")


def test_a_dead_letter_whose_count_began_anew_or_had_a_gap_is_found():
    story = lives(Story(**SOURCE_AND_DEAD).send("m", 1, "s"), (1, 2, 3))
    assert_found(story.receive(("m", 1, {"source": "s"}), at=DRAIN, queue="d"), "I7", "with a higher one")
    story = lives(Story(**SOURCE_AND_DEAD).send("m", 1, "s"), (1, 2, 3))
    assert_found(story.receive(("m", 5, {"source": "s"}), at=DRAIN, queue="d"), "I7", "first received with count 5")


def test_a_dead_letter_that_its_source_delivers_too_is_found():
    story = lives(Story(**SOURCE_AND_DEAD).send("m", 1, "s"), (1, 2))
    story.receive(("m", 4, {"source": "s"}), at=6, queue="d").delete("m", 4, 6.2, "d")
    found = story.receive(("m", 3), at=9, queue="s").violations()
    assert any(violation.invariant == "I8" and "while it was in d" in violation.text for violation in found), found


def test_a_redriven_message_is_a_new_one_with_counts_of_its_own():
    story = dead_letter().move(12, "d")
    story.receive(("m", 1, {"id": "new"}), at=14, queue="s")
    assert_clean(story.receive(("m", 2, {"id": "new"}), at=DRAIN, queue="s"))
    other = dead_letter(queues=SOURCE_AND_DEAD | {"o": {}}).move(12, "d", to="o")
    assert_clean(other.receive(("m", 1, {"id": "new"}), at=DRAIN, queue="o"))


def test_a_second_id_without_a_move_task_is_found():
    story = dead_letter().receive(("m", 1, {"id": "new"}), at=DRAIN, queue="s")
    assert_found(story, "I2", "MessageIds")


def test_a_message_that_a_move_left_behind_is_found():
    story = dead_letter().move(12, "d").receive(("m", 1, {"id": "new"}), at=DRAIN, queue="s")
    found = story.receive(("m", 5, {"source": "s"}), at=DRAIN + 1, queue="d").violations()
    assert {violation.invariant for violation in found} == {"I8"}, [str(violation) for violation in found]
    assert any("is there 2 times" in violation.text for violation in found)


def test_a_message_that_a_move_lost_is_found_in_neither_queue():
    assert_found(dead_letter(), "I1", "is lost")
    assert_found(dead_letter().move(12, "d"), "I1", "is lost")


# I9


def healed(*tokens, deleted=()):
    """Messages that are there after the heal, and are taken out in the drain."""
    story = Story().mark("healed", 50)
    for token in tokens:
        story.send(token, 1)
    for token in deleted:
        story.send(token, 1).receive((token, 1), at=2).delete(token, 1, 2.2)
    return story


def taken_out(story, *tokens, lasting=600):
    return story.receive(*[(token, 1) for token in tokens], at=DRAIN, hidden=lasting)


def test_counts_that_add_up_are_in_order():
    story = taken_out(healed("m", "n", deleted="o").count(60, 2).count(60.2, 0, queue="f"), "m", "n")
    story.count(101, 0, 2).delete("m", 1, 102).count(103, 0, 1).delete("n", 1, 104).count(105, 0, 0)
    assert_clean(story)


@pytest.mark.parametrize("total", [1, 3])
def test_counts_that_do_not_add_up_to_what_was_sent_are_found(total):
    story = taken_out(healed("m", "n", deleted="o").count(60, total), "m", "n")
    assert_found(story, "I9", f"counts {total} messages")


def test_counts_that_are_not_what_is_handed_out_are_found():
    story = healed("m").send("u", 2, outcome="unknown").count(60, 2)
    assert_found(taken_out(story, "m"), "I9", "counts 2 messages and hands out 1")


def test_counts_of_what_was_deleted_are_found():
    story = taken_out(healed("m").count(60, 1), "m").delete("m", 1, 102).count(103, 1)
    assert_found(story, "I9", "counts 1 messages")


def test_counts_in_flight_that_are_visible_or_the_other_way_round_are_found():
    assert_found(taken_out(healed("m").count(60, 0, 1), "m"), "I9", "1 messages in flight")
    assert_found(taken_out(healed("m").count(60, 1), "m").count(101, 1, 0), "I9", "0 messages in flight")


def test_counts_of_a_queue_and_its_dead_letters_add_up_together():
    def story(dead):
        story = Story(**SOURCE_AND_DEAD).mark("healed", 50)
        lives(story.send("m", 1, "s").send("n", 1, "s"), (1, 2, 3))
        story.count(60, 1, queue="s").count(60.2, dead, queue="d")
        story.receive(("n", 1), at=DRAIN, queue="s", hidden=600)
        return story.receive(("m", 4, {"source": "s"}), at=DRAIN + 1, queue="d", hidden=600)

    assert_clean(story(1))
    assert_found(story(0), "I9", "d+s: counts 1 messages")


# I10


def test_a_sequence_number_that_goes_back_is_found():
    story = Story().send("a", 1, "f", sequence=5).send("b", 2, "f", sequence=4)
    assert_found(drained(story, ("b", 1, 4), ("a", 1, 5)), "I10", "smaller sequence number")
    together = Story().send("a", 1, "f", sequence=5).send("b", 1.05, "f", sequence=4)
    assert_clean(drained(together, ("b", 1, 4), ("a", 1, 5)))
    # The number is of the first attempt, which got no answer.
    story = Story().send("b", 0.5, "f", outcome="unknown").send("a", 1, "f", sequence=5).send("b", 2, "f", sequence=4)
    assert_clean(drained(story, ("b", 1, 4), ("a", 1, 5)))


def test_a_sequence_number_that_goes_back_after_a_restart_or_to_before_the_history_is_found():
    story = Story().send("a", 1, "f", sequence=5).mark("down", 1.5).send("b", 2, "f", sequence=4, group="h")
    story.receive(numbered("b", 1, 4, group="h"), at=DRAIN, queue="f")
    assert_found(drained(story, ("a", 1, 5)), "I10", "smaller sequence number")
    story = Story(f={"fifo": True, "sequenceFloor": 9}).send("a", 1, "f", sequence=5)
    assert_found(drained(story, ("a", 1, 5)), "I10", "what was there before")


def test_a_sequence_number_that_is_given_twice_or_changes_is_found():
    story = Story().send("a", 1, "f", sequence=5).send("b", 1.05, "f", sequence=5, group="h")
    story.receive(numbered("b", 1, 5, group="h"), at=DRAIN, queue="f")
    assert_found(drained(story, ("a", 1, 5)), "I10", "has the sequence number of")
    story = Story().send("a", 1, "f", sequence=5)
    assert_found(drained(story, ("a", 1, 6)), "I10", "another sequence number")


# I11


def test_a_stale_handle_that_a_fifo_queue_accepts_is_found():
    def story(outcome, again=True):
        story = Story().send("a", 1, "f", sequence=1).receive(numbered("a", 1, 1), at=2, queue="f")
        story.delete("a", 1, 5, "f", outcome)
        return drained(story, ("a", 2, 1)) if again else story

    assert_clean(story("failed"))
    assert_found(story("ok"), "I11", "stale receipt handle was accepted")
    for outcome in ("ok", "failed", "unknown"):
        assert_found(story(outcome, again=False), "I1", "is lost")


def test_a_stale_handle_that_changes_a_message_is_found():
    story = Story().send("a", 1, "f", sequence=1).receive(numbered("a", 1, 1), at=2, queue="f")
    assert_found(drained(story.change("a", 1, 5, 1, "f"), ("a", 2, 1)), "I11", "a change with a stale receipt handle")


def test_the_handle_of_an_earlier_receive_is_stale_before_its_time():
    story = Story().send("a", 1, "f", sequence=1).receive(numbered("a", 1, 1), at=2, queue="f", hidden=9)
    story.change("a", 1, 2.5, 0, "f").receive(numbered("a", 2, 1), at=3, queue="f").delete("a", 1, 3.5, "f")
    assert_found(drained(story, ("a", 3, 1)), "I11", "stale receipt handle was accepted")


def test_a_message_that_is_gone_is_no_reason_to_refuse():
    story = Story().send("a", 1, "f", sequence=1).receive(numbered("a", 1, 1), at=2, queue="f")
    assert_clean(story.delete("a", 1, 2.2, "f").delete("a", 1, 5, "f"))


def test_a_fresh_handle_that_is_refused_is_found_and_one_that_may_have_expired_is_not():
    def story(at):
        story = Story().send("a", 1, "f", sequence=1).receive(numbered("a", 1, 1), at=2, queue="f")
        return drained(story.delete("a", 1, at, "f", "failed"), ("a", 2, 1))

    assert_found(story(2.3), "I11", "fresh receipt handle was refused")
    assert_clean(story(2.95))


def test_a_standard_queue_takes_stale_handles():
    assert_clean(Story().send("m", 1).receive(("m", 1), at=2).receive(("m", 2), at=4).delete("m", 1, 9))


# I12 and I13


def polled(answered_after, wait=20):
    story = Story().mark("healed", 50).receive(at=60, took=10 + answered_after, wait=wait).send("m", 70)
    return story.receive(("m", 1), at=DRAIN)


def test_a_long_poll_that_comes_late_is_found():
    assert_found(polled(5), "I12", "a long poll of q did not get it")
    assert_clean(polled(5, wait=5))
    prompt = Story().mark("healed", 50).send("m", 70).receive(("m", 1), at=60, took=10.3, wait=20).delete("m", 1, 70.5)
    assert_clean(prompt)


def test_a_broker_that_is_not_healthy_or_slow_after_the_heal_is_found():
    healthy = Story().mark("healed", 50).mark("health", 50.1, status=200)
    assert_clean(healthy)
    assert_found(healthy.mark("health", 60, status=503), "I12", "its health is 503")

    def story(took):
        story = Story().mark("healed", 50)
        for number in range(120):
            token = f"m{number}"
            story.send(token, 50 + number * 0.05, took=took).receive((token, 1), at=DRAIN)
        return story

    assert_clean(story(0.2))
    assert_found(story(3), "I12", "99th percentile")


def remains(**other):
    files = {"integrity": ["ok"], "foreignKeys": []}
    return {key: other.get(key, value) for key, value in files.items()}


def test_a_damaged_file_and_a_long_log_are_found():
    assert_clean(Story().mark("files", 1, **remains()))
    damaged = Story().mark("files", 1, **remains(integrity=["row 1 missing from index"]))
    assert_found(damaged, "I13", "integrity_check")
    assert_found(Story().mark("files", 1, **remains(foreignKeys=[["leases", 1]])), "I13", "foreign_key_check")
    assert_clean(Story().mark("down", 1, how="SIGKILL", logSizeBytes=20 << 20))
    assert_found(Story().mark("down", 1, how="SIGKILL", logSizeBytes=1 << 30), "I13", "write-ahead log")


def test_memory_and_descriptors_that_do_not_come_back_are_found():
    def story(memory, descriptors):
        story = Story().mark("resources", 1, memorySizeBytes=50_000_000, descriptors=20)
        return story.mark("resources", 2, memorySizeBytes=memory, descriptors=descriptors)

    assert_clean(story(60_000_000, 21))
    assert_found(story(500_000_000, 20), "I13", "memory")
    assert_found(story(50_000_000, 90), "I13", "descriptors")
