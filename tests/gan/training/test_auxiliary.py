"""The auxiliary classifier: its loss, what learns from it, and its place in checkpoints."""

import math

import pytest
import torch

from gan.settings.config import TrainConfig
from gan.training.checkpoint import restore_run, save_run
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import state_of

PIXELS = torch.randint(
    0, 256, (40, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
)
LABELS = torch.arange(40) % 4


def make(labels=LABELS, precision="float32", **changes) -> Trainer:
    config = TrainConfig(
        "shapes", "quick", width=8, d_width=8, batch=8, steps=6, precision=precision, changes=changes
    )
    return Trainer(resolve(config), PIXELS, torch.device("cpu"), labels)


def steps(trainer: Trainer, count: int) -> Trainer:
    for _ in range(count):
        trainer.step(trainer.steps / 6)
    return trainer


def test_the_loss_is_the_weighted_cross_entropy():
    auxiliary = make(auxiliary=0.5).auxiliary
    with torch.no_grad():
        auxiliary.net.weight.zero_()
        auxiliary.net.bias.copy_(torch.tensor([math.log(3.0), 0.0, 0.0, 0.0]))
    features = torch.ones(1, auxiliary.net.in_features)
    # Softmax of (ln 3, 0, 0, 0) is (1/2, 1/6, 1/6, 1/6).
    assert float(auxiliary.loss(features, torch.tensor([0])).detach()) == pytest.approx(
        0.5 * math.log(2)
    )
    assert float(auxiliary.loss(features, torch.tensor([2])).detach()) == pytest.approx(
        0.5 * math.log(6)
    )


def test_colour_with_classes_has_one_and_nothing_else_does():
    assert make().auxiliary.weight == 0.3
    assert make(labels=None).auxiliary is None
    assert make(auxiliary=0.0).auxiliary is None
    assert make(labels=None, auxiliary=2.0).auxiliary is None


def test_it_learns_of_real_pictures_and_g_learns_of_it():
    with_it, without = steps(make(), 1), steps(make(auxiliary=0.0), 1)
    gradients = [
        torch.cat([each.grad.flatten() for each in trainer.g.parameters() if each.grad is not None])
        for trainer in (with_it, without)
    ]
    assert not torch.allclose(*gradients)
    before = with_it.auxiliary.net.weight.clone()
    real, fake = with_it._real(), with_it._fake()
    with_it._update_g(real, fake)
    assert torch.equal(with_it.auxiliary.net.weight, before)
    with_it._update_d(real, fake)
    assert not torch.equal(with_it.auxiliary.net.weight, before)


def test_g_learns_of_it_without_an_adversarial_loss_too():
    with_it, without = (
        make(adversarial=0.0, feature_matching=1.0, auxiliary=weight) for weight in (2.0, 0.0)
    )
    losses = [
        float(trainer._g_loss(trainer._real(), trainer._fake())) for trainer in (with_it, without)
    ]
    assert losses[0] > losses[1]


def test_it_tells_real_classes_after_some_steps():
    """Each class is of one colour: a classifier that learns from their features names nearly all."""
    colours = torch.tensor([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], dtype=torch.uint8)
    pixels = colours[LABELS][:, :, None, None].expand(-1, -1, 32, 32).contiguous()
    config = TrainConfig("shapes", "quick", width=8, d_width=8, batch=16, steps=60, precision="float32")
    trainer = steps(Trainer(resolve(config), pixels, torch.device("cpu"), LABELS), 60)
    trainer.d.eval()
    with torch.no_grad():
        images = trainer._real()
        _, features = trainer.d.judged(images.images, labels=images.labels)
        right = (trainer.auxiliary.net(features).argmax(1) == images.labels).float().mean()
    assert right >= 0.75


def test_a_resumed_run_is_the_same_bit_for_bit(tmp_path):
    whole = steps(make(), 6)
    half = steps(make(), 3)
    save_run(tmp_path, half, 1.0)
    resumed = make()
    restore_run(tmp_path, resumed)
    found, wanted = state_of(steps(resumed, 3)), state_of(whole)
    assert "auxiliary.weight" in wanted and "auxiliary_optim.weight.exp_avg" in wanted
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], value) for name, value in wanted.items())


def test_a_checkpoint_from_before_goes_on_with_a_new_one(tmp_path):
    save_run(tmp_path, steps(make(auxiliary=0.0), 2), 1.0)
    resumed = make()
    restore_run(tmp_path, resumed)
    assert resumed.steps == 2
    steps(resumed, 1)
