"""Compare: its settings, its order, and what the page is told; with real runs of a few steps."""

import asyncio

import pytest

from demo.backend.runs.comparison import (
    PRESETS,
    SIDE_NAMES,
    compare,
    find_runs,
    idle_payload,
    read_sides,
    watch_runs,
)
from demo.backend.runs.queue import Runs
from gan.settings.config import TrainConfig

SHARED = {"data": "glyphs", "seed": 3, "steps": 4}
NOTHING = (None, "")
SMALL = "width=4\nbatch=8"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    runs = Runs(tmp_path_factory.mktemp("runs"))
    yield runs
    runs.close()


def configs(*sides, **shared):
    sides = [*sides, *[NOTHING] * (len(SIDE_NAMES) - len(sides))]
    return read_sides({**SHARED, **shared}, sides)


def collected(updates, during=lambda shown: None):
    async def gather():
        seen = []
        async for shown in updates:
            seen.append(shown)
            during(shown)
        return seen

    return asyncio.run(gather())


def test_sides_share_data_and_seed_and_have_their_own_method_and_changes():
    one, other = configs(("quick", SMALL), ("hinge", "spectral_norm=true"))
    assert (one.data, one.seed, one.steps, one.width) == ("glyphs", 3, 4, 4)
    assert (other.method, other.changes, other.seed) == ("hinge", {"spectral_norm": True}, 3)


@pytest.mark.parametrize(
    "sides, words",
    [
        ([("quick", "")], "two sides at least"),
        ([], "two sides at least"),
        ([("quick", ""), ("minimax", "weight_clip=0.1")], "^B: .*never be sure"),
        ([("quick", "no_such=1"), ("quick", "")], "^A: There is no setting called 'no_such'"),
        ([("quick", "spectral_norm"), ("quick", "")], "^A: .*name=value"),
        ([("quick", ""), ("nothing like it", "")], "^B: Unknown method"),
        ([("quick", ""), ("quick", "seed=4")], "^B: There is no setting called 'seed'"),
    ],
)
def test_what_is_wrong_is_said_with_its_side(sides, words):
    with pytest.raises(ValueError, match=words):
        configs(*sides)


def test_every_suggestion_can_be_compared():
    for sides in PRESETS.values():
        assert 2 <= len(configs(*sides)) <= len(SIDE_NAMES)


def test_one_side_after_another_and_each_beside_what_is_over(runs):
    asked = configs(("quick", SMALL), ("hinge", SMALL), ("quick", f"{SMALL}\nr1=0"))
    seen = collected(compare(runs, asked, "someone"))
    states = [[side["state"] for side in shown["sides"]] for shown in seen]
    assert states[0][1:] == ["planned", "planned"]
    assert states[-1] == ["finished"] * 3
    going = [shown for shown, row in zip(seen, states, strict=True) if row[-1] != "finished"]
    assert going and not any(shown["verdict"] for shown in going)
    assert "ended nearest" in seen[-1]["verdict"] or "about equally near" in seen[-1]["verdict"]
    assert seen[-1]["verdict"].endswith("choose all under Runs so far.")
    for before, later in ((0, 1), (1, 2)):
        assert all(row[before] == "finished" for row in states if row[later] != "planned")
    last = seen[-1]["sides"]
    assert [side["name"] for side in last] == ["A", "B", "C"]
    assert last[0]["differs"] == [] and last[2]["differs"] == ["R1 penalty γ: none, not 0.2"]
    assert "loss: hinge, not nonsaturating" in last[1]["differs"]
    assert all(side["points"]["step"][-1] == 4 for side in last)
    again = collected(
        watch_runs(runs, find_runs(runs, ",".join(side["id"] for side in reversed(last))))
    )
    assert [side["id"] for side in again[-1]["sides"]] == [side["id"] for side in reversed(last)]


def test_a_stop_ends_the_whole_comparison(runs):
    def stop(shown):
        going = shown["sides"][0]
        if going["state"] == "running":
            runs.stop(runs.find(going["id"]))

    asked = configs(("quick", SMALL), ("hinge", SMALL), steps=None, seconds=300)
    last = collected(compare(runs, asked, "other"), stop)[-1]["sides"]
    assert [side["state"] for side in last] == ["stopped"]


def test_a_side_that_is_refused_leaves_what_was_learned(runs, monkeypatch):
    asked, seen, start = configs(("quick", SMALL), ("hinge", SMALL)), [], runs.start

    def once(*given):
        if seen:
            raise ValueError("20 runs are waiting already.")
        return start(*given)

    monkeypatch.setattr(runs, "start", once)
    with pytest.raises(ValueError, match="waiting already"):
        collected(compare(runs, asked, "unlucky"), seen.append)
    assert [side["state"] for side in seen[-1]["sides"]] == ["finished"]


def test_what_is_wrong_for_all_is_no_sides_fault():
    with pytest.raises(ValueError, match=r"^seed must be"):
        configs(("quick", ""), ("hinge", ""), seed=-1)


def test_all_shown_runs_are_watched_and_followed(runs):
    first = runs.start(TrainConfig(**SHARED, width=4, batch=8))
    second = runs.start(TrainConfig(**SHARED, width=4, batch=8))
    watched = []
    last = collected(
        watch_runs(runs, [second, first]), lambda _: watched.append((first.watchers, second.watchers))
    )[-1]["sides"]
    assert [side["state"] for side in last] == ["finished", "finished"]
    assert set(watched) == {(1, 1)}
    assert (first.watchers, second.watchers) == (0, 0)


def test_who_leaves_ends_what_goes_on(runs):
    async def leave():
        asked = configs(("quick", SMALL), ("hinge", SMALL), steps=None, seconds=300)
        updates = compare(runs, asked, "third")
        shown = await anext(updates)
        await updates.aclose()
        return shown["sides"][0]["id"]

    run = runs.find(asyncio.run(leave()))
    assert run.watchers == 0
    assert [each.owner for each in runs.known.values()].count("third") == 1


@pytest.mark.parametrize("names", ["", [], None, "none", ["a"] * 9, 7, ["1", "2", "3", "4", "5"], [{}]])
def test_runs_that_are_not_there_are_a_sentence(runs, names):
    with pytest.raises(ValueError, match=r"Choose 1 to 4 runs|no such run"):
        find_runs(runs, names)


def test_before_anything_is_compared_there_are_two_empty_sides():
    assert [side["state"] for side in idle_payload()["sides"]] == ["idle", "idle"]
