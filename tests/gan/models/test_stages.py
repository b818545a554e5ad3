"""Stages of discriminators: what freezing the first of them freezes, in every family and size."""

import pytest
import torch

from gan.models.discriminator import Discriminator
from gan.models.stages import freeze_stages, stage_count
from gan.settings.hyperparameters import IMAGE_FAMILIES

COUNTS = {32: 3, 64: 4}


def make(family: str, size: int = 32, **more) -> Discriminator:
    norm = "none" if family in ("progressive", "wavelet") else "batch"
    return Discriminator(family, size, 1, 4, norm, **more)


def frozen_names(d: Discriminator) -> set[str]:
    return {name for name, parameter in d.named_parameters() if not parameter.requires_grad}


@pytest.mark.parametrize("size", COUNTS)
def test_a_picture_is_halved_down_to_four_pixels(size):
    assert stage_count("dcgan", size) == COUNTS[size]


def test_a_palette_that_averages_first_has_no_stage_for_it():
    assert [stage_count("palette", size) for size in (64, 128)] == [4, 4]
    small, large = (
        Discriminator("palette", size, 3, width, "batch") for size, width in ((64, 8), (128, 4))
    )
    for count in range(1, 5):
        for d in (small, large):
            d.requires_grad_(True)
            freeze_stages(d, count)
        assert frozen_names(large) == frozen_names(small) != set()


def test_the_stages_of_a_plain_stack_are_its_convolutions_with_their_normalisation():
    d = make("dcgan")
    # Convolution, activation, then convolution, normalisation, activation for each further stage.
    expected = [set(), {"0"}, {"0", "2", "3"}, {"0", "2", "3", "5", "6"}]
    for count, layers in enumerate(expected):
        d.requires_grad_(True)
        freeze_stages(d, count)
        assert {name.split(".")[1] for name in frozen_names(d)} == layers


def test_growing_networks_freeze_what_a_full_picture_passes_first():
    d = make("progressive")
    freeze_stages(d, 1)
    places = {tuple(name.split(".")[1:4]) for name in frozen_names(d)}
    assert places == {("0", "from_picture", "3"), ("0", "blocks", "2")}


@pytest.mark.parametrize("size", COUNTS)
@pytest.mark.parametrize("family", IMAGE_FAMILIES)
def test_each_stage_freezes_more_and_the_head_never(family, size):
    d, before = make(family, size), set()
    for count in range(1, stage_count(family, size) + 1):
        d.requires_grad_(True)
        trained = freeze_stages(d, count)
        now = frozen_names(d)
        assert before < now
        assert not any(name.startswith("head") for name in now)
        assert sum(p.numel() for p in trained) == sum(
            p.numel() for name, p in d.named_parameters() if name not in now
        )
        before = now


def test_reading_the_stages_changes_nothing():
    d = make("dcgan").train()
    before = {name: value.clone() for name, value in d.state_dict().items()}
    freeze_stages(d, 2)
    assert d.training
    assert all(torch.equal(value, before[name]) for name, value in d.state_dict().items())
    assert not any(layer._forward_hooks for layer in d.modules())
