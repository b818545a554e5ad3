"""Health signs, where their values are known."""

import math

import numpy as np
import pytest
import torch

from gan.data.image_tensors import to_float
from gan.training.batch import Batch
from gan.training.dataset import hold_out, load_data
from gan.training.diagnosis import diagnose
from gan.training.health import HealthProbe, _perplexity
from gan.training.loop import HEALTH_EVERY
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import state_of


@pytest.fixture
def probed(tiny):
    """make(**changed): (trainer on shapes, its health probe)."""

    def make(**changed) -> tuple[Trainer, HealthProbe]:
        config = resolve(tiny(limit=200, **changed))
        train, held = hold_out(load_data(config))
        trainer = Trainer(config, train.pixels, torch.device("cpu"), train.labels)
        return trainer, HealthProbe(trainer, Batch(to_float(held.pixels), held.labels))

    return make


def test_the_effective_number_by_hand():
    others = torch.tensor([[0.0], [10.0], [20.0], [30.0]])
    same = torch.tensor([[19.0], [21.0], [20.0]])
    assert _perplexity(same, others) == pytest.approx(1)
    assert _perplexity(others + 1, others) == pytest.approx(4)
    # Three quarters and a quarter.
    mixed = torch.tensor([[1.0], [2.0], [0.0], [29.0]])
    by_hand = math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))
    assert _perplexity(mixed, others) == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("method", ["quick", "sngan", "conditional", "progressive"])
def test_measuring_leaves_no_trace(probed, method):
    trainer, probe = probed(method=method, z_dim=16)
    trainer.step(0.0)
    before = {name: value.clone() for name, value in state_of(trainer).items()}
    buffers = [buffer.clone() for buffer in trainer.d.buffers()]
    probe.measure()
    assert all(torch.equal(value, before[name]) for name, value in state_of(trainer).items())
    assert all(map(torch.equal, buffers, trainer.d.buffers()))
    assert trainer.g.training
    assert trainer.d.training


def test_fakes_that_are_all_alike_have_next_to_no_variety(probed):
    trainer, probe = probed()
    for parameter in trainer.g.layers.parameters():
        torch.nn.init.zeros_(parameter)
    assert probe.measure().variety == pytest.approx(0, abs=1e-4)


def test_real_pictures_have_all_the_variety(probed):
    trainer, probe = probed()
    pictures = probe.held.images
    trainer.g.forward = lambda z, labels=None: pictures
    assert probe.measure().variety == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("method", "logit", "loss_slope"),
    [
        ("nonsaturating", -8.0, 1 / (1 + math.exp(-8))), ("nonsaturating", 8.0, 1 / (1 + math.exp(8))),
        ("minimax", -8.0, 1 / (1 + math.exp(8))), ("hinge", -8.0, 1.0), ("lsgan", -8.0, 9.0),
    ],
)  # fmt: skip
def test_the_loss_slope_is_the_part_of_the_gradient_that_reaches_g(probed, method, logit, loss_slope):
    trainer, probe = probed(method=method)
    torch.nn.init.zeros_(trainer.d.head.weight)
    torch.nn.init.constant_(trainer.d.head.bias, logit)
    signs = probe.measure()
    assert signs.loss_slope == pytest.approx(loss_slope, rel=1e-3)
    assert (signs.logit_gap, signs.logit_std, signs.logit_range) == pytest.approx((0, 0, 0), abs=1e-5)
    assert signs.d_train == pytest.approx(1 / (1 + math.exp(-logit)), rel=1e-4)
    assert signs.sign_train == np.sign(logit)


def test_fakes_that_stand_still_do_not_move_and_others_do(probed):
    trainer, probe = probed()
    assert math.isnan(probe.measure().movement)
    trainer.steps += 100
    assert probe.measure().movement == 0
    trainer.steps += 100
    torch.nn.init.normal_(trainer.g.dense.weight, std=5.0)
    assert probe.measure().movement > 0.3


def test_held_out_pictures_are_never_trained_on(tiny):
    config = resolve(tiny(limit=200))
    images = load_data(config)
    train, held = hold_out(images)
    assert (len(train), len(held)) == (180, 20)
    rows = {tuple(row) for row in train.pixels.flatten(1).tolist()}
    everything = {tuple(row) for row in images.pixels.flatten(1).tolist()}
    others = {tuple(row) for row in held.pixels.flatten(1).tolist()}
    assert not rows & others
    assert rows | others == everything
    assert torch.equal(hold_out(images)[1].pixels, held.pixels)


def test_a_tiny_dataset_is_not_thinned(tiny):
    images = load_data(resolve(tiny(limit=79)))
    assert hold_out(images) == (images, images)


def test_a_d_that_wins_at_minimax_is_diagnosed(probed):
    """A real run: the gradient vanishes within a hundred steps, and the diagnosis says so."""
    trainer, probe = probed(method="minimax", n_critic=3, g_lr=1e-5, d_lr=3e-3, width=8)
    history = []
    for _ in range(200):
        trainer.step(0.0)
        if trainer.steps % HEALTH_EVERY == 0:
            history.append(probe.measure())
    assert [finding.kind for finding in diagnose(history)] == ["vanishing"]
