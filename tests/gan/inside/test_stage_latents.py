"""Latents of single stages: what the text says, and what is drawn."""

import numpy as np
import pytest
import torch
from helpers.fresh_generator import fresh_generator
from PIL import Image

from gan.cli.parser import main
from gan.inside.limits import MAX_EDITS
from gan.inside.look import Look
from gan.inside.mixing import mix
from gan.inside.stage_latents import blends_of, split_stages
from gan.latent.directions import sefa_set
from gan.latent.vectors import seed_latents
from gan.models.storage import find_generator, load_generator


@pytest.fixture
def look(tmp_path):
    return lambda family, finds=False, **changes: Look(
        fresh_generator(family, **changes), tmp_path, finds
    )


ONE, OTHER = seed_latents([1], 16), seed_latents([2], 16)


def test_a_text_is_parted_into_stages_and_the_rest():
    text = "2.17x0, z1.seed.42x0.7,z2.sefa.3x-1.5,z1.named.hair_colourx2,pull.1.2.3.4x5"
    assert split_stages(text, 2) == (
        "2.17x0,pull.1.2.3.4x5",
        {(0, "seed", "42"): 0.7, (1, "sefa", "3"): -1.5, (0, "named", "hair colour"): 2.0},
    )
    assert split_stages("", 0) == ("", {})


def test_of_several_that_say_the_same_the_last_counts():
    assert split_stages("z1.seed.1x1,z2.seed.1x1,z1.seed.2x0.5", 2)[1] == {
        (1, "seed", "1"): 1.0, (0, "seed", "2"): 0.5,
    }  # fmt: skip
    assert split_stages("z1.pca.1x1,z1.pca.1x-2", 1)[1] == {(0, "pca", "1"): -2.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("z1.seed.42", "no latent of a stage"),
        ("z1.seed.42x", "no latent of a stage"),
        ("z1.seed.42xnan", "no latent of a stage"),
        ("z1.seed.٣x1", "no latent of a stage"),
        ("z1.hair colourx1", "no latent of a stage"),
        ("z0.seed.1x1", "stage must be"),
        ("z3.seed.1x1", "stage must be"),
        ("z1.other.1x1", "what a stage's latent follows"),
        (",".join(f"z1.sefa.{k}x1" for k in range(MAX_EDITS + 1)), "At most"),
    ],
)
def test_other_texts_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        split_stages(text, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("z1.seed.1x1.1", "share must be"),
        ("z1.seed.1x-0.1", "share must be"),
        ("z1.seed.9999999999x1", "seed"),
        ("z1.seed.onex1", "whole number"),
        ("z1.sefa.99x1", "direction of the set sefa"),
        ("z1.sefa.1x4", "amount of 1"),
        ("z1.named.hairx1", "called named do not lie beside"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_drawn(look, text, words):
    with pytest.raises(ValueError, match=words):
        look("palette").pictures(ONE, text)


def test_a_network_that_takes_z_once_has_no_stages(look):
    with pytest.raises(ValueError, match="takes z at its first layer alone"):
        look("dcgan").pictures(ONE, "z1.seed.2x1")


@pytest.mark.parametrize(
    ("family", "changes"), [("palette", {}), ("wavelet", {}), ("palette", {"norm": "virtual"})]
)
def test_all_stages_of_a_seed_are_the_mixture_with_it(look, family, changes):
    one = look(family, **changes)
    stages = range(1, len(one.entrances) + 1)
    mixed = mix(one.inside.generator, ONE, OTHER, 0.6)
    text = ",".join(f"z{stage}.seed.2x0.6" for stage in stages)
    seen = one._run(ONE, one._read(text))[0]
    torch.testing.assert_close(seen, mixed, atol=1e-5, rtol=0)
    assert not any(each._forward_pre_hooks for each in one.inside.generator.modules())


def test_nothing_of_a_seed_and_no_move_change_nothing(look):
    one = look("wavelet")
    own = one.pictures(ONE)
    for text in ("z1.seed.2x0", "z2.sefa.1x0", "z1.seed.1x1"):
        assert np.abs(one.pictures(ONE, text).astype(int) - own).max() <= 1


def test_a_move_is_that_of_the_latent_at_its_stage_alone(look):
    one = look("palette")
    vector = torch.tensor(sefa_set(one.inside.generator).directions[2].vector)
    moved = mix(one.inside.generator, ONE, ONE + 1.5 * vector)
    seen = one._run(ONE, one._read("z1.sefa.3x1.5"))[0]
    torch.testing.assert_close(seen, moved, atol=1e-5, rtol=0)
    both = mix(one.inside.generator, ONE + 1.5 * vector, OTHER + 1.5 * vector, 0.5)
    blend = blends_of(split_stages("z1.sefa.3x1.5,z1.seed.2x0.5", 1)[1], ONE, one.directions)[0]
    torch.testing.assert_close(blend.own, ONE + 1.5 * vector)
    torch.testing.assert_close(blend.other, OTHER + 1.5 * vector)
    seen = one._run(ONE, one._read("z1.sefa.3x1.5,z1.seed.2x0.5"))[0]
    colours = one._run(ONE + 1.5 * vector, one._read("z1.sefa.3x1.5,z1.seed.2x0.5"))[0]
    assert (seen - both).abs().max() > 1e-4 and (seen - colours).abs().max() > 1e-4


def test_a_stage_changes_what_comes_after_it_alone(look):
    one = look("wavelet")
    own = one.inside.units(ONE)
    seen = one._run(ONE, one._read("z2.seed.2x1"))[1]
    changed = [float((a - b).abs().max()) for a, b in zip(own, seen, strict=True)]
    assert changed[0] == 0.0 and min(changed[1:]) > 1e-4


def test_stages_stand_beside_changes_of_units_and_pulls(look):
    one = look("wavelet")
    text = "z1.seed.2x1,0.0only"
    assert (one.pictures(ONE, text) != one.pictures(ONE, "0.0only")).any()
    assert (one.pictures(ONE, text) != one.pictures(ONE, "z1.seed.2x1")).any()
    pulls = "pull.20.20.28.20x3"
    pulled, other = one.pictures(ONE, f"z1.seed.2x1,{pulls}"), one.pictures(ONE, pulls)
    assert len(one.drags) == 2 and (pulled != other).any()
    film = one.film(ONE, "z1.seed.2x1", layer=1)
    assert len(film.guesses) == len(one.inside.layers)


def test_several_latents_at_once_are_each_alone(look):
    one, z = look("palette"), torch.cat([ONE, OTHER])
    text = "z1.seed.7x0.5,z1.sefa.1x1"
    together = one.pictures(z, text).astype(int)
    alone = np.concatenate([one.pictures(each, text) for each in z.split(1)])
    assert np.abs(together - alone).max() <= 1


def test_faces_keep_their_form_while_their_skin_darkens():
    look = Look(load_generator("faces"), find_generator("faces"), finds=False)
    z = seed_latents([5, 7, 90], 64)
    own, units = look.inside.run(z)
    seen, after = look._run(z, look._read("z1.named.dark_skinx2"))
    assert all(torch.equal(a, b) for a, b in zip(units, after, strict=True))
    whole = look.inside.run(z + 2 * torch.tensor(look.directions("named").directions[1].vector))[1]
    assert any((a - b).abs().max() > 0.1 for a, b in zip(units, whole, strict=True))
    middle = (slice(None), slice(None), slice(56, 80), slice(56, 72))
    assert float((seen[middle] - own[middle]).mean()) < -0.1


def test_the_command_draws_them(tmp_path):
    out = tmp_path / "one.png"
    arguments = ["sample", "--model", "faces", "--seeds", "5", "--scale", "1", "--out", str(out)]
    assert main([*arguments, "--edits", "z1.seed.11x1"]) == 0
    look = Look(load_generator("faces"), find_generator("faces"))
    with Image.open(out) as image:
        drawn = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(drawn - look.pictures(seed_latents([5], 64), "z1.seed.11x1")[0]).max() <= 1
    assert main([*arguments, "--edits", "z2.seed.11x1"]) == 2
