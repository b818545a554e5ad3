"""Augmentations: what they may change, that they differ from picture to picture, and their gradient."""

import pytest
import torch

from gan.settings.hyperparameters import AUGMENTATIONS as NAMES
from gan.training.augment import AUGMENTATIONS, add_noise, augment, color, cutout, translation

POLICY = ",".join(NAMES)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 6, channels: int = 3) -> torch.Tensor:
    return torch.rand(count, channels, 16, 16, generator=rng(9)) * 2 - 1


def test_the_names_are_those_that_may_be_chosen():
    assert set(AUGMENTATIONS) == set(NAMES)


def test_no_policy_changes_nothing():
    images = pictures()
    assert augment(images, "", rng()) is images
    assert add_noise(images, 0.0, rng()) is images


@pytest.mark.parametrize("policy", [*NAMES, POLICY])
@pytest.mark.parametrize("channels", [1, 3])
def test_each_picture_is_changed_in_its_own_way_and_a_seed_decides_how(policy, channels):
    images = pictures(1, channels).expand(8, -1, -1, -1)
    one, again, other = (augment(images, policy, rng(seed)) for seed in (0, 0, 1))
    assert one.shape == images.shape
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert len({tuple(row.flatten().tolist()) for row in one}) > 1


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_flows_to_every_picture(name):
    images = pictures().requires_grad_()
    augment(images, name, rng()).square().sum().backward()
    assert (images.grad.flatten(1).abs().sum(1) > 0).all()


def test_translation_moves_whole_pictures_by_whole_pixels():
    images = torch.zeros(300, 1, 16, 16)
    images[:, 0, 8, 8] = 1
    moved = translation(images, rng())
    assert (moved.sum((1, 2, 3)) == 1).all()
    rows, columns = moved[:, 0].flatten(1).argmax(1) // 16, moved[:, 0].flatten(1).argmax(1) % 16
    # An eighth of 16 pixels in each direction, each shift as often as the others.
    for places in (rows, columns):
        assert set(places.tolist()) == {6, 7, 8, 9, 10}
        assert min(places.bincount()[6:]) > 30


def test_cutout_blanks_a_square_of_half_the_side_and_leaves_the_rest():
    images = torch.ones(400, 2, 16, 16)
    cut = cutout(images, rng())
    assert set(cut.unique().tolist()) == {0.0, 1.0}
    holes = (cut == 0).flatten(1).sum(1) / 2
    assert holes.max() == 64
    assert holes.min() >= 16
    assert torch.equal(cut[:, 0], cut[:, 1])


def test_color_keeps_what_it_should():
    grey = pictures(50, 1)
    changed = color(grey, rng())
    # A grey picture has no saturation: brightness and contrast are a line from old to new values.
    for old, new in zip(grey.flatten(1), changed.flatten(1), strict=True):
        slope = (new.max() - new.min()) / (old.max() - old.min())
        assert 0.5 <= slope <= 1.5
        shift = new.mean() - old.mean()
        assert abs(shift) <= 0.5 + 1e-6
        assert torch.allclose(new - new.mean(), slope * (old - old.mean()), atol=1e-5)


def test_noise_has_its_sigma():
    noise = add_noise(torch.zeros(20, 3, 32, 32), 0.3, rng())
    assert noise.std().item() == pytest.approx(0.3, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.01)
