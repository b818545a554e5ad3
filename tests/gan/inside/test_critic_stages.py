"""The stages of a discriminator: their sides, and maps that are what hooks on its layers see."""

import pytest
import torch

from gan.inside.critic_stages import stages_seen
from gan.models.discriminator import Discriminator
from gan.models.init import initialise
from gan.settings.config import IMAGE_FAMILIES


def critic(**shape):
    d = Discriminator(**{"size": 32, "channels": 3, "width": 4, **shape})
    initialise(d, torch.Generator().manual_seed(1))
    return d.eval().requires_grad_(False)


PICTURE = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(2)) * 2 - 1


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
@pytest.mark.parametrize("classes", [0, 3])
def test_each_family_has_a_stage_for_each_side_down_to_four(family, classes):
    stages = stages_seen(critic(family=family, classes=classes), PICTURE, min(classes, 1))
    sides = [stage.side for stage in stages]
    assert sides == sorted(sides, reverse=True) and {16, 8, 4} <= set(sides)
    for stage in stages:
        assert stage.maps.shape == (min(8, stage.units), stage.side, stage.side)
        assert len(set(stage.shown)) == len(stage.shown) <= stage.units
        assert stage.maps.abs().max() <= 127


def test_a_map_is_what_comes_out_of_the_activation():
    d = critic()
    seen = []
    hook = d.layers[1].register_forward_hook(
        lambda _layer, _inputs, output: seen.append(output[0].clone())
    )
    stage = stages_seen(d, PICTURE, count=10_000)[0]
    hook.remove()
    assert stage.side == 16 and stage.units == len(seen[0])
    expected = seen[0] / seen[0].abs().max() * 127
    torch.testing.assert_close(stage.maps.float(), expected[stage.shown], atol=0.51, rtol=0)
    strengths = seen[0].abs().mean((1, 2))[stage.shown]
    assert (strengths.diff() <= 0).all()


def test_looking_leaves_nothing_behind():
    d = critic()
    before = d(PICTURE[None])
    stages_seen(d, PICTURE)
    assert not any(layer._forward_hooks for layer in d.modules())
    torch.testing.assert_close(d(PICTURE[None]), before)
    with pytest.raises(ValueError, match="count must be"):
        stages_seen(d, PICTURE, count=0)
