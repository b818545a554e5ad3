"""What is asked about the inside of a generator: films, units by part, pictures with edits, a file beside weights."""

import numpy as np
import pytest
import torch

from gan.data.image_tensors import to_uint8
from gan.inside.dissection import UnitScore, units_of
from gan.inside.dissection_file import NAME, write_dissection
from gan.inside.edit_text import write_mask
from gan.inside.edits import Factor, Stroke, changed, changer
from gan.inside.limits import GRID
from gan.inside.look import SHOWN, Look, names_of
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FILE
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig

ALL = write_mask(torch.ones(GRID, GRID))


@pytest.fixture
def look(tmp_path):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        generator = Generator("dcgan", 32, 3, 8, 16).eval()
    save_generator(tmp_path, generator, TrainConfig())
    return Look(generator, tmp_path)


Z = seed_latents([3], 16)


def test_pictures_with_edits_are_those_of_the_changes(look):
    z = seed_latents(range(3), 16)
    expected = to_uint8(changed(look.inside, z, [Factor(1, 4, 0.0), Factor(0, 2, 2.5)]))
    assert np.array_equal(look.pictures(z, "1.4x0,0.2x2.5"), expected)
    plain = look.pictures(z)
    assert np.array_equal(plain, to_uint8(look.inside.generator(z).detach()))
    assert not np.array_equal(plain, expected)


def test_a_film_shows_the_most_active_units_first(look):
    film = look.film(Z, layer=1)
    units = look.inside.units(Z)[1][0]
    strengths = [one.strength for one in film.units]
    assert len(film.units) == min(SHOWN, len(units)) and strengths == sorted(strengths, reverse=True)
    first = film.units[0]
    assert first.unit == int(units.mean((1, 2)).argmax())
    largest = max(np.abs(one.pixels.astype(int)).max() for one in film.units)
    assert first.pixels.dtype == np.int8 and first.pixels.shape == (8, 8) and largest == 127
    assert [guess.shape for guess in film.guesses] == [(4, 4, 3), (8, 8, 3), (16, 16, 3)]
    assert {one.part for one in film.units} == {""}  # nobody has looked for parts


def test_a_film_shows_what_edits_do_to_units(look):
    (off, *others) = look.film(Z, layer=2, count=1).units
    after = look.film(Z, edits=f"2.{off.unit}x0", layer=2, count=1000).units
    # It keeps its place, so that what was pressed stays where it is.
    assert (after[0].unit, after[0].strength, np.abs(after[0].pixels).max()) == (off.unit, 0.0, 0)
    assert len(after) == look.inside.layers[2].units and not others


def test_parts_are_found_when_they_are_asked_for(look):
    assert look.parts == []
    scores = look.scores
    assert look.parts == names_of(scores) and len(look.parts) >= 2
    part = look.parts[0]
    film = look.film(Z, layer=2, part=part, count=5)
    assert [one.unit for one in film.units] == [one.unit for one in units_of(scores, part, 2, 5)]
    with pytest.raises(ValueError, match="Unknown part 'beard'"):
        look.film(Z, layer=2, part="beard")


def test_a_dissection_beside_the_weights_is_taken_unless_it_is_of_others(look, tmp_path):
    scores = [UnitScore(1, 3, "hat", 0.7, 2.0), UnitScore(2, 1, "hat", 0.2, 1.0)]
    write_dissection(tmp_path / NAME, ["hat"], scores, tmp_path / WEIGHTS_FILE)
    assert look.parts == ["hat"]
    painted = look.pictures(Z, f"less.hat.{ALL}")
    off = Stroke(1, (3,), (0.0,), torch.ones(8, 8))
    assert np.array_equal(painted, to_uint8(changed(look.inside, Z, [off])))
    (tmp_path / WEIGHTS_FILE).write_bytes(b"others")
    assert Look(look.inside.generator, tmp_path).parts == []


def test_painting_more_takes_the_strength_that_the_part_has_here(look):
    usual, mask = (1.0, 1.0), torch.ones(8, 8)
    mask[:, 4:] = 0.0

    def painted(units):
        return changer(look.inside.layers, [Stroke(1, (0, 1), usual, mask, as_here=True)])(1, units)

    units = torch.zeros(1, look.inside.layers[1].units, 8, 8)
    # Where the picture has no such part: 1.2 times the usual.
    assert painted(units)[0, :2, :, :4].unique().tolist() == pytest.approx([1.2])
    units[0, 0, 2:4, 5:7], units[0, 1, 2:4, 5:7] = 3.0, 0.5
    after = painted(units)
    assert after[0, 0, :, :4].unique().tolist() == pytest.approx([3.6])
    assert after[0, 1, :, :4].unique().tolist() == pytest.approx([0.6])
    assert torch.equal(after[..., 4:], units[..., 4:]) and torch.equal(after[:, 2:], units[:, 2:])


@pytest.mark.parametrize(
    ("wanted", "words"), [({"layer": 3}, "layer must be"), ({"count": 0}, "count must be")]
)
def test_wrong_wishes_are_refused(look, wanted, words):
    with pytest.raises(ValueError, match=words):
        look.film(Z, **wanted)
