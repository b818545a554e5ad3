"""Points that are pulled (gan.inside.drag), and their text (gan.inside.pull_text)."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from gan.cli.parser import main
from gan.inside.drag import Drag
from gan.inside.layers import Inside
from gan.inside.limits import MAX_STEPS
from gan.inside.look import Look
from gan.inside.pull_text import pull_text, split_pulls
from gan.inside.pulls import Pull
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FOLDER
from gan.models.storage import load_generator

FAMILIES = [
    ("dcgan", "batch"), ("tutorial", "batch"), ("resnet", "batch"), ("progressive", "none"), ("wavelet", "batch"),
    ("haar", "batch"), ("palette", "batch"), ("dcgan", "virtual"), ("dcgan", "modulated"),
]  # fmt: skip


def small(family="dcgan", norm="batch", size=32):
    torch.manual_seed(0)
    return Inside(Generator(family, size=size, channels=3, width=8, z_dim=8, norm=norm).eval())


def a_pull(length, steps, start=(16.0, 16.0)):
    return Pull(((start, (start[0] + length, start[1])),), steps)


@pytest.fixture(scope="module")
def faces():
    return Inside(load_generator("faces"))


def test_a_pull_of_no_pixels_changes_nothing():
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    drag = Drag(inside, z)
    drag.follow([a_pull(0, 10)])
    assert drag.arrived and not drag.delta.any()
    with torch.no_grad():
        assert torch.equal(drag.picture(), inside.generator(z))


@pytest.mark.parametrize(("family", "norm"), FAMILIES)
def test_every_family_can_be_dragged(family, norm):
    inside, z = small(family, norm), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    drag = Drag(inside, z)
    drag.follow([a_pull(6, 3)])
    picture = drag.picture()
    assert picture.shape == (1, 3, 32, 32) and picture.isfinite().all()
    assert drag.delta.abs().max() > 0


def test_what_a_shipped_face_shows_follows_a_point_and_the_rest_stays(faces):
    """The corners of mouths go 8 pixels down; the hair, far away, keeps every pixel. Nine of ten drags arrive."""
    arrived = 0
    for seed in (5, 7, 11, 23):
        drag = Drag(faces, seed_latents([seed], faces.generator.z_dim))
        before = drag.picture()
        drag.follow([Pull((((52.0, 92.0), (52.0, 100.0)),), MAX_STEPS)])
        changed = (drag.picture() - before).abs()
        assert changed[:, :, :40].max() == 0.0
        assert changed[:, :, 84:108, 40:64].mean() > 0.01
        arrived += drag.arrived
    assert arrived >= 2


def test_what_is_held_stays(faces):
    z = seed_latents([5], faces.generator.z_dim)
    pulls, changes = [Pull((((52.0, 92.0), (52.0, 100.0)),), 12)], []
    for holds in ((), ((52.0, 110.0),)):
        drag = Drag(faces, z)
        drag.follow([replace(pull, holds=holds) for pull in pulls])
        # A cell of the layer is eight pixels wide; the mask of what is held has that side.
        changes.append(float(drag.delta[0, :, 13, 6].abs().max()))
    assert changes[0] > 0.0 == changes[1]


def test_going_on_is_the_same_as_going_at_once_and_back_is_exact():
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    at_once, by_steps = Drag(inside, z), Drag(inside, z)
    at_once.follow([a_pull(6, 5), a_pull(5, 4, (8.0, 8.0))])
    first = None
    for steps in range(1, 6):
        by_steps.follow([a_pull(6, steps)])
        first = by_steps.picture()
    for steps in (2, 4):
        by_steps.follow([a_pull(6, 5), a_pull(5, steps, (8.0, 8.0))])
    torch.testing.assert_close(by_steps.delta, at_once.delta)
    by_steps.follow([a_pull(6, 5)])
    assert torch.equal(by_steps.picture(), first)
    by_steps.follow([])
    assert not by_steps.delta.any()


@pytest.mark.parametrize("most", [1, 2, 9])
def test_in_turns_it_comes_where_it_comes_at_once(most):
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    pulls = [a_pull(6, 5), a_pull(5, 4, (8.0, 8.0))]
    at_once, in_turns = Drag(inside, z), Drag(inside, z)
    at_once.follow(pulls)
    turns = 0
    while in_turns.pulls != pulls:
        in_turns.follow(in_turns.towards(pulls, most))
        turns += 1
    assert turns == math.ceil(5 / most) + math.ceil(4 / most)
    torch.testing.assert_close(in_turns.delta, at_once.delta)
    # What is done is not done again, and what is taken back is taken back.
    before = in_turns.delta
    in_turns.follow(in_turns.towards(pulls, most))
    assert in_turns.delta is before
    assert in_turns.towards(pulls[:1], most) == pulls[:1]


def test_the_same_pull_twice_is_two_pulls_however_one_comes_there():
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    twice = [a_pull(6, 4), a_pull(6, 2)]
    at_once, by_steps, after_undo = (Drag(inside, z) for _ in range(3))
    at_once.follow(twice)
    for steps in (1, 2):
        by_steps.follow([a_pull(6, 4), a_pull(6, steps)])
    after_undo.follow([a_pull(6, 4), a_pull(5, 3, (8.0, 8.0))])
    after_undo.follow([a_pull(6, 4)])
    assert after_undo.points
    after_undo.follow(twice)
    for drag in (at_once, by_steps, after_undo):
        assert drag.pulls == twice and len(drag.after) == 3
        torch.testing.assert_close(drag.delta, at_once.delta)
    # Asked for again, nothing moves on.
    before = at_once.delta
    at_once.follow(twice)
    assert at_once.delta is before


def test_a_pull_goes_on_after_an_undo_as_if_nothing_had_been():
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    straight, undone = Drag(inside, z), Drag(inside, z)
    straight.follow([a_pull(6, 5)])
    undone.follow([a_pull(6, 3), a_pull(5, 2, (8.0, 8.0))])
    undone.follow([a_pull(6, 3)])
    undone.follow([a_pull(6, 5)])
    assert undone.pulls == [a_pull(6, 5)]
    torch.testing.assert_close(undone.delta, straight.delta)


def test_what_is_held_later_leaves_earlier_pulls_as_they_were():
    inside, z = small(), torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    drag = Drag(inside, z)
    drag.follow([a_pull(6, 4)])
    before = drag.delta
    drag.follow([a_pull(6, 4), replace(a_pull(5, 0, (4.0, 4.0)), holds=((16.0, 16.0),))])
    assert torch.equal(drag.delta, before)


def test_a_point_that_cannot_go_there_is_stuck():
    """A generator that draws one colour whatever its units do has nothing that could follow."""
    inside = small()
    with torch.no_grad():
        inside.generator.layers[-2].weight.zero_()
        for module in inside.generator.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.zero_()
    drag = Drag(inside, torch.randn(1, 8))
    drag.follow([a_pull(10, MAX_STEPS)])
    assert drag.stuck and not drag.arrived and drag.points == ((16.0, 16.0),)


def test_text_of_pulls_there_and_back():
    text = "pull.3-5.4.10.4+8.8.9.9x23h20.9-5"
    others, pulls = split_pulls(f"1.2x0, {text}", 32)
    assert others == "1.2x0"
    assert pulls == [Pull((((3.5, 4.0), (10.0, 4.0)), ((8.0, 8.0), (9.0, 9.0))), 23, ((20.0, 9.5),))]
    assert pull_text(pulls[0]) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pull.1.2.3x4", "is no pull"),
        ("pull.1.2.3.4x", "is no pull"),
        ("pull.1.2.3.4x81", "steps of a pull"),
        ("pull.1.2.40.4x8", "place in the picture"),
        ("pull.1.2.3.4x4h1", "is no pull"),
        ("pull.1.2.3.4x4h99.1", "place in the picture"),
        ("pull." + "+".join(["1.2.3.4"] * 9) + "x4", "1 to 8 points"),
        (",".join(["pull.1.2.3.4x1"] * 13), "At most 12 pulls"),
        (",".join(["pull.1.2.3.4x80"] * 4), "160 steps"),
        ("pull.1.2.3.4x1" + "h1.2" * 17, "At most 16 places can be held"),
        ("0.1x0.55555," * 800, "at most 8,000 letters"),
    ],
)
def test_wrong_pulls_are_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        split_pulls(text, 32)


def test_a_look_draws_pulls_among_other_edits_and_keeps_what_was_done():
    look = Look(load_generator("digits"), WEIGHTS_FOLDER / "digits")
    z = seed_latents([5, 6], look.inside.generator.z_dim)
    text = "1.2x0,pull.16.16.20.16x4"
    both = look.pictures(z, text)
    assert np.array_equal(both[:1], look.pictures(z[:1], text))
    assert not np.array_equal(both, look.pictures(z, "1.2x0"))
    drag = look.drag(z[:1], text)
    assert look.drag(z[:1], "1.2x0,pull.16.16.20.16x6") is drag
    assert drag.pulls[0].steps == 6
    assert look.film(z[:1], text).units


def test_the_command_draws_before_and_after(tmp_path, capsys):
    out = tmp_path / "dragged.png"
    arguments = ["drag", "--model", "digits", "--seed", "5", "--pull", "16,16,20,16", "--out", str(out)]
    assert main([*arguments, "--hold", "8,8", "--scale", "1"]) == 0
    assert "after" in capsys.readouterr().out
    with Image.open(out) as image:
        assert image.size == (64, 32)
        pixels = np.asarray(image.convert("L"))
    own = Look(load_generator("digits"), WEIGHTS_FOLDER / "digits").pictures(seed_latents([5], 64))
    assert np.array_equal(pixels[:, :32], own[0, :, :, 0])
    assert not np.array_equal(pixels[:, 32:], pixels[:, :32])
    for wrong, words in (
        (["--pull", "1,2,3"], "4 numbers parted by commas"),
        (["--pull", "1,2,3,40"], "place in the picture"),
        (["--hold", "a,b"], "2 numbers parted by commas"),
        (["--steps", "81"], "steps must be"),
        (["--seed", "-1"], "seed must be"),
    ):
        assert main([*arguments, *wrong]) == 2
        assert words in capsys.readouterr().err
