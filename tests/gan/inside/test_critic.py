"""What the critic looks at: complete sums, and exact maps where the answer is known."""

import pytest
import torch

from gan.inside.critic import MAX_STEPS, TOLERANCE, integrated_gradients, occlusion, painted
from gan.models.discriminator import Discriminator


@pytest.fixture
def picture():
    return torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(0)).clamp(-1, 1)


def weights() -> torch.Tensor:
    return torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(1))


def test_of_a_linear_critic_each_pixel_adds_its_product(picture):
    baseline = torch.full_like(picture, 0.25)
    found = integrated_gradients(
        lambda images: (images * weights()).flatten(1).sum(1), picture, baseline
    )
    expected = ((picture - baseline) * weights()).sum(0)
    assert torch.allclose(found.pixels, expected, atol=1e-4)
    assert found.steps == 16 and found.missing < 1e-3


def test_of_a_square_the_sum_is_the_difference(picture):
    found = integrated_gradients(
        lambda images: images.square().flatten(1).sum(1), picture, torch.zeros_like(picture)
    )
    # The gradient is linear along the way, where the midpoint rule is exact.
    assert torch.allclose(found.pixels, picture.square().sum(0), atol=1e-4)


@pytest.mark.parametrize("family", ["dcgan", "resnet", "haar"])
def test_sums_are_complete_for_real_critics(picture, family):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        critic = Discriminator(family, 32, 3, 8).eval().requires_grad_(False)
    found = integrated_gradients(critic, picture, torch.zeros_like(picture))
    assert found.missing <= TOLERANCE or found.steps == MAX_STEPS
    total = found.pixels.sum().item()
    assert total == pytest.approx(found.logit - found.baseline, rel=2 * TOLERANCE, abs=1e-4)


def test_hiding_a_square_takes_away_what_it_adds(picture):
    baseline = torch.zeros_like(picture)
    falls = occlusion(
        lambda images: (images * weights()).flatten(1).sum(1), picture, baseline, squares=4
    )
    expected = (picture * weights()).sum(0).unfold(0, 8, 8).unfold(1, 8, 8).sum((2, 3))
    assert torch.allclose(falls[::8, ::8], expected, atol=1e-3)
    assert torch.equal(falls[:8, :8], falls[0, 0].expand(8, 8))


def test_wrong_pictures_are_refused_in_a_sentence(picture):
    with pytest.raises(ValueError, match="as large as the picture"):
        integrated_gradients(lambda images: images.sum(), picture, torch.zeros(3, 16, 16))
    with pytest.raises(ValueError, match="not finite"):
        integrated_gradients(lambda images: images.sum(), picture / 0, torch.zeros_like(picture))
    with pytest.raises(ValueError, match="no 5 equal squares"):
        occlusion(lambda images: images.sum(), picture, picture, squares=5)


def test_a_critic_without_numbers_says_so():
    picture = torch.zeros(1, 8, 8)
    with pytest.raises(ValueError, match="This discriminator says nothing"):
        integrated_gradients(lambda pictures: pictures.sum((1, 2, 3)) * float("nan"), picture, picture)


def test_a_map_is_orange_above_nothing_and_blue_below():
    shown = painted(torch.tensor([[2.0, 0.0], [-2.0, 1.0]]))
    assert shown.tolist() == [[[232, 119, 34], [255, 255, 255]], [[64, 132, 240], [244, 187, 144]]]
    assert (painted(torch.zeros(2, 2)) == 255).all()
