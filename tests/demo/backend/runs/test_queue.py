"""Runs beside the page: real worker processes, trained for seconds, stopped, killed, abandoned."""

import multiprocessing
import os
import signal
import time
from dataclasses import replace

import pytest
from helpers.small_runs import SMALL, ended, started
from helpers.waiting import wait_for

from demo.backend.runs.payload import payload
from demo.backend.runs.queue import SAVE_EVERY, Runs
from gan.common.files import digest, read_json, read_tensors
from gan.models.registry import CHECKPOINT_FILE
from gan.models.storage import read_generator
from gan.settings.config import TrainConfig


@pytest.fixture(scope="module", params=["processes", "ray"])
def runs(request, tmp_path_factory):
    queue = None
    if request.param == "ray":
        request.getfixturevalue("cluster")
        from demo.backend.work.cluster import queue_of_runs

        queue = queue_of_runs()
        queue.home_seconds = 1.0
    runs = Runs(tmp_path_factory.mktemp("runs"), cluster=queue)
    runs.warm()
    yield runs
    runs.close()


def settled(value):
    """A value that has stayed the same for a second; what was on its way may still change it."""
    seen, since = value(), time.monotonic()

    def stays():
        nonlocal seen, since
        if (now := value()) != seen:
            seen, since = now, time.monotonic()
        return time.monotonic() - since > 1.0

    wait_for(stays)
    return seen


def test_a_run_ends_with_its_weights_and_a_picture_for_each_moment(runs):
    run = ended(started(runs, steps=6))
    assert run.state == "finished", run.message
    assert run.points[-1]["step"] == 6 and run.points[-1]["final"]
    assert len(run.moments) >= 2
    pictures = [run.real, *(moment.frame for moment in run.moments)]
    assert all(picture[:4] == b"RIFF" for picture in pictures)
    assert read_generator(run.folder).width == 4


def test_a_run_from_another_takes_its_weights_and_keeps_them_from_being_dropped(runs, monkeypatch):
    first = ended(started(runs, steps=2))
    monkeypatch.setattr(runs, "max_kept", 0)
    config = TrainConfig("glyphs", limit=64, batch=8, steps=2, start_from=f"run:{first.id}")
    second = runs.start(config, start=str(first.folder))
    second.count_watcher(1)
    assert first.id in runs.known
    assert ended(second).state == "finished", second.message
    weights = digest(first.folder / "model.safetensors")
    saved = read_json(second.folder / "train.json")
    named = f"start/{first.id}" if runs.on_cluster else str(first.folder)
    assert (saved["start_from"], saved["start_weights"]) == (named, weights)
    assert (second.config.start_from, second.config.start_weights) == (config.start_from, weights)
    shown = payload(runs, second)
    assert shown["start"] == f"starts from run {first.id}" and shown["start"] in shown["method"]
    assert str(first.folder) not in str(shown)


def test_runs_of_a_session_become_those_of_its_browser(runs):
    mine, other = started(runs, owner="session-1", steps=1), started(runs, owner="session-2", steps=1)
    runs.adopt("session-1", "browser a")
    assert (mine.owner, other.owner) == ("browser a", "session-2")
    assert runs.find_owned(mine.id, "browser a") is mine
    ended(mine), ended(other)


def test_stop_ends_a_long_run_soon_and_keeps_its_weights(runs):
    # As the page does: on a busy machine the process may be killed before it has saved at its end.
    run = started(runs, seconds=600, save_every=SAVE_EVERY)
    wait_for((run.folder / "model.safetensors").is_file)
    run.requested = "stop"
    ended(run)
    assert run.state == "stopped"
    assert read_generator(run.folder).size == 32


def test_pause_holds_the_steps_and_continue_goes_on(runs):
    run = started(runs, seconds=600)
    wait_for(lambda: len(run.points) > 2)
    run.requested = "pause"
    wait_for(lambda: run.state == "paused")
    held = settled(lambda: run.points[-1]["step"])
    run.requested = "go on"
    wait_for(lambda: run.points[-1]["step"] > held)
    run.requested = "stop"
    ended(run)


def test_a_run_without_watchers_is_stopped(runs, monkeypatch):
    monkeypatch.setattr("demo.backend.runs.run.GRACE_SECONDS", 1.0)
    run = started(runs, seconds=600)
    wait_for(lambda: run.state == "running")
    run.count_watcher(-1)
    ended(run)
    assert run.state == "stopped"


def test_a_run_outlives_its_page_for_the_grace_of_a_reload(runs, monkeypatch):
    monkeypatch.setattr("demo.backend.runs.run.GRACE_SECONDS", 600.0)
    run = started(runs, seconds=600)
    wait_for(lambda: run.state == "running")
    run.count_watcher(-1)
    time.sleep(1.0)
    assert run.state == "running" and not run.unwanted
    monkeypatch.setattr("demo.backend.runs.run.GRACE_SECONDS", 0.1)
    ended(run)
    assert (run.state, run.message) == ("stopped", "Stopped, because its page was closed.")


def test_who_left_a_run_does_not_wait_for_it(runs, monkeypatch):
    monkeypatch.setattr("demo.backend.runs.run.GRACE_SECONDS", 600.0)
    left = started(runs, "me", seconds=600)
    wait_for(lambda: left.state == "running")
    left.count_watcher(-1)
    wait_for(lambda: left.unseen_for > 1.1)
    of_others = started(runs, "another", steps=1)
    assert left.active and left.requested == "go on"
    mine = started(runs, "me", steps=1)
    assert [ended(run).state for run in (left, of_others, mine)] == ["stopped", "finished", "finished"]


def test_a_waiting_run_knows_its_place_and_how_long(runs):
    first = started(runs, seconds=600)
    wait_for(lambda: first.state == "running")
    second, third = started(runs, seconds=30), started(runs, steps=5)
    fourth = started(runs, steps=1)
    assert [runs.place(run) for run in (first, second, third, fourth)] == [0, 1, 2, 3]
    assert 500 < second.wait <= 600 and third.wait in (second.wait + 30, second.wait + 35)
    assert fourth.wait is None  # how fast the third is, nobody knows
    first.requested = "pause"
    wait_for(lambda: second.wait is None)
    first.requested = "go on"
    wait_for(lambda: second.wait is not None)
    for run in (second, third, first, fourth):
        runs.stop(run)
        ended(run)


def test_a_killed_worker_is_a_message_and_the_next_run_works(runs):
    if runs.on_cluster:
        pytest.skip("tests/demo/backend/work/test_cluster.py")
    run = started(runs, seconds=600)
    wait_for(lambda: run.state == "running")
    os.kill(worker_ids()[-1], 9)
    ended(run)
    assert run.state == "failed"
    assert "ended unexpectedly" in run.message
    assert ended(started(runs, steps=2)).state == "finished"


def test_a_continued_run_goes_on_from_where_it_stopped(runs):
    run = started(runs, seconds=1)
    ended(run)
    before = run.points[-1]["step"]
    runs.extend(run, 1)
    ended(run)
    assert run.state == "finished", run.message
    steps = [point["step"] for point in run.points]
    assert steps == sorted(steps)
    assert steps[-1] > before


def test_a_continued_run_that_is_stopped_before_its_first_step_is_stopped_and_not_finished(runs):
    run = ended(started(runs, steps=2))
    assert run.state == "finished", run.message
    runs.extend(run, 600)
    runs.stop(run)
    ended(run)
    assert (run.state, run.points[-1]["step"]) == ("stopped", 2)


def test_a_run_that_was_ended_before_it_saved_anything_begins_anew(runs):
    run = started(runs, seconds=600)
    wait_for(lambda: len(run.points) > 3)
    run.requested = "stop"
    ended(run)
    # As if it had been too slow to save before it was killed.
    for file in run.folder.glob("*.safetensors"):
        file.unlink()
    run.config = replace(run.config, seconds=1.0)
    before = run.moments
    runs.extend(run, 30)
    ended(run)
    assert (run.state, run.config.seconds) == ("finished", 1.0), run.message
    steps = [point["step"] for point in run.points]
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    # What is equal is the picture of step 0, which is shown again.
    assert [moment for moment in run.moments if any(moment is old for old in before)] == before[:1]


def test_a_run_that_was_too_slow_to_stop_goes_on_from_what_it_saved(runs, monkeypatch):
    if runs.on_cluster:
        pytest.skip("tests/demo/backend/work/test_cluster.py")
    run = started(runs, seconds=600, save_every=10**6)
    wait_for(lambda: run.points and run.points[-1]["step"] >= 40)
    monkeypatch.setattr(runs.queue, "stop_seconds", 0.0)
    os.kill(worker_ids()[-1], signal.SIGSTOP)
    run.requested = "stop"
    ended(run)
    assert run.state == "stopped"
    saved = int(read_tensors(run.folder / CHECKPOINT_FILE)[0]["steps"])
    before = [moment for moment in run.moments if moment.numbers["step"] <= saved]
    assert saved >= 32 and saved.bit_count() == 1
    runs.extend(run, 1)
    ended(run)
    assert run.state == "finished", run.message
    assert run.moments[: len(before)] == before
    steps = [point["step"] for point in run.points]
    assert steps == sorted(set(steps))


def test_a_run_that_goes_on_from_an_older_step_forgets_what_came_after(runs):
    run = ended(started(runs, steps=1))
    numbers = dict(run.points[-1], final=False)
    for step in range(2, 10):
        run.add_snapshot({**numbers, "step": step}, b"RIFF first")
    for step in (4, 6):
        run.add_snapshot({**numbers, "step": step}, b"RIFF again")
    assert [point["step"] for point in run.points] == [0, 1, 2, 3, 4, 6]
    assert [moment.frame[5:] for moment in run.moments[-2:]] == [b"first", b"again"]


def test_bad_data_is_a_sentence_and_not_a_crash(runs, tmp_path):
    run = ended(started(runs, data=str(tmp_path), steps=2))
    assert run.state == "failed"
    assert "at least 2 different ones are needed" in run.message


def test_runs_wait_in_order_and_a_person_has_a_limit(runs):
    first = started(runs, owner="ada", seconds=600)
    wait_for(lambda: first.state == "running")
    second = started(runs, owner="ada", steps=2)
    third = started(runs, owner="bob", steps=2)
    assert [runs.place(run) for run in (first, second, third)] == [0, 1, 2]
    with pytest.raises(ValueError, match="You have 2 runs already"):
        runs.start(TrainConfig(**SMALL, steps=2), "ada")
    first.requested = "stop"
    assert [ended(run).state for run in (second, third)] == ["finished", "finished"]


def test_a_stopped_run_leaves_the_queue_at_once(runs):
    first = started(runs, seconds=600)
    wait_for(lambda: first.state == "running")
    waiting, behind = started(runs, steps=2), started(runs, steps=2)
    runs.stop(waiting)
    assert runs.place(behind) == 1
    assert (ended(waiting).state, waiting.moments) == ("stopped", [])
    runs.stop(first)
    assert ended(behind).state == "finished"


def test_a_run_that_waits_unwatched_counts_no_more(runs, monkeypatch):
    monkeypatch.setattr("demo.backend.runs.run.GRACE_SECONDS", 0.1)
    first = started(runs, seconds=600)
    waiting, behind = started(runs, steps=2), started(runs, steps=2)
    waiting.count_watcher(-1)
    wait_for(lambda: runs.place(behind) == 1)
    runs.stop(first)
    assert ended(behind).state == "finished"
    assert waiting.moments == []


def test_pictures_that_were_removed_are_shown_no_more(runs):
    run = ended(started(runs, steps=1))
    assert payload(runs, run)["has_real"]
    runs.forget_pictures("own:" + "a" * 32)
    assert run.real
    runs.forget_pictures(run.config.data)
    assert not run.real and not payload(runs, run)["has_real"]


def test_uploaded_pictures_are_shown_to_their_owner_alone(runs):
    run = ended(started(runs, steps=1))
    run.config, run.title = replace(run.config, data="own:" + "a" * 32), "your pictures (64)"
    mine, others = payload(runs, run, owned=True), payload(runs, run)
    assert mine["real_path"] == f"runs/{run.id}/real?key={run.real_key}" and mine["has_real"]
    assert others["real_path"] is None and not others["has_real"]
    assert (mine["data"], others["data"]) == ("your pictures (64)", "own pictures (64)")
    assert run.real_key not in str(others)


def test_pages_are_told_that_larger_pictures_are_shown_smaller(runs):
    run = ended(started(runs, steps=1))
    assert payload(runs, run)["preview"] == payload(runs, run)["size"] <= 64
    notes = payload(runs, run)["notes"]
    run.config = replace(run.config, size=128)
    shown = payload(runs, run)
    assert (shown["size"], shown["preview"]) == (128, 64)
    assert (
        shown["notes"][:-1] == notes
        and "128×128" in shown["notes"][-1]
        and "64×64" in shown["notes"][-1]
    )


def test_an_unknown_run_is_refused(runs):
    for name in ("nope", None, 3, "../x"):
        with pytest.raises(ValueError, match="no such run"):
            runs.find(name)


def test_a_long_history_is_thinned_but_keeps_its_ends(runs, monkeypatch):
    monkeypatch.setattr("gan.training.run_record.MAX_MOMENTS", 8)
    run = ended(started(runs, steps=1))
    numbers = dict(run.points[-1])
    for step in range(2, 40):
        run.add_snapshot({**numbers, "step": step}, b"RIFF")
    steps = [point["step"] for point in run.points]
    assert len(steps) <= 9
    assert steps[0] == 0 and steps[-1] == 39
    assert steps == sorted(set(steps))


def test_the_payload_is_plain_json_with_equal_columns(runs):
    import json

    run = ended(started(runs, steps=3))
    shown = json.loads(json.dumps(payload(runs, run), allow_nan=False))
    assert {len(column) for column in shown["points"].values()} == {len(run.points)}
    assert shown["state"] == "finished" and shown["has_weights"] and shown["floor"] > 0


def test_closing_ends_every_worker(tmp_path):
    before = set(worker_ids())
    runs = Runs(tmp_path)
    runs.warm()
    wait_for(lambda: set(worker_ids()) > before)
    runs.close()
    wait_for(lambda: set(worker_ids()) <= before)


def worker_ids() -> list[int]:
    """Ids of this process's worker processes, oldest first."""
    children = multiprocessing.active_children()
    return sorted(child.pid for child in children if child.name == "demo.workers.train.main")
