"""A turn: how long a run may train while others wait."""

import time

import pytest
from helpers.waiting import wait_for

from demo.backend.runs.limits import turn_message
from demo.backend.runs.queue import Runs
from demo.backend.services import make_services
from gan.settings.config import TrainConfig

TURN = 2.0


def test_a_run_makes_room_after_its_turn_only_where_others_wait(tmp_path):
    runs = Runs(tmp_path, turn_seconds=TURN)
    config = TrainConfig(data="glyphs", limit=64, width=4, batch=8, seconds=600)
    try:
        first = runs.start(config, "anna")
        first.count_watcher(1)
        wait_for(lambda: first.state == "running")
        time.sleep(TURN + 1)
        assert first.state == "running"
        second = runs.start(config, "ben")
        second.count_watcher(1)
        wait_for(lambda: not first.active)
        assert (first.state, first.message) == ("stopped", turn_message(TURN))
        wait_for(lambda: second.state == "running")
        # Its next turn begins anew.
        runs.extend(first, 600)
        assert first.why_stopped == "" and first.message == ""
    finally:
        runs.close()
    assert not first.active and not second.active, "closing ends what runs"


@pytest.mark.parametrize("name", ["GANSCOPE_TURN_SECONDS", "GANSCOPE_AT_ONCE"])
@pytest.mark.parametrize("value", ["0", "-1", "soon", ""])
def test_numbers_of_the_environment_are_checked(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"{name} must be a number of .* from 1 on"):
        make_services(folder=tmp_path)


def test_a_turn_is_set_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GANSCOPE_TURN_SECONDS", "60")
    assert make_services(folder=tmp_path).runs.turn_seconds == 60
