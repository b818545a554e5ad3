"""Inversion: what was drawn is found again, the prior holds, and the generator is left as it was."""

import math

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from helpers.running_commands import refused, run
from PIL import Image
from torch import nn

from gan.common.files import read_json
from gan.data.image_tensors import to_uint8
from gan.images import encode
from gan.latent.inversion import SOLVED, InversionState, features_for, invert
from gan.latent.inversion_objective import PRIOR, InversionObjective, prior
from gan.latent.inversion_starts import regress, starting_points
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.render import render
from gan.models.storage import load_generator


class Linear(nn.Module):
    """z (N, 4) -> pictures (N, 1, 8, 8), a linear map with orthogonal columns: one answer each."""

    z_dim, size, channels, classes = 4, 8, 1, 0

    def __init__(self):
        super().__init__()
        columns, _ = torch.linalg.qr(torch.randn(64, 4, generator=torch.Generator().manual_seed(0)))
        self.weight = nn.Parameter(columns)

    def forward(self, z):
        return (z @ self.weight.T).reshape(-1, 1, 8, 8)


def found(*arguments, **options) -> InversionState:
    *_, last = invert(*arguments, **options)
    return last


@torch.no_grad()
def add_contrast(generator: Generator) -> None:
    """Pictures with contrast, as after training."""
    for weight in generator.parameters():
        weight.mul_(40 if weight.ndim == 4 else 1)


@pytest.fixture
def generator():
    """A small one in training mode, with gradients of an earlier step: all must stay."""
    generator = Generator("dcgan", 32, 1, 4, 8)
    initialise(generator, torch.Generator().manual_seed(1))
    add_contrast(generator)
    generator(torch.randn(4, 8)).sum().backward()
    return generator.train()


def test_a_linear_generator_gives_back_z_even_off_the_sphere():
    z = torch.tensor([[0.4, -1.1, 0.9, 0.2], [2.0, 1.5, -1.0, 0.5]])
    last = found(Linear(), Linear()(z).detach())
    assert torch.allclose(last.z, z, atol=0.05)
    assert last.mse.max() <= SOLVED
    assert torch.allclose(last.images, Linear()(last.z).detach())


def test_mse_is_that_of_pixels_from_0_to_1():
    targets = torch.zeros(1, 1, 8, 8)
    last = found(Linear(), targets, steps=3)
    expected = ((last.images + 1) / 2 - (targets + 1) / 2).square().mean()
    assert last.mse.item() == pytest.approx(expected.item(), rel=1e-4)


def test_the_prior_keeps_z_near_the_sphere_where_pixels_alone_would_not():
    # Pixels alone would answer 0. With u = ‖z‖² the mse is u / 256, and the loss is least at:
    u = torch.linspace(0, 8, 100_001, dtype=torch.float64)
    mse = u / 256
    expected = u[(mse + PRIOR * mse / (PRIOR + mse) * (u / 4 - 1).square()).argmin()].item()
    last = found(Linear(), torch.zeros(1, 1, 8, 8))
    assert last.z.square().sum().item() == pytest.approx(expected, abs=0.02)


def test_the_prior_is_nothing_on_the_sphere_and_for_a_picture_that_is_found():
    norms = torch.tensor([[2.0, 0, 0, 0], [0, 0, 0, 0], [0, math.sqrt(8), 0, 0]])
    assert prior(norms, torch.full((3,), PRIOR)) == pytest.approx([0, PRIOR / 2, PRIOR / 2], abs=1e-6)
    assert prior(norms, torch.zeros(3)).tolist() == [0, 0, 0]
    assert prior(norms, torch.full((3,), 1e6)).max() <= PRIOR


def test_the_regression_predicts_its_training_pairs_and_0_far_away():
    z = torch.tensor([[1.0, -2.0], [3.0, 4.0]])
    encode = torch.tensor([[0.0, 0.0], [40.0, 0.0]])
    near = regress(encode, z, encode)
    # By hand: the mean square distance is 800, so that the kernel is [[1, e⁻²], [e⁻², 1]].
    kernel = torch.tensor([[1.0, math.exp(-2)], [math.exp(-2), 1.0]])
    ridge = kernel + 0.1 * torch.eye(2)
    assert torch.allclose(near, kernel @ torch.linalg.inv(ridge) @ z, atol=1e-5)
    assert regress(encode, z, torch.full((1, 2), 1e4)).abs().max() == 0


def test_the_picture_of_a_seed_is_found_at_once(generator):
    seeds = seed_latents([200, 3], 8)
    generator.eval()
    first = next(invert(generator, generator(seeds).detach(), steps=1, starts=2))
    assert torch.equal(first.z, seeds)
    assert (first.step, first.steps) == (0, 1)
    assert first.mse.max() < 1e-9


def test_pictures_of_the_generator_itself_are_found_exactly(generator):
    generator.eval()
    z = seed_latents(range(10**6, 10**6 + 6), 8)
    last = found(generator, generator(z).detach())
    assert last.mse.max() <= SOLVED
    assert torch.allclose(last.z, z, atol=0.1)  # 8 numbers leave one answer


def test_states_come_every_few_steps_and_never_get_worse(generator):
    generator.eval()
    targets = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(3)) * 2 - 1
    states = list(invert(generator, targets, steps=18, starts=2, every=4))
    assert [state.step for state in states] == [0, 4, 8, 12, 16, 18]
    losses = torch.stack([state.mse + prior(state.z, state.mse) for state in states])
    assert (losses.diff(dim=0) <= 1e-7).all()
    assert (losses[-1] < losses[0]).all()
    assert states[-1].z.shape == (2, 8)
    assert states[-1].images.shape == targets.shape
    assert not any(x.requires_grad for x in (states[-1].z, states[-1].images, states[-1].mse))


def test_a_second_wave_searches_what_the_first_did_not_find(generator):
    targets = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(5)) * 2 - 1
    once = list(invert(generator, targets, steps=12, starts=2, every=4))
    states = list(invert(generator, targets, steps=12, starts=6, every=4))
    assert [(state.step, state.steps) for state in states[:3]] == [(0, 24), (4, 24), (8, 24)]
    assert torch.equal(states[2].z, once[2].z)
    assert states[-1].step == states[-1].steps == 24
    loss, before = (found.mse + prior(found.z, found.mse) for found in (states[-1], once[-1]))
    assert (loss <= before).all() and (loss < before).any()


def test_a_search_that_is_done_ends_and_says_so():
    states = list(invert(Linear(), Linear()(torch.ones(1, 4)).detach(), steps=5000, every=5000))
    assert states[0].step == 0
    assert states[-1].step == states[-1].steps < 200


def test_a_seed_gives_one_result_and_another_seed_another(generator):
    targets = torch.rand(1, 1, 32, 32) * 2 - 1
    results = [found(generator, targets, steps=5, seed=seed).z for seed in (4, 4, 5)]
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])


def test_targets_do_not_disturb_each_other(generator):
    targets = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(6)) * 2 - 1
    # One step: over several the last digits, which depend on the batch, grow.
    together = found(generator, targets, steps=1)
    alone = found(generator, targets[1:], steps=1)
    assert torch.allclose(together.z[1], alone.z[0], atol=1e-3)
    assert not torch.allclose(together.z[0], alone.z[0], atol=0.02)


def test_the_generator_is_left_as_it_was_even_by_a_search_that_is_given_up(generator):
    norm = next(layer for layer in generator.layers if isinstance(layer, nn.BatchNorm2d))
    norm.eval()  # a mode of its own
    modes = [module.training for module in generator.modules()]
    weights = {name: value.clone() for name, value in generator.state_dict().items()}
    gradients = [p.grad.clone() for p in generator.parameters()]
    search = invert(generator, torch.zeros(1, 1, 32, 32), steps=50, every=1)
    for _ in range(3):
        next(search)
        assert [module.training for module in generator.modules()] == modes
    search.close()
    for parameter, gradient in zip(generator.parameters(), gradients, strict=True):
        assert parameter.requires_grad
        assert torch.equal(parameter.grad, gradient)
    for name, value in generator.state_dict().items():
        assert torch.equal(value, weights[name]), name


@pytest.mark.parametrize(
    ("family", "norm", "classes", "channels"),
    [
        ("resnet", "batch", 0, 1), ("progressive", "none", 0, 3),
        ("dcgan", "virtual", 0, 1), ("tutorial", "batch", 3, 3), ("dcgan", "modulated", 3, 1),
    ],
)  # fmt: skip
def test_every_generator_can_be_inverted(family, norm, classes, channels):
    generator = Generator(family, 32, channels, 4, 8, norm, classes).eval().requires_grad_(False)
    initialise(generator, torch.Generator().manual_seed(2))
    if family in ("dcgan", "tutorial"):
        add_contrast(generator)
    targets = generator(seed_latents([10**6], 8))
    first, *_, last = invert(generator, targets, steps=40, features=features_for(generator))
    assert last.mse < first.mse
    assert torch.allclose(last.images, generator(last.z), atol=1e-5)


def test_starts_of_a_class_conditional_generator_are_of_different_classes():
    generator = Generator("dcgan", 32, 1, 4, 8, "batch", 3).eval()
    initialise(generator, torch.Generator().manual_seed(2))
    objective = InversionObjective(generator, generator(seed_latents([10**6, 5], 8)).detach())
    points = starting_points(objective, seed_latents(range(64), 8), 5)
    assert points.shape == (2, 5, 8)
    for of_target in points:
        assert set(generator.classes_of(of_target[1:4]).tolist()) == {0, 1, 2}


def test_features_are_those_of_grey_digits_only():
    assert features_for(Generator(size=32, channels=1, width=4))(torch.zeros(2, 1, 32, 32)).ndim == 2
    assert features_for(Generator(size=64, channels=1, width=4)) is None
    assert features_for(Generator(size=32, channels=3, width=4)) is None


GOOD = torch.zeros(1, 1, 32, 32)
BAD = {
    "an array": (np.zeros((1, 1, 32, 32)), {}, "must be a tensor of floats"),
    "bytes": (GOOD.byte(), {}, "must be a tensor of floats .* not torch.uint8"),
    "colour": (torch.zeros(1, 3, 32, 32), {}, r"must be \(N, 1, 32, 32\), .* not \(1, 3, 32, 32\)"),
    "size": (torch.zeros(1, 1, 64, 64), {}, r"must be \(N, 1, 32, 32\)"),
    "one dimension less": (GOOD[0], {}, r"must be \(N, 1, 32, 32\)"),
    "none": (GOOD[:0], {}, "number of targets must be from 1 to 64"),
    "too many": (torch.zeros(65, 1, 32, 32), {}, "number of targets must be from 1 to 64"),
    "nan": (GOOD.clone().fill_(math.nan), {}, "must be finite"),
    "0 to 255": (GOOD + 255, {}, r"must be in \[-1, 1\], not from 255"),
    "no steps": (GOOD, {"steps": 0}, "steps must be from 1 to 5,000"),
    "many steps": (GOOD, {"steps": 10**9}, "steps must be from 1"),
    "half a start": (GOOD, {"starts": 1.5}, "starts must be a whole number"),
    "many starts": (GOOD, {"starts": 33}, "starts must be from 1 to 32"),
    "every": (GOOD, {"every": 0}, "every must be from 1"),
    "seed": (GOOD, {"seed": -1}, "seed must be from 0"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_at_the_call(generator, what):
    targets, options, words = BAD[what]
    with pytest.raises(ValueError, match=words):
        invert(generator, targets, **options)


def test_more_hessians_than_memory_holds_are_refused():
    generator = Generator("dcgan", 32, 1, 4, 1024)
    with pytest.raises(ValueError, match=r"z of 1024 .* at most 32 targets .* not 33"):
        invert(generator, GOOD.repeat(33, 1, 1, 1))


def test_the_command_writes_both_pictures_and_z(shipped, tmp_path, capsys):
    generator = load_generator("digits")
    target = to_uint8(generator(seed_latents([7], 8)))[0]
    (tmp_path / "seven.png").write_bytes(encode.png(target))
    out = tmp_path / "found.png"
    options = ["--picture", tmp_path / "seven.png", "--steps", 5, "--scale", 1, "--out", out]
    assert run("invert", "--model", "digits", *options) == 0
    assert capsys.readouterr().out.startswith("mse ")
    sheet = np.asarray(Image.open(out))
    assert np.array_equal(sheet[:, :32], target[..., 0])
    result = read_json(tmp_path / "found.json")
    again = render(generator, torch.tensor([result["z"]]))[0, ..., 0]
    assert np.array_equal(sheet[:, 32:], again)
    error = (sheet[:, 32:].astype(float) - target[..., 0]) / 255
    assert result["mse"] == pytest.approx((error**2).mean(), abs=1e-4)


def test_the_command_refuses_with_one_line(shipped, tmp_path, capsys):
    (tmp_path / "text.png").write_bytes(b"no picture")
    (tmp_path / "good.png").write_bytes(encoded(coloured(0)))
    invert_it = ["invert", "--model", "digits", "--out", tmp_path / "found.png", "--picture"]
    assert "there is no such file" in refused(capsys, *invert_it, tmp_path / "none.png")
    assert "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture" in refused(
        capsys, *invert_it, tmp_path / "text.png"
    )
    assert "steps must be from 1" in refused(capsys, *invert_it, tmp_path / "good.png", "--steps", 0)
    swapped = ["invert", "--model", "digits", "--picture", tmp_path / "good.png"]
    assert "A picture must be called" in refused(capsys, *swapped, "--out", tmp_path / "z.json")
    assert not (tmp_path / "found.png").exists()
