"""Each edit raises what it is named for, measured on pixels; at 0 the picture stays."""

import pytest
import torch
from helpers.pixel_attributes import measure

from gan.data.image_tensors import to_float
from gan.drawn.registry import draw
from gan.latent.pixel_edits import COLOUR, GREY, Edit, edits_for

MEASURED = {"slant", "thickness", "width", "height", "size", "brightness"}
MEASURED_IN_COLOUR = {"brightness", "contrast", "saturation", "warmth", "green"}


def drawn(source: str, channels: int) -> torch.Tensor:
    return to_float(torch.from_numpy(draw(source, 24, 32, channels, seed=1)).permute(0, 3, 1, 2))


@pytest.fixture(scope="module")
def glyphs():
    return drawn("glyphs", 1)


@pytest.fixture(scope="module")
def faces():
    return drawn("faces", 3) * 0.5  # away from black and white, where nothing can get darker or lighter


def raised(edit: Edit, images: torch.Tensor) -> float:
    """The share of pictures in which more of an edit is more of what it is named for."""
    less, more = (measure(edit.change(images, a))[edit.name] for a in (-0.1, 0.1))
    return (more > less).float().mean().item()


@pytest.mark.parametrize("edit", [e for e in GREY if e.name in MEASURED], ids=lambda edit: edit.name)
def test_more_of_a_grey_edit_is_more_of_its_attribute(glyphs, edit):
    assert raised(edit, glyphs) > 0.9


@pytest.mark.parametrize(
    "edit", [e for e in COLOUR if e.name in MEASURED_IN_COLOUR], ids=lambda edit: edit.name
)
def test_more_of_a_colour_edit_is_more_of_its_attribute(faces, edit):
    assert raised(edit, faces) == 1


@pytest.mark.parametrize("edit", [*GREY, *COLOUR], ids=lambda edit: edit.name)
def test_an_edit_of_nothing_leaves_the_picture(glyphs, faces, edit):
    for images in (glyphs, faces):
        assert torch.allclose(edit.change(images, 0.0), images, atol=1e-4)


@pytest.mark.parametrize("edit", [*GREY, *COLOUR], ids=lambda edit: edit.name)
def test_a_slope_is_what_a_small_edit_does(glyphs, faces, edit):
    images = glyphs if edit in GREY else faces
    slope = edit.slope(images)
    assert slope.shape == images.shape
    little = edit.change(images, 0.02) - edit.change(images, -0.02)
    alike = torch.cosine_similarity(slope.flatten(), little.flatten(), dim=0)
    assert alike.item() > 0.95


@pytest.mark.parametrize("edits", [GREY, COLOUR], ids=["grey", "colour"])
def test_edits_of_one_kind_differ(glyphs, faces, edits):
    images = glyphs if edits is GREY else faces
    assert len({edit.name for edit in edits}) == len(edits)
    slopes = torch.stack([edit.slope(images).flatten() for edit in edits])
    slopes = torch.nn.functional.normalize(slopes, dim=1)
    assert (slopes @ slopes.T - torch.eye(len(edits))).abs().max() < 0.95


def test_movement_is_the_way_that_it_says(faces):
    spot = torch.full((1, 3, 32, 32), -1.0)
    spot[..., 16, 16] = 1.0
    moved = {edit.name: edit.change(spot, 2 / 16)[0, 0] for edit in COLOUR}
    assert divmod(moved["move right"].argmax().item(), 32) == (16, 18)
    assert divmod(moved["move down"].argmax().item(), 32) == (18, 16)


def test_which_edits_suit_which_pictures():
    assert edits_for(1) is GREY
    assert edits_for(3) is COLOUR
