"""Feature spaces: components, sensitivity to blur, caching."""

import torch

from gan.metrics.feature_spaces import cached, principal_components, random_convolutions


def noise(count: int, seed: int, channels: int = 1) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, channels, 32, 32), generator=rng, dtype=torch.uint8)


def test_principal_components_are_at_most_the_images_minus_one():
    space = principal_components(random_convolutions(1), noise(10, 0))
    assert space(noise(4, 1)).shape == (4, 9)
    assert principal_components(random_convolutions(1), noise(100, 0))(noise(4, 1)).shape == (4, 64)


def test_features_depend_on_contrast_and_do_not_depend_on_the_batch():
    space = random_convolutions(3)
    pixels = noise(300, 2, channels=3)
    features = space(pixels)
    assert features.shape == (300, 832)
    assert torch.allclose(space(pixels[290:]), features[290:], atol=1e-5)
    pale = (pixels.float() / 2 + 64).to(torch.uint8)
    assert (space(pale)[:, :320] < features[:, :320]).float().mean() > 0.9


def test_features_of_the_same_tensor_are_computed_once():
    seen = []

    def space(pixels):
        seen.append(len(pixels))
        return pixels.flatten(1).float()

    again, pixels = cached(space), noise(6, 3)
    assert torch.equal(again(pixels), again(pixels))
    again(pixels[:2])
    assert seen == [6, 2]
