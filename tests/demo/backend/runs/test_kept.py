"""Runs outlive the server: what pages show of them, whose they are, and that they go on."""

import gzip
import json
import logging
import os
import time
from types import SimpleNamespace

import pytest
from helpers.small_runs import SMALL
from helpers.waiting import PATIENCE, wait_for

from demo.backend.cleaning import Cleaner
from demo.backend.datasets import check_source
from demo.backend.runs import kept as kept_runs
from demo.backend.runs.kept import (
    NEVER_BEGAN,
    RESTARTED,
    SERVER_ENDED,
    SUFFIX,
    UPLOADS_GONE,
    KeptRuns,
    packed,
    read,
)
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Moment, Run
from demo.backend.services import make_services
from demo.backend.work import base as work
from gan.data.load import load_images
from gan.data.sources import UPLOAD_PREFIX
from gan.settings.config import TrainConfig


def run_of(folder, name="ab12cd34", state="running", steps=(0, 5), data="glyphs", created=1.0):
    run = Run(name, TrainConfig(data, steps=9), folder / name, "browser x", "a title", "", created)
    run.real, run.state = b"real pictures", state
    run.moments = [
        Moment({"step": step, "final": False, "quality": None, "findings": []}, b"frame %d" % step)
        for step in steps
    ]
    return run


def test_a_run_is_there_after_a_restart_and_goes_on_from_its_checkpoint(tmp_path):
    first = Runs(tmp_path)
    run = first.start(TrainConfig(**SMALL, steps=6, save_every=2), "browser x", "a title")
    run.count_watcher(1)
    wait_for(lambda: not run.active)
    first.close()
    second = Runs(tmp_path)
    again = second.find_owned(run.id, "browser x")
    assert (again.state, again.config, again.title) == ("finished", run.config, "a title")
    assert (again.real, again.created) == (run.real, run.created)
    assert json.dumps(again.points) == json.dumps(run.points)  # with NaN, which is not equal to itself
    assert [each.frame for each in again.moments] == [each.frame for each in run.moments]
    again.count_watcher(1)
    second.extend(again, 1.0)
    wait_for(lambda: not again.active)
    assert again.state == "finished", again.message
    assert again.points[-1]["step"] > 6
    second.close()


def test_a_run_that_trains_when_the_server_ends_says_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "CLOSE_SECONDS", PATIENCE)
    first = Runs(tmp_path)
    run = first.start(TrainConfig(**SMALL, seconds=600), "browser x")
    waiting = first.start(TrainConfig(**SMALL, seconds=600, seed=1), "browser x")
    for each in (run, waiting):
        each.count_watcher(1)
    wait_for(lambda: len(run.moments) > 1)
    first.close()
    second = Runs(tmp_path)
    again = second.find(run.id)
    assert (again.state, again.message) == ("stopped", SERVER_ENDED)
    assert again.points[-1]["step"] == run.points[-1]["step"] > 0
    assert (second.find(waiting.id).state, second.find(waiting.id).message) == ("stopped", SERVER_ENDED)
    second.close()


@pytest.mark.parametrize(
    ("state", "steps", "shown", "message"),
    [
        ("running", (0, 5), "stopped", RESTARTED),
        ("paused", (0, 5), "stopped", RESTARTED),
        ("queued", (), "stopped", NEVER_BEGAN),
        ("failed", (0, 5), "failed", ""),
    ],
)
def test_what_a_killed_server_was_doing_has_stopped(tmp_path, state, steps, shown, message):
    KeptRuns(tmp_path).keep(run_of(tmp_path, state=state, steps=steps))
    run = read(tmp_path / f"ab12cd34{SUFFIX}")
    assert (run.state, run.message, run.owner) == (shown, message, "browser x")


def test_pictures_that_somebody_uploaded_are_not_kept(tmp_path):
    (tmp_path / f"ab12cd34{SUFFIX}").write_bytes(packed(run_of(tmp_path, data=f"{UPLOAD_PREFIX}abc")))
    run = read(tmp_path / f"ab12cd34{SUFFIX}")
    assert (run.real, run.state, run.message) == (b"", "stopped", UPLOADS_GONE)
    (tmp_path / f"ab12cd34{SUFFIX}").write_bytes(packed(run_of(tmp_path)))
    assert read(tmp_path / f"ab12cd34{SUFFIX}").real == b"real pictures"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"no gzip"),
        lambda path: path.write_bytes(path.read_bytes()[:60]),
        lambda path: path.write_bytes(path.read_bytes()[:60] + b"x" + path.read_bytes()[61:]),
        lambda path: path.rename(path.with_name(f"other{SUFFIX}")),
        lambda path: path.write_bytes(gzip.compress(b"[]")),
        lambda path: path.write_bytes(gzip.compress(b'{"format": 99, "id": "ab12cd34"}')),
    ],
)
def test_what_cannot_be_read_is_passed_over_and_logged(tmp_path, caplog, spoil):
    for name in ("ab12cd34", "ef56ab78"):
        (tmp_path / f"{name}{SUFFIX}").write_bytes(packed(run_of(tmp_path, name)))
    spoil(tmp_path / f"ab12cd34{SUFFIX}")
    with caplog.at_level(logging.WARNING):
        assert [run.id for run in KeptRuns(tmp_path).load()] == ["ef56ab78"]
    assert "is passed over" in caplog.text


def test_of_two_servers_the_first_keeps_the_runs_until_it_ends(tmp_path):
    first, second = KeptRuns(tmp_path), KeptRuns(tmp_path)
    first.keep(run_of(tmp_path))
    second.keep(run_of(tmp_path, "ef56ab78"))
    assert [run.id for run in first.load()] == ["ab12cd34"]
    assert second.load() == []
    first.close()
    assert [run.id for run in KeptRuns(tmp_path).load()] == ["ab12cd34"]


def test_a_run_that_was_removed_stays_removed(tmp_path):
    kept, run = KeptRuns(tmp_path), run_of(tmp_path)
    kept.keep(run)
    kept.forget(run)
    kept.keep(run)  # by the thread that still follows it
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_process_had_not_written_to_its_end_goes_with_the_next_start(tmp_path):
    kept, run = KeptRuns(tmp_path), run_of(tmp_path, state="finished")
    kept.keep(run)
    kept.close()
    run.folder.mkdir()
    (tmp_path / "by hand").mkdir()
    halves = [
        place / f".new-{age}"
        for place in (tmp_path, run.folder, tmp_path / "by hand")
        for age in (1, 60)
    ]
    for path in halves:
        path.write_bytes(b"half")
        os.utime(path, (time.time() - int(path.name[5:]),) * 2)
    # Neither what is being written, nor what others have put there.
    assert [each.id for each in KeptRuns(tmp_path).load()] == [run.id]
    assert [path.exists() for path in halves] == [True, False, True, False, True, True]


def test_who_names_the_folder_of_runs_as_data_gets_none(tmp_path, monkeypatch):
    KeptRuns(tmp_path).keep(run_of(tmp_path))
    with pytest.raises(ValueError, match="No usable picture was found"):
        load_images(str(tmp_path))
    monkeypatch.delenv("GANSCOPE_ROOTS", raising=False)
    monkeypatch.delenv("GANSCOPE_DATA", raising=False)
    services = make_services(folder=tmp_path / "runs")
    (tmp_path / "runs").mkdir(exist_ok=True)
    with pytest.raises(ValueError, match="may not be read from this page"):
        check_source(str(tmp_path / "runs"), services.roots)
    services.close()


def test_a_full_disk_is_logged_and_ends_nothing(tmp_path, caplog, monkeypatch):
    def full(path, content):
        raise ValueError("Could not save: no space left.")

    monkeypatch.setattr(kept_runs, "write_bytes", full)
    with caplog.at_level(logging.WARNING):
        KeptRuns(tmp_path).keep(run_of(tmp_path))
    assert "no space left" in caplog.text


def old_runs(folder, ages):
    """Runs of 1 MB each, by their days."""
    runs = SimpleNamespace(known={}, removable=lambda run: run.over, lock=Runs(folder).lock)
    runs.remove = lambda run: runs.known.pop(run.id)
    for name, days in ages.items():
        run = run_of(folder, name, "finished", created=time.time() - days * 86400)
        run.folder.mkdir()
        (run.folder / "train.json").write_bytes(bytes(10**6))
        os.utime(run.folder / "train.json", (run.created, run.created))
        run.unwatched_since -= 100
        runs.known[name] = run
    return runs


def test_runs_that_are_old_or_too_much_are_removed_oldest_first(tmp_path):
    runs = old_runs(tmp_path, {"newest": 0, "old": 3, "older": 5, "oldest": 40})
    cleaner = Cleaner(runs, days=30, gigabytes=1)
    wait_for(lambda: "oldest" not in runs.known)
    assert [*runs.known] == ["newest", "old", "older"]
    cleaner.gigabytes = 0.002
    assert [run.id for run in cleaner.clean()] == ["older"]
    cleaner.close()


def test_the_cache_is_cleaned_as_well(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path))
    old, new = tmp_path / f"{'a' * 24}.safetensors", tmp_path / f"{'b' * 24}.safetensors"
    for path, days in ((old, 3), (new, 1)):
        path.write_bytes(bytes(1000))
        os.utime(path, (time.time() - days * 86400,) * 2)
    cleaner = Cleaner(old_runs(tmp_path / "runs", {}), cache_gigabytes=1.5e-6)
    wait_for(lambda: not old.exists())
    assert new.exists()
    cleaner.close()


def test_what_is_watched_or_trains_is_never_removed(tmp_path):
    runs = old_runs(tmp_path, {"watched": 90, "leased": 90, "trains": 90, "gone": 90})
    runs.known["watched"].count_watcher(1)
    runs.known["leased"].lease(60)
    runs.known["trains"].state = "running"
    cleaner = Cleaner(runs, days=30, gigabytes=1)
    wait_for(lambda: "gone" not in runs.known)
    assert cleaner.clean() == [] and len(runs.known) == 3
    cleaner.close()
