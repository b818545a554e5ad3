"""The step with hand-written gradients gives what autograd gives."""

import dataclasses
import math

import pytest
import torch

from gan.settings.catalogue import METHODS
from gan.settings.config import TrainConfig
from gan.settings.hyperparameters import CHOICES
from gan.training.dataset import load_data
from gan.training.point_trainer import AUTOGRAD_ONLY, PointTrainer, has_manual_gradients, trainer_for
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import put_state, state_of

CHANGES = [
    {"r1": 0.3, "r2": 0.7, "penalty_every": 3},
    {"loss": "relativistic", "r2": 0.1},
    {"g_steps": 3, "confidence": 0.2},
    {"real_label": 0.9, "fake_label": 0.1, "beta1": 0.0},
    {"loss": "wasserstein", "weight_clip": 0.05, "optimiser": "rmsprop", "adversarial": 0.5},
    {"lr_half": 500, "lr_end": 0.1, "loss": "hinge"},
    {"activation": "relu", "r1": 0.3, "r2": 0.1},
    {"noise": "uniform"},
    {"depth": 1, "r1": 0.3},
    {"depth": 4, "activation": "relu", "noise": "uniform", "r2": 0.3},
    {"depth": 2, "d_depth": 5, "r1": 0.3},
]


def config_of(method: str, **changes) -> TrainConfig:
    shape = {"width": 16, "batch": 24, "limit": 300, "ema_images": 500, "steps": 20}
    return resolve(TrainConfig(data="ring", method=method, **shape, changes=changes))


def on_points() -> list[str]:
    return [name for name, method in METHODS.items() if method.points is not None]


def both(config: TrainConfig) -> tuple[Trainer, PointTrainer]:
    pixels = load_data(config).pixels.to(torch.get_default_dtype())
    plain, written = (kind(config, pixels, torch.device("cpu")) for kind in (Trainer, PointTrainer))
    return plain, written


def assert_same(plain: Trainer, written: PointTrainer, steps: int) -> None:
    for k in range(steps):
        plain.step(k / steps)
        written.step(k / steps)
    ours, theirs = state_of(written), state_of(plain)
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        if value.is_floating_point():
            scale = value.abs().max().item()
            # Adam makes steps of 1e-12 and more of a gradient that is 0 but for its rounding.
            least = 1e-12 if "exp_avg" in name else 1e-9
            one, other = ours[name].double(), value.double()  # the count of steps is of either type
            assert torch.allclose(one, other, rtol=1e-7, atol=1e-9 * scale + least), name
        else:
            assert torch.equal(ours[name], value), name
    assert written.gradient_norms() == pytest.approx(plain.gradient_norms(), rel=1e-7)
    assert written.take_means() == pytest.approx(plain.take_means(), rel=1e-8, abs=1e-10)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", on_points())
def test_every_method_gives_the_same_numbers_or_trains_by_autograd(name):
    config = config_of(name)
    trainer = trainer_for(config, load_data(config).pixels, torch.device("cpu"))
    assert type(trainer) is (PointTrainer if has_manual_gradients(config) else Trainer)
    if has_manual_gradients(config):
        assert_same(*both(config), steps=12)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_choices_with_manual_gradients_give_the_same_numbers(changes):
    config = config_of("nonsaturating", **changes)
    assert has_manual_gradients(config)
    assert_same(*both(config), steps=8)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("half", ["d", "g"])
def test_half_steps_give_the_same_numbers(half):
    plain, written = both(config_of("r1", g_steps=2, penalty_every=3))
    for trainer in (plain, written):
        trainer.step(0.0)
        for _ in range(3):
            trainer.step(0.0, **{half: False})
    assert_same(plain, written, steps=2)


def test_a_step_moves_both_networks():
    _, written = both(config_of("nonsaturating"))
    assert all(map(math.isnan, written.gradient_norms()))
    before = state_of(written)
    before = {name: value.clone() for name, value in before.items()}
    written.step(0.0)
    after = state_of(written)
    for net in (written.g, written.d):
        name = "g" if net is written.g else "d"
        assert all(
            not torch.equal(after[f"{name}.{key}"], before[f"{name}.{key}"]) for key in net.state_dict()
        )


@pytest.mark.usefixtures("float64")
def test_a_run_of_one_kind_goes_on_as_the_other():
    plain, written = both(config_of("r1"))
    for _ in range(3):
        plain.step(0.0)
    plain.take_means()
    put_state(written, {name: value.clone() for name, value in state_of(plain).items()})
    assert_same(plain, written, steps=4)


@pytest.mark.parametrize("name", AUTOGRAD_ONLY)
def test_a_choice_without_manual_gradients_trains_by_autograd(name):
    # Of each, a method or a change that switches it on.
    users = {
        "spectral_norm": {"spectral_norm": True}, "minibatch_stddev": {"minibatch_stddev": True},
        "minibatch_discrimination": {"minibatch_discrimination": 4},
        "feature_matching": {"feature_matching": 1.0}, "vat": {"vat": 1.0}, "slope": {"slope": 1.0},
        "historical": {"historical": 1.0}, "unroll": {"unroll": 2}, "orthogonal": {"orthogonal": 1e-4},
        "instance_noise": {"instance_noise": 0.1},
    }  # fmt: skip
    config = config_of("nonsaturating", **users[name])
    trainer = trainer_for(config, load_data(config).pixels, torch.device("cpu"))
    assert type(trainer) is Trainer
    trainer.step(0.0)


def test_every_choice_has_manual_gradients_or_trains_by_autograd():
    elsewhere = {  # handled by networks, optimisers, data and the shared part of the step
        "model", "width", "d_width", "z_dim", "depth", "d_depth", "noise", "labels",
        "optimiser", "g_lr", "d_lr", "beta1", "beta2", "lr_end",
        "lr_half", "batch", "ema_images", "n_critic", "g_steps", "noise_until",
    }  # fmt: skip
    here = {
        "loss", "real_label", "fake_label", "adversarial", "confidence", "r1", "r2", "penalty_every",
        "weight_clip", "activation",
    }  # fmt: skip
    # Without meaning for points, or used by AUTOGRAD_ONLY alone.
    nothing = {
        "g_norm",
        "d_norm",
        "precision",
        "augment",
        "auxiliary",
        "freeze_d",
        "vat_radius",
        "slope_at",
    }
    assert elsewhere | here | nothing | set(AUTOGRAD_ONLY) == set(CHOICES)


def test_tanh_batch_normalisation_and_pictures_train_by_autograd(tiny):
    assert not has_manual_gradients(config_of("nonsaturating", activation="tanh"))
    assert not has_manual_gradients(config_of("nonsaturating", d_norm="batch"))
    assert not has_manual_gradients(
        dataclasses.replace(config_of("nonsaturating"), precision="bfloat16")
    )
    assert not has_manual_gradients(resolve(tiny(method="nonsaturating")))
