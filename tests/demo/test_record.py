"""The command that makes recordings: of tiny runs, and what it refuses."""

import numpy as np
import pytest

from demo import record
from demo.backend import recordings
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.workers.messages import json_number


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of recordings; runs do not wait until the default data are drawn."""
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    monkeypatch.setattr(Runs, "_cache_default_data", lambda runs: runs.default_cached.set())
    monkeypatch.setattr(record, "FIRST_STEPS", 2)
    recordings.recordings.cache_clear()
    yield tmp_path
    recordings.recordings.cache_clear()


def test_a_run_and_a_comparison_are_recorded_as_the_page_shows_them(folder, tiny):
    one, other = tiny(data="glyphs"), tiny(data="glyphs", method="minimax")
    recordings.write("train-glyphs", record.record_run(one))
    recordings.write("compare", record.record_comparison([one, other]))
    run, both = recordings.recordings()["train-glyphs"], recordings.recordings()["compare"]
    shown = run.about["shown"]
    assert (shown["state"], shown["method"], shown["points"]["step"][-1]) == ("recorded", "Quick", 6)
    assert {f"A/{step}" for step in shown["points"]["step"]} | {"first-0"} == set(run.frames)
    (first,) = run.about["first_steps"]
    assert (first["step"], first["images"], first["config"]["width"]) == (2, 16, 4)
    assert [side["name"] for side in both.about["shown"]["sides"]] == ["A", "B"]
    assert both.about["shown"]["verdict"].startswith("Done")
    assert both.frames["B/0"] and both.about["recorded"]["cores"] >= 1


def test_a_run_that_fails_is_not_recorded(folder, tiny):
    run = Run("ab12", tiny(), folder, "")
    run.changed(state="failed", message="Out of memory.")
    with pytest.raises(ValueError, match="Its run failed: Out of memory"):
        record._fitted({}, [], [run])


def test_what_does_not_exist_or_is_not_here_is_said(folder, capsys):
    with pytest.raises(SystemExit):
        record.main(["train-nothing"])
    assert "There is no recording train-nothing: train-faces, " in capsys.readouterr().err
    record.main(["train-mnist"])
    assert "train-mnist: not recorded. mnist is not here" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


def test_the_ends_and_what_was_measured_are_kept_and_more_of_the_beginning():
    seconds = [float(second) for second in range(101)]
    measured = [0.5 if second in (40, 90) else None for second in range(101)]
    losses = [None, *[1.0] * 98, None, None]
    run = {"step": seconds, "seconds": seconds, "distance": measured, "d_loss": losses}
    places = record.kept_places(run, 20)
    assert len(places) <= 20 and {0, 40, 90, 98, 100} <= set(places) and places == sorted(places)
    assert np.median(places) < 40
    # All of a short one.
    short = {"step": [0, 5, 9], "seconds": [0.0, 1.0, 2.0], "distance": [None, 1.0, json_number(2.0)]}
    short["d_loss"] = [None, 1.0, 1.0]
    assert record.kept_places(short, 20) == [0, 1, 2]
