"""An interactive session: its steps are those of a run, and frames change nothing."""

import math

import numpy as np
import pytest
import torch

from gan.latent.vectors import seed_latents
from gan.models.storage import read_generator
from gan.playground.session import CELLS, FAKES, PointSession, RestartNeeded
from gan.playground.views import surface
from gan.settings.config import TrainConfig
from gan.training.loop import train
from gan.training.trainer_state import state_of

COMPARING = {
    "spectral_norm": True,
    "minibatch_stddev": True,
}  # layers that a pass of D might affect
SQUARE = np.array([[10.0, 20.0], [30.0, 20.0], [30.0, 40.0], [10.0, 40.0]])


def config_of(method: str = "quick", changes: dict | None = None, **own) -> TrainConfig:
    small = {"data": "ring", "steps": 30, "limit": 400, "width": 16, "batch": 32, **own}
    return TrainConfig(method=method, changes=changes or {}, **small)


def session_of(*arguments, **own) -> PointSession:
    return PointSession(config_of(*arguments, **own))


def after(session: PointSession, steps: int) -> PointSession:
    for _ in range(steps):
        session.step()
    return session


def assert_equal(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


@pytest.mark.parametrize("config", [
    config_of(), config_of("unrolled"), config_of("nonsaturating", COMPARING),
    config_of("quick", {"lr_end": 0.1, "instance_noise": 0.2}, ema_images=300, seed=7),
], ids=["quick", "unrolled", "comparing", "scheduled"])  # fmt: skip
def test_its_steps_are_those_of_a_run_bit_for_bit(config, tmp_path):
    *_, last = train(config, out=tmp_path)
    session = PointSession(config)
    for _ in range(config.steps):
        session.frame()
        session.step()
    assert_equal(session.trainer.g_ema.state_dict(), read_generator(tmp_path).state_dict())
    assert np.array_equal(session.samples(len(last.samples)), last.samples)


def test_more_frames_change_nothing():
    often, never = session_of("nonsaturating", COMPARING), session_of("nonsaturating", COMPARING)
    for _ in range(5):
        often.step()
        often.frame(measured=True)
        often.frame()
    assert_equal(state_of(often.trainer), state_of(after(never, 5).trainer))


@pytest.mark.parametrize("arguments", [("quick",), ("nonsaturating", COMPARING)], ids=str)
def test_a_step_in_frames_is_a_step(arguments):
    slow, quick = session_of(*arguments), session_of(*arguments)
    after(slow, 2), after(quick, 2)
    before, middle, done = slow.step_in_frames()
    quick.step()
    assert_equal(state_of(slow.trainer), state_of(quick.trainer))
    halves = [(frame.step, frame.half) for frame in (before, middle, done)]
    assert halves == [(2, ""), (2, "d"), (3, "")]
    # In the middle D has learnt already, and G has not.
    assert np.array_equal(before.fakes, middle.fakes)
    assert not np.array_equal(before.surface, middle.surface)
    assert not np.array_equal(middle.fakes, done.fakes)
    assert math.isfinite(middle.means["d_loss"]) and math.isnan(middle.means["g_loss"])
    assert math.isfinite(done.means["g_loss"]) and math.isnan(done.means["d_loss"])
    assert slow.trainer.after_d is None


def test_halves_move_one_player_and_do_not_count():
    session = after(session_of(), 1)
    for player, other in (("d", "g"), ("g", "d")):
        before = {name: value.clone() for name, value in state_of(session.trainer).items()}
        session.step_of(player)
        now = state_of(session.trainer)
        moved = {name.split(".")[0] for name in now if not torch.equal(now[name], before[name])}
        assert player in moved and other not in moved
        assert (session.steps, session.frame().half) == (1, player)
    session.step()
    assert (session.steps, session.frame().half) == (2, "")


def test_a_seed_gives_the_same_first_frame():
    one, same, other = (session_of(seed=seed).frame() for seed in (3, 3, 4))
    for name in ("fakes", "scores", "pulls", "surface", "grid"):
        assert np.array_equal(getattr(one, name), getattr(same, name)), name
        assert not np.array_equal(getattr(one, name), getattr(other, name)), name


def test_a_frame_shows_the_networks_as_they_are():
    session = after(session_of(), 3)
    frame, g, d = session.frame(), session.trainer.g_ema, session.trainer.d
    assert np.array_equal(frame.fakes, g(seed_latents(range(FAKES), 2)).detach())
    assert np.allclose(frame.scores, d(torch.from_numpy(frame.fakes)).sigmoid().detach(), atol=1e-4)
    seen = 255 * surface(d, tuple(session.corner), session.side, CELLS)
    assert np.abs(frame.surface - seen.numpy()).max() <= 0.51
    assert (frame.surface.dtype, frame.grid.shape) == (np.uint8, (21, 21, 2))
    assert session_of(z_dim=3).frame().grid.size == 0
    assert math.isnan(session_of().frame().means["d_loss"])


def test_a_d_with_minibatch_layers_sees_no_more_points_than_a_batch(monkeypatch):
    session, counts = session_of("minibatch_discrimination", batch=100), []
    forward = session.trainer.d.forward
    monkeypatch.setattr(session.trainer.d, "forward", lambda x: counts.append(len(x)) or forward(x))
    session.frame()
    # As many at a time as nearly as can be: none stands alone.
    assert min(counts) >= 90 and max(counts) <= 100


def test_other_settings_go_on_from_the_same_weights():
    session = after(session_of(), 3)
    before = {name: value.clone() for name, value in state_of(session.trainer).items()}
    session.change(config_of("nonsaturating", {"optimiser": "rmsprop"}, g_lr=0.01))
    assert session.steps == 3
    assert_equal(session.trainer.g.state_dict(), {k[2:]: v for k, v in before.items() if k[:2] == "g."})
    assert session.trainer.g_optim.param_groups[0]["lr"] == 0.01
    assert after(session, 1).steps == 4


def test_the_same_settings_change_nothing():
    session = after(session_of(), 3)
    session.change(config_of())
    assert_equal(state_of(after(session, 3).trainer), state_of(after(session_of(), 6).trainer))


@pytest.mark.parametrize("other", [
    config_of(data="moons"), config_of(seed=1), config_of(limit=300), config_of(width=8),
    config_of(z_dim=3), config_of(changes={"activation": "tanh"}),
    config_of(changes={"noise": "uniform"}), config_of(changes={"depth": 2}),
    config_of(changes={"minibatch_stddev": True}),
], ids=["data", "seed", "limit", "width", "z", "activation", "noise", "depth", "stddev"])  # fmt: skip
def test_other_networks_or_data_need_a_new_session(other):
    session = after(session_of(), 2)
    trainer = session.trainer
    with pytest.raises(RestartNeeded, match=r"\.$"):
        session.change(other)
    assert session.trainer is trainer and session.config.seed == 0


def test_infinite_numbers_end_a_session():
    session = session_of("nonsaturating")
    after(session, 2)
    with torch.no_grad():
        session.trainer.g_ema.layers[0].weight[0, 0] = math.nan
    finding = session.frame(measured=True).findings[0]
    assert (finding.kind, finding.step, session.over) == ("diverged", 2, True)
    session.step(), session.step_of("d")
    assert session.steps == 2
    assert len([each for each in session.frame().findings if each.kind == "diverged"]) == 1


def test_own_points_are_fitted_and_judged_by():
    session = PointSession(config_of(data="own.csv"), SQUARE)
    assert session.real.tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    frame = after(session, 2).frame(measured=True)
    assert np.isfinite(frame.fakes).all() and frame.quality.covered is None
    with pytest.raises(ValueError, match="All points are the same"):
        PointSession(config_of(data="own.csv"), SQUARE[:1])


def test_pictures_are_not_for_the_playground(tiny):
    with pytest.raises(ValueError, match="shapes is not a cloud of points"):
        PointSession(tiny())


def test_measuring_takes_a_small_share_of_the_time():
    session = session_of()
    assert session.frame().quality is not None
    assert session.frame().quality is None
    assert session.frame(measured=True).quality is not None
