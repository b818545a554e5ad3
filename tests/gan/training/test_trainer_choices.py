"""What each choice of a method changes in the step, one by one."""

import copy
import math

import pytest
import torch

from gan.settings.config import TrainConfig
from gan.training import added_penalties, penalties
from gan.training import trainer as trainer_module
from gan.training.augment import add_noise, augment
from gan.training.dataset import load_data
from gan.training.resolve import resolve
from gan.training.trainer import Trainer


@pytest.fixture
def trainer(tiny):
    """make(**changed): a trainer on shapes, ready for its first step."""

    def make(**changed) -> Trainer:
        config = resolve(tiny(**changed))
        images = load_data(config)
        return Trainer(config, images.pixels, torch.device("cpu"), images.labels)

    return make


def weights(net: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in net.parameters()])


def test_weights_are_clipped_after_every_update_of_d(trainer):
    t = trainer(method="wgan", changes={"weight_clip": 0.015})
    assert weights(t.d).abs().max() > 0.5  # the scales of batch normalisation start at 1
    t.step(0.0)
    assert weights(t.d).abs().max() == pytest.approx(0.015)
    assert weights(t.g).abs().max() > 0.5


def test_wgan_learns_by_rmsprop(trainer):
    t = trainer(method="wgan", n_critic=1, changes={"weight_clip": 10})
    before = {name: p.detach().clone() for name, p in t.d.named_parameters()}
    t.step(0.0)
    for name, p in t.d.named_parameters():
        # After one update the mean square is (1 - α) g².
        expected = before[name] - t.config.d_lr * p.grad / ((0.01 * p.grad.square()).sqrt() + 1e-8)
        assert torch.allclose(p, expected, atol=1e-6), name


def test_g_may_learn_more_often_than_d(trainer):
    t = trainer(method="dcgan", changes={"g_steps": 3})
    seen = []
    update = t._update_g
    t._update_g = lambda real, fake: seen.append(fake.images) or update(real, fake)
    t.step(0.0)
    assert {int(state["step"]) for state in t.g_optim.state.values()} == {3}
    assert {int(state["step"]) for state in t.d_optim.state.values()} == {1}
    assert not torch.equal(seen[0], seen[1])


def test_learning_rates_fall_by_images_and_by_the_budget(trainer):
    t = trainer(changes={"lr_half": 100, "lr_end": 0.5}, g_lr=4e-3, d_lr=2e-3, batch=25)
    for images, progress, share in (
        (0, 0.0, 1),
        (100, 0.0, 1 / 2),
        (100, 1.0, 1 / 4),
        (300, 0.5, 3 / 16),
    ):
        t.images = images
        t._schedule(progress)
        assert t.g_optim.param_groups[0]["lr"] == pytest.approx(4e-3 * share)
        assert t.d_optim.param_groups[0]["lr"] == pytest.approx(2e-3 * share)


def test_noise_fades_and_is_gone_in_time(trainer):
    t = trainer(method="instance_noise", changes={"instance_noise": 0.4, "noise_until": 0.5})
    for progress, sigma in ((0.0, 0.4), (0.25, 0.2), (0.5, 0.0), (1.0, 0.0)):
        t._schedule(progress)
        assert t.sigma == pytest.approx(sigma)
    t._schedule(0.0)
    images = torch.zeros(50, 1, 32, 32)
    assert t.augmented(images).std().item() == pytest.approx(0.4, rel=0.02)
    t._schedule(0.7)
    assert t.augmented(images) is images


def test_d_and_g_see_augmented_pictures(trainer, monkeypatch):
    t = trainer(method="diffaugment")
    seen = []
    monkeypatch.setattr(
        trainer_module, "augment", lambda images, *rest: seen.append(len(images)) or images
    )
    t.step(0.0)
    assert seen == [16, 8]  # real and fake for D, then the fakes for G


def test_feature_matching_by_hand(trainer):
    t = trainer(method="feature_matching", batch=4)
    real, fake = t._real(), t._fake()
    f_real, f_fake = (t.d.features(batch.images).mean(0) for batch in (real, fake))
    loss = t._g_loss(real, fake)
    assert loss.item() == pytest.approx((f_real - f_fake).square().sum().item(), rel=1e-4)


def test_historical_averaging_pulls_towards_the_mean_of_all_past_weights(trainer):
    t = trainer(method="historical_averaging")
    seen = [weights(t.d)]
    for _ in range(4):
        t.step(0.0)
        seen.append(weights(t.d))
    means = torch.cat([mean.flatten() for mean in t.past["d"]])
    assert torch.allclose(means, torch.stack(seen).mean(0), atol=1e-5)
    penalty = added_penalties.historical_penalty(t, "d")
    assert penalty.item() == pytest.approx(
        0.01 * (weights(t.d) - means).square().sum().item(), rel=1e-4
    )
    assert added_penalties.historical_penalty(trainer(), "d") == 0.0


def test_lazy_penalties_are_as_much_stronger_as_they_are_rarer(trainer):
    t = trainer(method="r1", changes={"r1": 2.0, "penalty_every": 4})
    real, fake = t._real(), t._fake()
    whole = [
        float(torch.as_tensor(added_penalties.d_penalties(t, real, fake)).detach())
        for t.steps in range(9)
    ]
    assert [step for step, value in enumerate(whole) if value > 0] == [0, 4, 8]
    plain = trainer(method="r1", changes={"r1": 2.0, "penalty_every": 1})
    once = added_penalties.d_penalties(plain, real, fake).item()
    assert whole[0] == pytest.approx(4 * once, rel=1e-5)


def test_r1_is_taken_at_real_and_r2_at_fake(trainer):
    t = trainer(method="r3gan", changes={"r1": 0.0, "r2": 1.0})
    real, fake = t._real(), t._fake()
    value = added_penalties.gradient_penalties(t, real, fake).item()
    assert added_penalties.gradient_penalties(t, fake, fake).item() == pytest.approx(value)
    assert added_penalties.gradient_penalties(t, real, real).item() != pytest.approx(value)


POLICY = "color,translation,cutout"


@pytest.mark.parametrize("sigma", [0.0, 0.3])
@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"r1": 2.0}, "real"),
        ({"r2": 2.0}, "fake"),
        ({"slope": 1.0}, "interpolates"),
        ({"slope": 1.0, "slope_at": "around_real"}, "around_real"),
    ],
)
def test_slopes_are_those_through_the_augmentation(trainer, changes, at, sigma):
    t = trainer(method="nonsaturating", changes={"d_norm": "none", "augment": POLICY, **changes})
    real, fake = t._real(), t._fake()
    t.sigma, drawn = sigma, t.rng.get_state()
    value = added_penalties.gradient_penalties(t, real, fake).item()
    # The same in float64: the gradient with respect to the bare picture x of D at T(x).
    t.rng.set_state(drawn)
    batches = {"real": real.images, "fake": fake.images}
    where = batches.get(at)
    if where is None:
        where = added_penalties.PENALTY_POINTS[at](real.images, fake.images, t.rng)
    x = where.detach().double().requires_grad_(True)
    d = copy.deepcopy(t.d).double()

    def norms(seen):
        (gradient,) = torch.autograd.grad(d(seen).sum(), x)
        return gradient.flatten(1).norm(dim=1)

    through = norms(add_noise(augment(x, POLICY, t.rng), sigma, t.rng))
    expected = (through - 1).square() if "slope" in changes else through.square()
    assert value == pytest.approx(expected.mean().item(), rel=1e-3)
    assert not torch.allclose(through, norms(x), rtol=0.05)


def test_vat_moves_the_pictures_that_d_sees(trainer):
    t = trainer(
        method="nonsaturating",
        changes={"d_norm": "none", "augment": POLICY, "vat": 3.0, "vat_radius": 0.5},
    )
    real, fake = t._real(), t._fake()
    drawn = t.rng.get_state()
    value = added_penalties.d_penalties(t, real, fake).item()
    t.rng.set_state(drawn)
    seen = augment(torch.cat([real.images, fake.images]), POLICY, t.rng)
    assert value == pytest.approx(
        3 * penalties.local_smoothness(t.d, seen, 0.5, t.rng).item(), rel=1e-4
    )


def test_the_relativistic_loss_of_g_depends_on_the_real_pictures(trainer):
    t = trainer(method="rpgan")
    real, fake = t._real(), t._fake()
    one = t._g_loss(real, fake).item()
    other = t._g_loss(t._real(), fake).item()
    assert one != other


def test_unrolling_zero_steps_is_the_plain_method_and_more_is_not(trainer):
    slopes = []
    for unroll in (None, 0, 2):
        changes = {} if unroll is None else {"unroll": unroll}
        method = "nonsaturating" if unroll is None else "unrolled"
        t = trainer(method=method, batch=8, changes={**changes, "d_norm": "none"})
        t.step(0.0)
        slopes.append(torch.cat([p.grad.flatten() for p in t.g.parameters()]))
    assert torch.equal(slopes[0], slopes[1])
    assert not torch.allclose(slopes[1], slopes[2], rtol=1e-2)


def test_growth_follows_the_budget_in_all_three_networks(trainer):
    t = trainer(method="progressive")
    for progress, level in ((0.0, 0.0), (0.3125, 0.5), (1.0, 3.0)):
        t._schedule(progress)
        levels = [
            float(layer.level)
            for net in (t.g, t.d, t.g_ema)
            for layer in net.layers
            if hasattr(layer, "grow")
        ]
        assert levels == pytest.approx([level] * 3)
        real, fake = t._real(), t._fake()
        assert real.images.shape == fake.images.shape == (8, 1, *2 * (4 * 2 ** math.ceil(level),))
    # A run that is continued with a larger budget keeps what it has learnt.
    t._schedule(0.5)
    assert t.growing[0].level == 3


def test_while_networks_grow_real_pictures_are_averaged_to_their_side(trainer):
    t = trainer(method="quick", model="haar")
    t._schedule(0.0)
    state = t.rng.get_state()
    small = t._real().images
    t.rng.set_state(state)
    t._schedule(1.0)
    assert torch.allclose(small, torch.nn.functional.avg_pool2d(t._real().images, 2), atol=1e-6)


def test_labels_reach_both_networks(trainer):
    t = trainer(method="conditional", z_dim=16)
    real, fake = t._real(), t._fake()
    assert real.labels.shape == fake.labels.shape == (8,)
    shown = ((real.images + 1) * 127.5).round().to(torch.uint8)
    index = [int((t.pixels == pixels).flatten(1).all(1).nonzero()[0]) for pixels in shown]
    assert torch.equal(t.labels[index], real.labels)
    t.step(0.0)
    assert t.d.embedding.weight.grad.abs().sum() > 0


def test_fakes_get_the_class_that_their_z_encodes(trainer):
    t = trainer(method="quick", z_dim=16)
    z = torch.randn(8, 16)
    t._latents = lambda: z
    fake = t._fake()
    assert torch.equal(fake.labels, z[:, : t.classes].argmax(1))
    assert torch.equal(fake.images, t.g(z))


def test_points_are_trained_on_as_they_are():
    config = resolve(TrainConfig("ring", steps=3, width=8, d_width=8, batch=16))
    data = load_data(config)
    t = Trainer(config, data.pixels, torch.device("cpu"))
    real = t._real().images
    assert real.shape == (16, 2)
    assert torch.allclose(real.norm(dim=1), torch.ones(16), atol=0.06)
    t.step(0.0)
    assert t._fake().images.shape == (16, 2)
