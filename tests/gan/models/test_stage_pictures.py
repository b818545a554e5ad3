"""What the layers compute: a grey picture for each resolution, and the generator left as it was."""

import pytest
import torch

from gan.models.generator import Generator
from gan.models.stage_pictures import stage_pictures
from gan.settings.hyperparameters import IMAGE_FAMILIES


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
def test_one_picture_for_each_resolution(family):
    generator = Generator(family, size=32, channels=3, width=8, z_dim=8).eval()
    z = torch.randn(1, 8, generator=torch.Generator().manual_seed(0))
    before = generator(z)
    pictures = stage_pictures(generator, z)
    sides = [len(picture) for picture in pictures]
    assert sides == sorted(set(sides)) and sides[0] == 4 and sides[-1] >= 16
    for picture in pictures:
        assert picture.dtype == torch.uint8 and picture.shape == (len(picture), len(picture))
        assert (int(picture.min()), int(picture.max())) == (0, 255)
    assert torch.equal(generator(z), before)
    assert not any(module._forward_hooks for module in generator.modules())


def test_one_z_at_a_time():
    generator = Generator(size=32, width=8, z_dim=8)
    with pytest.raises(ValueError, match="One z of 8 numbers is needed, not"):
        stage_pictures(generator, torch.zeros(2, 8))
