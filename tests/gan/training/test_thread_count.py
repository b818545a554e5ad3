"""The choice of threads: the faster count, found again when the machine's load changes."""

from collections import Counter

from gan.training.thread_count import TRIAL_EVERY, ThreadChoice


def chosen(choice: ThreadChoice, speeds: dict[int, float], turns: int) -> Counter:
    counts, count = Counter(), choice.count
    for _ in range(turns):
        count = choice.next(speeds[count])
        counts[count] += 1
    return counts


def test_the_faster_count_is_used_and_the_other_only_tried():
    turns = 10 * TRIAL_EVERY
    for speeds, best in (({2: 10.0, 1: 7.0}, 2), ({2: 1.0, 1: 7.0}, 1)):
        counts = chosen(ThreadChoice(2, 1), speeds, turns)
        assert counts[best] >= turns - 11
        assert counts[3 - best] >= 9


def test_a_change_of_the_load_is_noticed_both_ways():
    choice = ThreadChoice(2, 1)
    chosen(choice, {2: 10.0, 1: 7.0}, 30)
    busy = chosen(choice, {2: 1.0, 1: 6.0}, 30)
    assert busy[1] > busy[2]
    quiet = chosen(choice, {2: 10.0, 1: 7.0}, 5 * TRIAL_EVERY)
    assert quiet[2] > quiet[1]


def test_the_first_snapshot_where_nothing_has_gone_yet_says_nothing():
    choice = ThreadChoice(2, 1)
    assert choice.next(0.0) == 2
    assert choice.speeds == {2: 0.0, 1: 0.0}


def test_one_core_leaves_no_choice():
    assert set(chosen(ThreadChoice(1, 1), {1: 5.0}, 30)) == {1}
