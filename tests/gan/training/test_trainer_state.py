"""What a trainer has learnt, carried into one that learns otherwise."""

import pytest
import torch

from gan.settings.config import TrainConfig
from gan.training.checkpoint import restore_run, save_run
from gan.training.dataset import load_data
from gan.training.point_trainer import PointTrainer, trainer_for
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import carry_over, state_of

# What makes networks of another shape, and what is said of it.
SHAPING = [
    ({"width": 8}, "width"),
    ({"d_width": 8}, "d_width"),
    ({"z_dim": 3}, "z_dim"),
    ({"depth": 2}, "depth"),
    ({"d_depth": 4}, "d_depth"),
    ({"d_norm": "batch"}, "d_norm"),
    ({"spectral_norm": True}, "spectral_norm"),
    ({"minibatch_stddev": True}, "minibatch_stddev"),
    ({"minibatch_discrimination": 4}, "minibatch_discrimination"),
    ({"depth": 2, "width": 8, "r1": 1.0}, "width and depth"),
]


def config_of(method: str = "nonsaturating", **changed) -> TrainConfig:
    shape = {"width": 16, "d_width": 16, "batch": 24, "limit": 300, "steps": 20}
    own = {name: changed.pop(name) for name in list(changed) if hasattr(TrainConfig, name)}
    return resolve(TrainConfig("ring", method, **shape | own, changes=changed))


def make(*method: str, kind=trainer_for, **changed) -> Trainer:
    config = config_of(*method, **changed)
    pixels = load_data(config).pixels.to(torch.get_default_dtype())
    return kind(config, pixels, torch.device("cpu"))


def learnt(*method: str, **changed) -> Trainer:
    trainer = make(*method, **changed)
    for _ in range(4):
        trainer.step(0.0)
    return trainer


def copies(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in state_of(trainer).items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("method", ["nonsaturating", "wgan", "historical_averaging", "wgan_gp"])
def test_carried_over_to_the_same_settings_it_goes_on_bit_for_bit(method):
    old, new = learnt(method), make(method)
    carry_over(old, new)
    assert same(copies(old), copies(new))
    for trainer in (old, new):
        trainer.step(0.5)
    assert same(copies(old), copies(new))


@pytest.mark.parametrize(
    "changed",
    [
        {"g_lr": 1e-2, "d_lr": 1e-4}, {"batch": 64}, {"n_critic": 3}, {"loss": "hinge"}, {"r1": 1.0},
        {"ema_images": 500}, {"beta1": 0.9}, {"activation": "tanh"}, {"noise": "uniform"},
    ],
    ids=str,
)  # fmt: skip
def test_all_that_was_learnt_is_kept_by_other_ways_to_learn(changed):
    old, new = learnt(), make(**changed)
    carry_over(old, new)
    before = copies(old)
    assert same(before, copies(new))
    assert new.images == 4 * 24
    new.step(0.5)
    assert not same(before, copies(new))
    assert same(before, copies(old))
    assert (new.steps, new.images) == (5, 4 * 24 + new.config.n_critic * new.config.batch)


@pytest.mark.usefixtures("float64")
def test_the_plain_and_the_written_out_step_take_over_from_each_other():
    old = learnt()
    plain = make(spectral_norm=False, vat=0.1)
    carry_over(old, plain)
    assert (type(old), type(plain)) == (PointTrainer, Trainer)
    plain.step(0.5)
    again = make()
    carry_over(plain, again)
    assert same(copies(plain), copies(again))
    twin = make(kind=Trainer)
    carry_over(plain, twin)
    for trainer in (again, twin):
        trainer.step(0.5)
    assert torch.allclose(again.g(again.pixels[:9]), twin.g(again.pixels[:9]), atol=1e-9)


def test_another_optimiser_begins_anew_and_its_run_can_be_saved_at_once(tmp_path):
    old, new, back = learnt(), make(optimiser="rmsprop"), make(optimiser="rmsprop")
    carry_over(old, new)
    assert not new.g_optim.state and not new.d_optim.state
    kept = {name: value for name, value in copies(old).items() if "_optim." not in name}
    assert same(kept, copies(new))
    save_run(tmp_path, new, 0.0)
    restore_run(tmp_path, back)
    for trainer in (new, back):
        trainer.step(0.5)
    assert same(copies(new), copies(back))


def test_what_was_in_the_new_trainer_does_not_stay():
    old, new = make(), learnt()
    carry_over(old, new)
    assert same(copies(old), copies(new))
    assert not new.g_optim.state


def test_the_past_of_historical_averaging_begins_now_or_is_dropped():
    plain, with_past = learnt(), make(historical=0.1)
    carry_over(plain, with_past)
    for name in ("g", "d"):
        weights = list(getattr(plain, name).parameters())
        assert all(map(torch.equal, with_past.past[name], weights))
    assert not any(mean.requires_grad for mean in with_past.past["g"])
    with_past.step(0.5)
    without = make()
    carry_over(with_past, without)
    kept = {name: value for name, value in copies(with_past).items() if not name.startswith("past.")}
    assert same(kept, copies(without))


@pytest.mark.parametrize(("changed", "names"), SHAPING, ids=str)
def test_other_networks_are_refused_by_the_choices_that_ask_for_them(changed, names):
    old, new = learnt(), make(**changed)
    before = copies(new)
    said = rf"^Setting {names} otherwise changes the networks: start again for it\.$"
    with pytest.raises(ValueError, match=said):
        carry_over(old, new)
    assert same(before, copies(new))


def test_pictures_of_another_size_are_refused(tiny):
    small, large = (resolve(tiny(size=size)) for size in (32, 64))
    trainers = [Trainer(c, load_data(c).pixels, torch.device("cpu")) for c in (small, large)]
    with pytest.raises(ValueError, match=r"^Data of another kind changes the networks"):
        carry_over(*trainers)
