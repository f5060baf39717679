"""The judge of the fault tests, judged on what is visible and is handed out to nobody."""

from stories import DRAIN, Story, assert_clean, assert_found, drained, numbered, two_sent


def shortened(to=0, outcome="ok", hidden=50, **queues):
    story = Story(**queues).send("m", 1).receive(("m", 1), at=2, hidden=hidden)
    return story.change("m", 1, 3, to=to, outcome=outcome).mark("down", 4)


def seen_again(story, at=60):
    return story.receive(("m", 2), at=at).receive(("m", 3), at=DRAIN)


def test_a_shortened_time_that_a_crash_makes_long_again_is_found():
    long_poll = shortened().receive(at=5, took=20, wait=20)
    assert_found(seen_again(long_poll), "I4", "was handed out to nobody")
    assert_found(seen_again(shortened().receive(at=5)), "I4", "was handed out to nobody")
    less = shortened(to=10).receive(at=5, took=20, wait=20)
    assert_found(seen_again(less), "I4", "was handed out to nobody")
    assert_found(seen_again(shortened(to=10).receive(at=14)), "I4", "was handed out to nobody")


def test_a_time_that_is_over_and_that_a_crash_makes_longer_is_found():
    story = Story().send("m", 1).receive(("m", 1), at=2, hidden=5).mark("down", 4).receive(at=8)
    assert_found(seen_again(story), "I4", "was handed out to nobody")


def test_an_empty_receive_is_in_order_before_the_time_is_over_and_once_somebody_has_the_message():
    assert_clean(seen_again(shortened(to=10).receive(at=5)))
    assert_clean(seen_again(shortened(to=10).receive(at=5, took=7, wait=7)))
    assert_clean(seen_again(shortened().receive(at=5, took=2), at=6))
    assert_clean(seen_again(shortened().receive(at=3.05)))
    assert_clean(seen_again(shortened(other={}).receive(at=5, queue="other")))
    # It was shortened, and then extended.
    assert_clean(seen_again(shortened(to=10).change("m", 1, 5, to=40).receive(at=20)))


def test_an_empty_receive_says_nothing_beside_what_got_no_answer():
    assert_clean(seen_again(shortened(outcome="unknown").receive(at=5)))
    assert_found(seen_again(shortened(outcome="failed").receive(at=5)), "I11", "was refused")
    # A receive that a crash took back had the message meanwhile; or one that it did not take back.
    taken_back = shortened().receive(at=4.9, outcome="unknown").receive(at=5).mark("down", 6)
    assert_clean(seen_again(taken_back))
    counted = shortened().receive(at=4.5, outcome="unknown").mark("down", 4.8).receive(at=5)
    assert_clean(counted.receive(("m", 3), at=60).receive(("m", 4), at=DRAIN))
    deleted = shortened().delete("m", 1, 4.5, outcome="unknown").mark("down", 10).receive(at=12)
    assert_clean(seen_again(deleted))
    purged = shortened().purge(4.5, outcome="unknown").mark("down", 10).receive(at=12)
    assert_clean(seen_again(purged))


def test_a_long_poll_that_ended_early_says_nothing():
    assert_clean(seen_again(shortened().receive(at=5, took=1, wait=20)))


def test_a_change_after_the_empty_receive_is_no_excuse_for_it():
    story = shortened().receive(at=5).change("m", 1, 10, to=20)
    assert_found(seen_again(story), "I4", "was handed out to nobody")


# FIFO queues


def given_back(*others):
    """The first message of a group is given back, and nobody gets it; then others, and it comes again much later."""
    story = two_sent().receive(numbered("a", 1, 1), *others, at=3, queue="f", hidden=50)
    return story.change("a", 1, 4, 0, "f").mark("down", 5)


def and_again(story):
    return drained(story.receive(numbered("a", 2, 1), at=70, queue="f"), ("a", 3, 1), ("b", 2, 2))


def test_a_message_of_a_group_whose_shortened_time_a_crash_makes_long_again_is_found():
    for wait, took in ((0, 0.1), (20, 20)):
        alone = given_back().receive(at=6, took=took, wait=wait, queue="f")
        alone.receive(numbered("a", 2, 1), at=70, queue="f")
        assert_found(drained(alone, ("a", 3, 1), ("b", 1, 2)), "I4", "a: was handed out to nobody")


def test_a_message_of_a_group_waits_for_the_others_that_may_be_in_flight():
    assert_clean(and_again(given_back(numbered("b", 1, 2)).receive(at=6, queue="f")))
    both = given_back(numbered("b", 1, 2)).change("b", 1, 4.5, 0, "f").receive(at=6, queue="f")
    assert {violation.invariant for violation in and_again(both).violations()} == {"I4"}
    unknown = given_back(numbered("b", 1, 2)).change("b", 1, 4.5, 0, "f", "unknown").receive(at=4.8, queue="f")
    assert_clean(and_again(unknown))


def test_a_message_of_a_group_waits_for_what_a_receive_without_an_answer_may_have_brought():
    def story(seconds):
        story = given_back().receive(at=5.5, outcome="unknown", queue="f", hidden=9).mark("down", 6)
        story.receive(at=6 + seconds, queue="f").receive(numbered("a", 2, 1), at=70, queue="f")
        return drained(story, ("a", 3, 1), ("b", 2, 2))

    assert_clean(story(5))
    assert_found(story(15), "I4", "a: was handed out to nobody")


def test_a_message_of_a_group_does_not_wait_for_other_groups():
    story = given_back(numbered("c", 1, 3, group="h")).send("c", 2.5, "f", sequence=3, group="h")
    story.receive(at=6, queue="f").receive(numbered("a", 2, 1), at=70, queue="f")
    story.receive(numbered("c", 2, 3, group="h"), at=DRAIN + 5, queue="f")
    assert_found(drained(story, ("a", 3, 1), ("b", 1, 2)), "I4", "a: was handed out to nobody")
