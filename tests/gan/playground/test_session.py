"""A game that goes on as someone asks: the steps of a run, and nothing that looking would change."""

import math

import numpy as np
import pytest
import torch

from gan.latent.vectors import seed_latents
from gan.models.storage import read_generator
from gan.playground.session import CELLS, FAKES, OtherGame, PointSession
from gan.playground.views import surface
from gan.settings.config import TrainConfig
from gan.training.loop import train
from gan.training.trainer_state import state_of

COMPARING = {"spectral_norm": True, "minibatch_stddev": True}  # what a look at D might change
SQUARE = np.array([[10.0, 20.0], [30.0, 20.0], [30.0, 40.0], [10.0, 40.0]])


def config_of(method: str = "quick", changes: dict | None = None, **own) -> TrainConfig:
    small = {"data": "ring", "steps": 30, "limit": 400, "width": 16, "batch": 32, **own}
    return TrainConfig(method=method, changes=changes or {}, **small)


def game_of(*arguments, **own) -> PointSession:
    return PointSession(config_of(*arguments, **own))


def after(game: PointSession, steps: int) -> PointSession:
    for _ in range(steps):
        game.step()
    return game


def assert_equal(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


@pytest.mark.parametrize("config", [
    config_of(), config_of("unrolled"), config_of("nonsaturating", COMPARING),
    config_of("quick", {"lr_end": 0.1, "instance_noise": 0.2}, ema_images=300, seed=7),
], ids=["quick", "unrolled", "comparing", "scheduled"])  # fmt: skip
def test_its_steps_are_those_of_a_run_bit_for_bit(config, tmp_path):
    *_, last = train(config, out=tmp_path)
    game = PointSession(config)
    for _ in range(config.steps):
        game.frame()
        game.step()
    assert_equal(game.trainer.g_ema.state_dict(), read_generator(tmp_path).state_dict())
    assert np.array_equal(game.samples(len(last.samples)), last.samples)


def test_looking_more_often_changes_nothing():
    often, never = game_of("nonsaturating", COMPARING), game_of("nonsaturating", COMPARING)
    for _ in range(5):
        often.step()
        often.frame(measured=True)
        often.frame()
    assert_equal(state_of(often.trainer), state_of(after(never, 5).trainer))


@pytest.mark.parametrize("arguments", [("quick",), ("nonsaturating", COMPARING)], ids=str)
def test_a_slow_step_is_a_step(arguments):
    slow, quick = game_of(*arguments), game_of(*arguments)
    after(slow, 2), after(quick, 2)
    before, middle, done = slow.slowly()
    quick.step()
    assert_equal(state_of(slow.trainer), state_of(quick.trainer))
    assert [(frame.step, frame.half) for frame in (before, middle, done)] == [
        (2, ""),
        (2, "d"),
        (3, ""),
    ]
    # In the middle D has learnt already, and G has not.
    assert np.array_equal(before.fakes, middle.fakes)
    assert not np.array_equal(before.surface, middle.surface)
    assert not np.array_equal(middle.fakes, done.fakes)
    assert math.isfinite(middle.means["d_loss"]) and math.isnan(middle.means["g_loss"])
    assert math.isfinite(done.means["g_loss"]) and math.isnan(done.means["d_loss"])
    assert slow.trainer.between is None


def test_halves_move_one_player_and_do_not_count():
    game = after(game_of(), 1)
    for player, other in (("d", "g"), ("g", "d")):
        before = {name: value.clone() for name, value in state_of(game.trainer).items()}
        game.step_of(player)
        now = state_of(game.trainer)
        moved = {name.split(".")[0] for name in now if not torch.equal(now[name], before[name])}
        assert player in moved and other not in moved
        assert (game.steps, game.frame().half) == (1, player)
    game.step()
    assert (game.steps, game.frame().half) == (2, "")


def test_a_seed_gives_the_same_first_frame():
    one, same, other = (game_of(seed=seed).frame() for seed in (3, 3, 4))
    for name in ("fakes", "scores", "pulls", "surface", "grid"):
        assert np.array_equal(getattr(one, name), getattr(same, name)), name
        assert not np.array_equal(getattr(one, name), getattr(other, name)), name


def test_a_frame_shows_the_networks_as_they_are():
    game = after(game_of(), 3)
    frame, g, d = game.frame(), game.trainer.g_ema, game.trainer.d
    assert np.array_equal(frame.fakes, g(seed_latents(range(FAKES), 2)).detach())
    assert np.allclose(frame.scores, d(torch.from_numpy(frame.fakes)).sigmoid().detach(), atol=1e-4)
    seen = 255 * surface(d, tuple(game.corner), game.side, CELLS)
    assert np.abs(frame.surface - seen.numpy()).max() <= 0.51
    assert (frame.surface.dtype, frame.grid.shape) == (np.uint8, (21, 21, 2))
    assert game_of(z_dim=3).frame().grid.size == 0
    assert math.isnan(game_of().frame().means["d_loss"])


def test_a_judge_that_compares_is_shown_no_more_points_than_a_batch(monkeypatch):
    game, counts = game_of("minibatch_discrimination", batch=100), []
    forward = game.trainer.d.forward
    monkeypatch.setattr(game.trainer.d, "forward", lambda x: counts.append(len(x)) or forward(x))
    game.frame()
    # As many at a time as nearly as can be: none stands alone.
    assert min(counts) >= 90 and max(counts) <= 100


def test_other_settings_go_on_from_the_same_weights():
    game = after(game_of(), 3)
    before = {name: value.clone() for name, value in state_of(game.trainer).items()}
    game.change(config_of("nonsaturating", {"optimiser": "rmsprop"}, g_lr=0.01))
    assert game.steps == 3
    assert_equal(game.trainer.g.state_dict(), {k[2:]: v for k, v in before.items() if k[:2] == "g."})
    assert game.trainer.g_optim.param_groups[0]["lr"] == 0.01
    assert after(game, 1).steps == 4


def test_the_same_settings_change_nothing():
    game = after(game_of(), 3)
    game.change(config_of())
    assert_equal(state_of(after(game, 3).trainer), state_of(after(game_of(), 6).trainer))


@pytest.mark.parametrize("other", [
    config_of(data="moons"), config_of(seed=1), config_of(limit=300), config_of(width=8),
    config_of(z_dim=3), config_of(changes={"activation": "tanh"}),
    config_of(changes={"noise": "uniform"}), config_of(changes={"depth": 2}),
    config_of(changes={"minibatch_stddev": True}),
], ids=["data", "seed", "limit", "width", "z", "activation", "noise", "depth", "stddev"])  # fmt: skip
def test_other_networks_or_data_are_another_game(other):
    game = after(game_of(), 2)
    trainer = game.trainer
    with pytest.raises(OtherGame, match=r"\.$"):
        game.change(other)
    assert game.trainer is trainer and game.config.seed == 0


def test_infinite_numbers_end_a_game():
    game = game_of("nonsaturating")
    after(game, 2)
    with torch.no_grad():
        game.trainer.g_ema.layers[0].weight[0, 0] = math.nan
    finding = game.frame(measured=True).findings[0]
    assert (finding.kind, finding.step, game.over) == ("diverged", 2, True)
    game.step(), game.step_of("d")
    assert game.steps == 2
    assert len([each for each in game.frame().findings if each.kind == "diverged"]) == 1


def test_own_points_are_fitted_and_judged_by():
    game = PointSession(config_of(data="own.csv"), SQUARE)
    assert game.real.tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    frame = after(game, 2).frame(measured=True)
    assert np.isfinite(frame.fakes).all() and frame.quality.covered is None
    with pytest.raises(ValueError, match="All points are the same"):
        PointSession(config_of(data="own.csv"), SQUARE[:1])


def test_pictures_are_not_for_the_playground(tiny):
    with pytest.raises(ValueError, match="shapes is not a cloud of points"):
        PointSession(tiny())


def test_measuring_takes_a_small_share_of_the_time():
    game = game_of()
    assert game.frame().quality is not None
    assert game.frame().quality is None
    assert game.frame(measured=True).quality is not None
