"""A few small cycles of the soak run, and its judge."""

import dataclasses

import soak

CALM = soak.Measure(memory=60 * soak.MIB, descriptors=20, threads=6, log=17 * soak.MIB, file=soak.MIB, free=0)


def measures(**ends):
    """Twelve calm cycles but for values that grow evenly to an end."""
    return [
        dataclasses.replace(
            CALM, **{name: getattr(CALM, name) + (end - getattr(CALM, name)) * at // 11 for name, end in ends.items()}
        )
        for at in range(12)
    ]


def test_the_judge_is_content_with_cycles_that_come_back():
    assert soak.judge(measures()) == []
    assert soak.judge(measures(memory=62 * soak.MIB)) == []


def test_the_judge_sees_what_grows():
    assert "memory" in soak.judge(measures(memory=110 * soak.MIB))[0]
    assert "descriptors" in soak.judge(measures(descriptors=40))[0]
    assert "threads" in soak.judge(measures(threads=17))[0]
    assert "log" in soak.judge(measures(log=60 * soak.MIB))[0]
    assert "file" in soak.judge(measures(file=30 * soak.MIB))[0]


def test_the_judge_sees_one_bad_cycle():
    cycles = measures()
    cycles[9] = dataclasses.replace(CALM, file=40 * soak.MIB)
    assert soak.judge(cycles) == [
        "cycle 10: file: 41943040 is more than 9699328, at a baseline of 1048576"
    ]


def test_a_long_run_has_its_baseline_behind_the_minutes_for_which_deduplication_ids_are_kept():
    cycles = measures()
    for at, cycle in enumerate(cycles):
        cycle.seconds = 100 * (at + 1)
        cycle.file = (at if at < 4 else 4) * 10 * soak.MIB
    assert soak.judge(cycles) == []
    cycles[-1].file = 70 * soak.MIB
    assert soak.judge(cycles)[0].startswith("cycle 12: file")


def test_the_judge_wants_cycles_behind_the_baseline():
    assert "too few" in soak.judge(measures()[:4])[0]


def test_memory_descriptors_log_and_file_come_back_after_each_drain(new_broker):
    cycles = soak.WARM_UP_CYCLES + soak.BASELINE_CYCLES + 1
    own = new_broker().start()
    assert soak.judge(soak.run(own, cycles=cycles, messages=600, settle_seconds=0.2)) == []
