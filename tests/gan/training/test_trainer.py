"""One step: who gets which gradient, what is counted, and how the average follows."""

import pytest
import torch

from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.models.build import build_networks
from gan.settings.catalogue import METHODS
from gan.training.dataset import load_data
from gan.training.losses import LOSSES
from gan.training.penalties import zero_centred_penalty
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import put_state, state_of


@pytest.fixture
def trainer(tiny):
    """make(**changed): a trainer on shapes, ready for its first step."""

    def make(**changed) -> Trainer:
        config = resolve(tiny(**changed))
        pixels = load_images("shapes", 32, 1, 64).pixels
        if torch.get_default_dtype() == torch.float64:
            pixels = to_float(pixels).double()
        return Trainer(config, pixels, torch.device("cpu"))

    return make


def copies(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in net.named_parameters()}


def gradients(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.grad.clone() for name, value in net.named_parameters()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def assert_close(ours: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> None:
    """Equal up to rounding, which is all there is of a bias's gradient before a norm."""
    rounding = 1e-10 * max(value.abs().max().item() for value in theirs.values())
    for name, value in theirs.items():
        assert torch.allclose(ours[name], value, rtol=1e-7, atol=rounding), name


def test_the_step_of_g_gives_d_no_gradient_and_leaves_its_weights(trainer):
    t = trainer()
    real, fake = t._real(), t._fake()
    t._update_d(real, fake)
    weights, slopes, before = copies(t.d), gradients(t.d), copies(t.g)
    t._update_g(real, fake)
    assert same(copies(t.d), weights)
    assert same(gradients(t.d), slopes)
    assert all(p.requires_grad for p in t.d.parameters())
    assert not any(
        torch.equal(value, before[name]) for name, value in copies(t.g).items() if "weight" in name
    )


def test_the_step_of_d_gives_g_no_gradient_and_leaves_its_weights(trainer):
    t = trainer()
    weights = copies(t.g)
    t._update_d(t._real(), t._fake())
    assert same(copies(t.g), weights)
    assert all(p.grad is None for p in t.g.parameters())


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("method", ["quick", "minimax", "tutorial"])
def test_gradients_are_those_of_the_losses_of_the_method(trainer, method):
    """The same step written plainly: no freezing, no shared fakes, no layouts."""
    t = trainer(method=method, n_critic=1)
    g, d = build_networks(t.config)
    loss = LOSSES[METHODS[method].loss]
    rng = torch.Generator().manual_seed(t.config.seed + 1)
    index = torch.randint(64, (8,), generator=rng)
    real, z = to_float(t.pixels[index]), torch.randn(8, 8, generator=rng)
    d_loss = loss.d(d(real), d(g(z).detach()))
    weight = 0.5 * METHODS[method].r1 * METHODS[method].penalty_every
    (d_loss + weight * zero_centred_penalty(d, real)).backward()
    t.step(0.0)
    assert_close(gradients(t.d), gradients(d))
    # G answers to the D that has just learned.
    d.load_state_dict(t.d.state_dict())
    g_loss = loss.g(d(g(z)))
    g_loss.backward()
    assert_close(gradients(t.g), gradients(g))
    means = t.take_means()
    assert means["d_loss"] == pytest.approx(d_loss.item(), rel=1e-9)
    assert means["g_loss"] == pytest.approx(g_loss.item(), rel=1e-9)


@pytest.mark.parametrize("method", ["quick", "dcgan"])
def test_the_first_step_is_that_of_adam(trainer, method):
    t = trainer(method=method)
    before = {"g": copies(t.g), "d": copies(t.d)}
    t.step(0.0)
    for key, net, lr in (("g", t.g, METHODS[method].g_lr), ("d", t.d, METHODS[method].d_lr)):
        for name, slope in gradients(net).items():
            # After one step both corrected moments are those of the one gradient.
            expected = before[key][name] - lr * slope / (slope.abs() + 1e-8)
            assert torch.allclose(copies(net)[name], expected, atol=2e-3 * lr), name


@pytest.mark.parametrize(("n_critic", "batch"), [(1, 8), (3, 8), (5, 4)])
def test_every_critic_update_counts_its_images(trainer, n_critic, batch):
    t = trainer(n_critic=n_critic, batch=batch)
    calls, update = [], t._update_d
    t._update_d = lambda real, fake: calls.append(len(real.images)) or update(real, fake)
    t.step(0.0)
    t.step(0.5)
    assert calls == [batch] * (2 * n_critic)
    assert (t.steps, t.images) == (2, 2 * n_critic * batch)
    d_steps = {int(state["step"]) for state in t.d_optim.state.values()}
    g_steps = {int(state["step"]) for state in t.g_optim.state.values()}
    assert (d_steps, g_steps) == ({2 * n_critic}, {2})


def updates(optim: torch.optim.Optimizer) -> set[int]:
    return {int(state["step"]) for state in optim.state.values()}


def test_d_may_learn_alone(trainer):
    t = trainer(n_critic=3)
    t.step(0.0)
    before, averaged, d = copies(t.g), copies(t.g_ema), copies(t.d)
    t.step(0.0, g=False)
    assert same(copies(t.g), before)
    assert same(copies(t.g_ema), averaged)
    assert not same(copies(t.d), d)
    assert (updates(t.d_optim), updates(t.g_optim)) == ({6}, {1})
    assert (t.steps, t.images) == (1, 6 * 8)


def test_g_may_learn_alone_from_new_fakes(trainer):
    t = trainer(method="dcgan", ema_images=0, changes={"g_steps": 2})
    t.step(0.0)
    seen, update = [], t._update_g
    t._update_g = lambda real, fake: seen.append((real, fake)) or update(real, fake)
    d, before = copies(t.d), copies(t.g)
    t.step(0.0, d=False)
    t.step(0.0, d=False)
    assert same(copies(t.d), d)
    assert not same(copies(t.g), before)
    assert same(copies(t.g_ema), copies(t.g))
    assert (updates(t.d_optim), updates(t.g_optim)) == ({1}, {6})
    assert (t.steps, t.images) == (1, 8)
    assert len({fake.images.sum().item() for _, fake in seen}) == 4
    assert len({real.images.sum().item() for real, _ in seen}) == 2


@pytest.mark.parametrize("half", ["d", "g"])
def test_means_are_of_the_halves_that_were_made(trainer, half):
    t, twin = trainer(), trainer()
    for each in (t, twin):
        each.step(0.0)
    whole = twin.take_means()
    t.step(0.0, **{half: False})
    twin.step(0.0, **{half: False})
    part, both = twin.take_means(), t.take_means()
    for name, value in both.items():
        if (name == "g_loss") == (half == "g"):  # that half was not made again
            assert part[name] != part[name]
            assert value == whole[name]
        else:
            assert value == pytest.approx((whole[name] + part[name]) / 2, rel=1e-5)
            assert part[name] != whole[name]


def test_penalties_come_at_every_step_of_d_alone_and_no_stronger(trainer):
    often, rarely = (trainer(method="r1", changes={"penalty_every": k}) for k in (1, 4))
    often.step(0.0)
    put_state(rarely, state_of(often))
    for _ in range(2):
        often.step(0.0, g=False)
        rarely.step(0.0, g=False)
    assert same(copies(often.d), copies(rarely.d))
    often.step(0.0)
    rarely.step(0.0)
    assert not same(copies(often.d), copies(rarely.d))


def test_historical_averaging_counts_whole_steps(trainer):
    t = trainer(method="historical_averaging")
    t.step(0.0)
    before = [mean.clone() for mean in t.past["d"]]
    t.step(0.0, g=False)
    t.step(0.0, d=False)
    assert all(map(torch.equal, t.past["d"], before))
    t.step(0.0)
    assert not any(map(torch.equal, t.past["d"], before))


@pytest.mark.parametrize("ema_images", [0, 10, 1000])
def test_the_average_follows_the_formula(trainer, ema_images):
    t = trainer(ema_images=ema_images)
    average = {name: value.double() for name, value in t.g.state_dict().items()}
    for step in range(12):
        t.step(0.0)
        # The half-life is 5 % of the images seen before this step, at most `ema_images`.
        half_life = min(ema_images, 0.05 * 8 * step)
        keep = 0.5 ** (8 / half_life) if half_life else 0.0
        for name, value in t.g.state_dict().items():
            average[name] = keep * average[name] + (1 - keep) * value.double()
    for name, value in t.g_ema.state_dict().items():
        if value.is_floating_point():
            assert torch.allclose(value.double(), average[name], atol=1e-5), name
    moved = not torch.equal(t.g_ema.dense.weight, t.g.dense.weight)
    assert moved == bool(ema_images)


def test_the_average_is_for_looking_and_gets_no_gradient(trainer):
    t = trainer()
    t.step(0.0)
    assert not t.g_ema.training
    assert t.g.training
    assert not any(p.requires_grad for p in t.g_ema.parameters())


def test_learning_rates_fall_linearly_to_their_end(trainer):
    t = trainer(method="patient", g_lr=1e-3, d_lr=2e-3)
    for progress, share in ((0.0, 1.0), (0.25, 0.75), (1.0, 0.0), (1.5, 0.0)):
        t._schedule(progress)
        assert t.g_optim.param_groups[0]["lr"] == pytest.approx(1e-3 * share)
        assert t.d_optim.param_groups[0]["lr"] == pytest.approx(2e-3 * share)


def test_means_are_those_of_the_steps_since_the_last_call(trainer):
    t, twin = trainer(), trainer()
    assert all(value != value for value in t.take_means().values())
    single = []
    for _ in range(3):
        t.step(0.0)
        twin.step(0.0)
        single.append(twin.take_means())
    means = t.take_means()
    for name, value in means.items():
        assert value == pytest.approx(sum(each[name] for each in single) / 3, rel=1e-5)
    assert 0 < means["d_real"] < 1
    assert 0 < means["d_fake"] < 1
    assert all(value != value for value in t.take_means().values())


def test_gradient_norms_are_those_of_the_last_step(trainer):
    t = trainer()
    assert all(norm != norm for norm in t.gradient_norms())
    t.step(0.0)
    for norm, net in zip(t.gradient_norms(), (t.d, t.g), strict=True):
        squares = sum((p.grad.double() ** 2).sum() for p in net.parameters())
        assert norm == pytest.approx(float(squares**0.5), rel=1e-5)
        assert norm > 0


def test_gradient_norms_of_a_restored_trainer_are_not_known_yet(trainer):
    t, other = trainer(), trainer()
    t.step(0.0)
    put_state(other, state_of(t))
    assert all(norm != norm for norm in other.gradient_norms())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_restored_trainer_goes_on_bit_for_bit(tiny, method, channels):
    config = resolve(tiny(method=method, channels=channels, width=6, z_dim=16))
    images = load_data(config)
    one, other = (Trainer(config, images.pixels, torch.device("cpu"), images.labels) for _ in range(2))
    for step in range(5):
        if step == 3:
            saved = {name: value.clone().contiguous() for name, value in state_of(one).items()}
            put_state(other, saved)
        one.step(step / 9)
        if step >= 3:
            other.step(step / 9)
    assert one.steps == other.steps == 5
    assert same(state_of(one), state_of(other))


def test_the_state_of_another_shape_does_not_load(trainer):
    with pytest.raises((KeyError, RuntimeError)):
        put_state(trainer(width=8), state_of(trainer()))


def test_bfloat16_trains_finite_float32_weights_near_those_of_float32(trainer):
    whole, half = trainer(), trainer(precision="bfloat16")
    for _ in range(3):
        whole.step(0.0)
        half.step(0.0)
    for name, value in half.g.state_dict().items():
        assert value.dtype == whole.g.state_dict()[name].dtype
        assert torch.isfinite(value).all()
    weights = [torch.cat([p.flatten() for p in t.g.parameters()]) for t in (whole, half)]
    assert not torch.equal(*weights)
    assert torch.nn.functional.cosine_similarity(*weights, dim=0) > 0.95
