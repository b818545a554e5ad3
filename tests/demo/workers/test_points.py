"""One game as its page asks for it: what is sent, and how it goes on by itself."""

import math
import shlex

import numpy as np
import pytest
from helpers.unpacking import unpacked

from demo.workers import points as playground
from demo.workers.points import SESSION_ENDED, SessionServer, active_choices, main
from gan.cli.parser import parser
from gan.data.point_csv import read_points
from gan.playground.session import PointSession
from gan.settings.command_line import read_options
from gan.settings.config import TrainConfig
from gan.training.resolve import resolve

SQUARE = np.array([[10.0, 20.0], [30.0, 20.0], [30.0, 40.0], [10.0, 40.0]])


def read_config(method: str = "quick", changes: dict | None = None, **own) -> TrainConfig:
    small = {"data": "ring", "steps": 5000, "limit": 400, "width": 16, "batch": 32, **own}
    return TrainConfig(method=method, changes=changes or {}, **small)


class Clock:
    """In place of the module `time`: it moves on where somebody waits, and where a test says so."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(playground, "time", clock)
    return clock


@pytest.fixture
def session_server():
    session_server = SessionServer()
    session_server.open(read_config(), None)
    return session_server


def test_a_blob_holds_what_the_game_holds():
    session_server = SessionServer()
    reply = unpacked(session_server.open(read_config(), None))
    (frame,) = reply["frames"]
    theirs = PointSession(read_config()).frame(measured=True)
    for name in ("fakes", "scores", "pulls", "surface", "grid"):
        ours = frame["arrays"][name]
        assert ours.dtype == getattr(theirs, name).dtype
        assert np.array_equal(ours, getattr(theirs, name)), name
    assert np.array_equal(
        reply["arrays"]["real"], session_server.session.real[: playground.MAX_REAL_POINTS]
    )
    assert np.array_equal(reply["arrays"]["z"], session_server.session.z)
    assert (frame["step"], frame["half"], frame["finding"]) == (0, "", [])
    # JSON knows no NaN: of a game that did not begin there are no losses.
    assert (frame["d_loss"], frame["g_gradient"]) == (None, None)
    assert frame["js"] == pytest.approx(theirs.quality.js, rel=1e-4)
    assert (reply["modes"], reply["count"], reply["restarted"], reply["running"]) == (8, 400, "", False)
    assert reply["floor"]["covered"] == 8
    assert TrainConfig.from_dict(reply["settings"]) == read_config()
    assert reply["chosen"] == active_choices(resolve(read_config()))
    assert reply["chosen"]["width"] == 16 and reply["chosen"]["d_depth"] == reply["chosen"]["depth"]


def test_the_command_line_is_for_the_same_settings(session_server):
    line = shlex.split(session_server.describe_settings()["command"])
    assert read_options(parser().parse_args(line[3:])) == read_config()


def test_uniform_noise_is_shown_as_it_enters_g():
    z = unpacked(SessionServer().open(read_config(changes={"noise": "uniform"}), None))["arrays"]["z"]
    assert 1.5 < np.abs(z).max() <= math.sqrt(3)


def test_it_goes_on_to_its_goal_and_not_further(session_server):
    assert unpacked(session_server.play(stop_step=4))["running"]
    for _ in range(10):
        if session_server.running:
            session_server.step_if_due()
    reply = unpacked(session_server.look())
    assert (reply["frames"][0]["step"], reply["running"]) == (4, False)
    with pytest.raises(ValueError, match="past step 4 already"):
        session_server.play(stop_step=4)


def test_it_goes_on_without_a_goal_until_it_is_paused(session_server):
    session_server.play()
    for _ in range(6):
        session_server.step_if_due()
    reply = unpacked(session_server.look())
    assert reply["running"] and reply["pace"] > 0
    assert math.isfinite(reply["frames"][0]["g_loss"])
    assert unpacked(session_server.pause())["running"] is False
    assert session_server.session.steps == 6


def test_it_keeps_the_pace_that_was_asked_for(session_server, clock):
    session_server.play(pace=20.0)
    while clock.now < 0.5:
        session_server.step_if_due()
        clock.now += 0.001
    assert 9 <= session_server.session.steps <= 11


@pytest.mark.parametrize("ask", [
    SessionServer.pause, SessionServer.step, lambda server: server.step_of("d"), SessionServer.step_in_frames,
], ids=["pause", "step", "half", "slowly"])  # fmt: skip
def test_a_step_by_hand_pauses_the_session(session_server, ask):
    session_server.play()
    assert unpacked(ask(session_server))["running"] is False


def test_steps_and_halves_are_told(session_server):
    assert [frame["step"] for frame in unpacked(session_server.step())["frames"]] == [1]
    slow = unpacked(session_server.step_in_frames())["frames"]
    assert [(frame["step"], frame["half"]) for frame in slow] == [(1, ""), (1, "d"), (2, "")]
    assert "js" in slow[-1]
    for player, silent in (("d", "g_loss"), ("g", "d_loss")):
        (half,) = unpacked(session_server.step_of(player))["frames"]
        assert (half["step"], half["half"], half[silent]) == (2, player, None)


def test_a_change_goes_on_and_says_what_changed(session_server):
    session_server.step()
    session_server.play()
    reply = unpacked(session_server.change(read_config(g_lr=0.1)))
    assert [change.split(",")[0] for change in reply["changed"]] == ["learning rate of G: 0.1"]
    assert (reply["frames"][0]["step"], reply["running"]) == (1, True)
    assert reply["settings"]["g_lr"] == reply["chosen"]["g_lr"] == 0.1
    assert "restarted" not in reply and "corner" not in reply


def test_a_change_of_the_networks_begins_anew_and_says_why(session_server):
    session_server.step()
    session_server.play()
    reply = unpacked(session_server.change(read_config(changes={"depth": 2})))
    assert "hidden layers of G: 2" in reply["restarted"] and reply["restarted"].endswith(".")
    assert (reply["frames"][0]["step"], reply["running"], reply["chosen"]["depth"]) == (0, True, 2)


def test_a_change_that_makes_no_game_leaves_the_old_one(session_server):
    session_server.step()
    with pytest.raises(ValueError, match="uploaded points: draw, paste or load"):
        session_server.change(read_config(data="own.csv"))
    assert unpacked(session_server.look())["frames"][0]["step"] == 1


def test_own_points_stay_where_a_change_begins_anew_and_go_with_other_data():
    session_server = SessionServer()
    assert unpacked(session_server.open(read_config(data="own.csv"), SQUARE))["count"] == 4
    assert unpacked(session_server.change(read_config(data="own.csv", seed=1)))["count"] == 4
    assert unpacked(session_server.change(read_config(data="moons")))["count"] == 400


def test_no_file_of_the_server_is_read(tmp_path, monkeypatch):
    (tmp_path / "own.csv").write_text("0,0\n1,1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="uploaded points: draw, paste or load"):
        SessionServer().open(read_config(data="own.csv"), None)


def test_a_game_that_explodes_ends_with_a_finding_and_its_cure():
    session_server = SessionServer()
    session_server.open(
        read_config("nonsaturating", {"optimiser": "rmsprop"}, g_lr=1.0, d_lr=1.0), None
    )
    for _ in range(400):
        session_server.session.step()
        session_server.session.due["look"] = 0.0
    reply = unpacked(session_server.look())
    (finding,) = reply["frames"][0]["finding"]
    assert finding["kind"] in ("divergence", "diverged") and finding["words"]
    assert any("learning rate" in change for change in finding["changes"])
    better = TrainConfig.from_dict(finding["cure"])
    assert (better.g_lr, better.d_lr) == (None, None)


def test_infinite_numbers_stop_the_game_and_can_be_sent(session_server):
    session_server.play()
    session_server.session.trainer.g_ema.layers[0].weight.fill_(math.inf)
    reply = unpacked(session_server.look())
    assert reply["over"] and reply["frames"][0]["finding"][0]["kind"] == "diverged"
    session_server.step_if_due()
    assert unpacked(session_server.look())["running"] is False
    assert unpacked(session_server.play())["running"] is False
    assert len(unpacked(session_server.step_in_frames())["frames"]) == 2


def test_samples_are_a_file_of_points(session_server):
    points = read_points(session_server.samples().decode())
    assert np.array_equal(
        points.astype(np.float32), session_server.session.samples(playground.EXPORTED_FAKES)
    )


class Pipe:
    """In place of the page's end: requests to come, and the answers to them."""

    def __init__(self, *requests, sleep=lambda seconds: None):
        self.requests, self.answers, self.sleep = list(requests), [], sleep

    def poll(self, seconds):
        if not self.requests:
            self.sleep(seconds)
        return bool(self.requests)

    def recv(self):
        request = self.requests.pop(0)
        if request is None:
            raise EOFError
        return request

    def send(self, answer):
        self.answers.append(answer)


def test_the_process_answers_by_number_and_leaves_with_its_page():
    pipe = Pipe((7, "look", ()), (8, "open", (read_config(), None)), (9, "play", (None, 1)),
                (10, "play", (None, -5)), None)  # fmt: skip
    main(pipe)
    assert pipe.answers[0] == (7, "refused", SESSION_ENDED)
    assert [(number, kind) for number, kind, _ in pipe.answers[1:3]] == [(8, "done"), (9, "done")]
    assert pipe.answers[3][:2] == (10, "refused")


def test_a_game_goes_on_only_while_somebody_looks_and_ends_when_it_is_forgotten(monkeypatch, clock):
    went_on = []

    def step_if_due(session_server):
        went_on.append(clock.now)
        clock.now += 0.5

    monkeypatch.setattr(SessionServer, "step_if_due", step_if_due)
    pipe = Pipe((1, "open", (read_config(), None)), (2, "play", (None, None)), sleep=clock.sleep)
    main(pipe)
    assert went_on == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert playground.IDLE_SECONDS <= clock.now < playground.IDLE_SECONDS + 5
