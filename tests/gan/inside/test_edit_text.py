"""Changes of units as text: what it says is what is done, and anything else is refused in one sentence."""

import pytest
import torch

from gan.inside.dissection import UnitScore
from gan.inside.edit_text import read_edits, read_mask, write_mask
from gan.inside.edits import Factor
from gan.inside.layers import Layer
from gan.inside.limits import GRID, MAX_EDITS

LAYERS = [Layer(0, 4, 6, True), Layer(1, 8, 3, True)]
SCORES = [
    UnitScore(1, 2, "white 2", 0.6, 1.5),
    UnitScore(1, 0, "white 2", 0.4, 0.5),
    UnitScore(0, 1, "white 2", 0.1, 9.0),
    UnitScore(0, 1, "hair", 0.2, 2.0),
]
CORNER = torch.zeros(GRID, GRID)
CORNER[:3, -2:] = 1.0


def test_units_are_named_by_layer_and_index():
    assert read_edits("0.3x0.5, 1.2x0", LAYERS, tuple) == [Factor(0, 3, 0.5), Factor(1, 2, 0.0)]
    assert read_edits("1.1only", LAYERS, tuple) == [Factor(1, 0, 0.0), Factor(1, 2, 0.0)]
    assert read_edits("", LAYERS, tuple) == read_edits(" , ", LAYERS, tuple) == []


def test_the_last_of_several_counts_and_what_is_painted_comes_last():
    mask = write_mask(CORNER)
    edits = read_edits(f"less.hair.{mask},0.3x0.5,1.0only,0.3x2,1.1only", LAYERS, lambda: SCORES)
    assert edits[:3] == [Factor(1, 0, 0.0), Factor(1, 2, 0.0), Factor(0, 3, 2.0)]
    assert edits[3].units == (1,) and len(edits) == 4


def test_a_part_is_painted_with_the_units_of_its_best_layer_best_first():
    (more, less) = read_edits(
        f"more.white_2.{write_mask(CORNER)},less.hair.{write_mask(CORNER)}", LAYERS, lambda: SCORES
    )
    assert (more.layer, more.units, more.values, more.as_here) == (1, (2, 0), (1.5, 0.5), True)
    assert (less.layer, less.units, less.values, less.as_here) == (0, (1,), (0.0,), False)
    assert torch.equal(more.mask, CORNER) and torch.equal(less.mask, CORNER)


def test_a_mask_is_bits_from_the_top_left():
    one = torch.zeros(GRID, GRID)
    one[0, 0] = one[0, 9] = 1.0
    assert write_mask(one).startswith("gEAAA") and len(write_mask(one)) == 171
    assert torch.equal(read_mask(write_mask(one)), one)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "'hello' is no change of units"),
        ("2.0x1", "layer must be"), ("0.6x1", "unit must be"), ("0.0x4", "factor must be"),
        ("0.0xnan", "no change"), ("0.0x1e9", "no change"), ("-1.0x1", "no change"), ("٣.0x1", "no change"),
        ("1.9only", "unit must be"),
        ("more.hair.", "no change"), ("more.hair.AAAA", "A mask is 32 × 32 bits"), ("more.hair.Ä", "A mask"),
        (f"more.beard.{write_mask(CORNER)}", "Unknown part 'beard': choose one of white 2, hair"),
        (",".join(["0.0x1"] * (MAX_EDITS + 1)), "At most 200 edits"),
        ("x" * 9000, "at most 8000"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        read_edits(text, LAYERS, lambda: SCORES)


def test_without_a_dissection_nothing_can_be_painted():
    with pytest.raises(ValueError, match="Nobody has looked"):
        read_edits(f"more.hair.{write_mask(CORNER)}", LAYERS, tuple)
