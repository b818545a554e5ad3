"""Rules that Python and the page both have, on one table (tests/web/ runs the page's on it)."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers.unpacking import unpacked

from demo.workers.messages import RECORDED_SESSION
from gan.images import mnist_style
from gan.inside.dissection import UnitScore
from gan.inside.edit_text import read_edits
from gan.inside.edits import Factor
from gan.inside.layers import Layer
from gan.inside.pull_text import pull_text, split_pulls
from gan.inside.stage_latents import blends_of, split_stages
from gan.latent import classes, recipe
from gan.latent.directions import Direction, DirectionSet
from gan.latent.lineage import grow
from gan.latent.text import pack, pack_z, round_z, unpack, unpack_z
from gan.models.class_names import class_index

TABLE = Path(__file__).parents[1] / "web" / "shared_rules.json"
RULES = json.loads(TABLE.read_text(encoding="utf-8"))
RECIPES, UNIT_EDITS, PULLS = RULES["recipes"], RULES["unit_edits"], RULES["pulls"]
STAGES = RULES["stages"]


@pytest.mark.parametrize("row", RULES["packed_latents"], ids=lambda row: row["text"])
def test_packed_latents(row):
    z = np.array(row["z"], np.float32)
    assert pack_z(z) == row["text"]
    assert (unpack_z(row["text"], len(z)) == z).all()


@pytest.mark.parametrize(("value", "steps"), RULES["rounded_steps"])
def test_rounding(value, steps):
    rounded = round_z(np.array([value / 4096]))
    assert (rounded * 4096).tolist() == [steps]


@pytest.mark.parametrize("text", RULES["not_packed"])
def test_what_is_no_packed_latent(text):
    with pytest.raises(ValueError, match="packed latent"):
        unpack_z(text, 3)


@pytest.mark.parametrize("row", RULES["exact_latents"], ids=lambda row: row["text"])
def test_exact_latents(row):
    z = np.array(row["z"], np.float32)
    assert pack(z) == row["text"]
    assert (unpack(row["text"]) == z).all()


@pytest.mark.parametrize("row", UNIT_EDITS["read"], ids=lambda row: row["text"][:30])
def test_changes_of_units_as_they_are_read(row):
    factors, strokes = [[1.0] * count for count in UNIT_EDITS["layers"]], []
    for change in unit_edits(row["text"]):
        if isinstance(change, Factor):
            factors[change.layer][change.unit] *= change.factor
        else:
            places = change.mask.flatten().nonzero().flatten().tolist()
            strokes.append({"more": change.as_here, "places": places})
    assert (factors, strokes) == (row["factors"], row["strokes"])


@pytest.mark.parametrize("text", UNIT_EDITS["refused"])
def test_changes_of_units_that_are_refused(text):
    with pytest.raises(ValueError):
        unit_edits(text)


def unit_edits(text):
    layers = [Layer(index, 4, count, True) for index, count in enumerate(UNIT_EDITS["layers"])]
    return read_edits(text, layers, lambda: [UnitScore(0, 1, UNIT_EDITS["part"], 0.5, 1.0)])


@pytest.mark.parametrize("row", STAGES["read"], ids=lambda row: row["text"])
def test_latents_of_stages_as_they_are_read(row):
    found = {f"{stage + 1}.{key}.{name}": value for (stage, key, name), value in stages(row["text"])}
    assert found == row["changes"]


@pytest.mark.parametrize("text", STAGES["refused"])
def test_latents_of_stages_that_are_refused(text):
    with pytest.raises(ValueError):
        stages(text)


def stages(text):
    """What a text says, for a model with STAGES["count"] of them and its sets of directions."""

    def directions(key):
        if key not in STAGES["sets"]:
            raise ValueError(f"no set {key}")
        found = tuple(Direction(name, "", (1.0, 0.0)) for name in STAGES["sets"][key])
        return DirectionSet(key, "", "", found)

    others, changes = split_stages(text, STAGES["count"])
    blends_of(changes, torch.zeros(1, 2), directions)
    read_edits(others, [], tuple)
    return changes.items()


@pytest.mark.parametrize("row", PULLS["read"], ids=lambda row: row["text"])
def test_pulls_as_they_are_read_and_written(row):
    _, (pull,) = split_pulls(row["text"], PULLS["size"])
    assert [list(place) for place in pull.holds] == row["holds"]
    assert [[list(place) for place in pair] for pair in pull.pairs] == row["pairs"]
    assert (pull.steps, pull_text(pull)) == (row["steps"], row["text"])


@pytest.mark.parametrize("text", PULLS["refused"])
def test_pulls_that_are_refused(text):
    with pytest.raises(
        ValueError, match=r"is no pull of a point|steps of a pull|1 to 8 points|can be held"
    ):
        split_pulls(text, PULLS["size"])


@pytest.mark.parametrize("text", RECIPES["litters"])
def test_recipes_that_make_a_litter(text):
    family = grow(text, RECIPES["z_dim"], 2, RECIPES["classes"])
    assert family.litter.shape == (2, RECIPES["z_dim"])


@pytest.mark.parametrize("text", RECIPES["refused"])
def test_recipes_that_are_refused(text):
    with pytest.raises(ValueError):
        grow(text, RECIPES["z_dim"], 2, RECIPES["classes"])


@pytest.mark.parametrize("row", RECIPES["written"], ids=lambda row: row["text"])
def test_recipes_as_they_are_written(row):
    roots = [str(seed) for seed in row["roots"]]
    label = row.get("class")
    assert recipe.litter(roots, row["percent"] / 100, row["litter"], label) == row["text"]


@pytest.mark.parametrize("row", RECIPES["sums"], ids=lambda row: row["text"])
def test_recipes_of_sums_as_they_are_written(row):
    groups = (row["plus"], row["minus"], row["onto"])
    assert recipe.litter_of_sum(*groups, row["percent"] / 100, row["litter"]) == row["text"]


@pytest.mark.parametrize(
    ("change", "row"),
    [(classes.with_class, row) for row in RULES["classes"]["changed"]]
    + [(classes.keep_class, row) for row in RULES["classes"]["kept"]],
)
def test_z_of_a_class_and_kept_in_one(change, row):
    assert RULES["classes"]["lead"] == classes.LEAD
    changed = change(np.array([row["z"]], np.float32), row["classes"], row["class"])
    assert (changed == np.array([row["with"]], np.float32)).all()
    assert changed[0, : row["classes"]].argmax() == row["class"]


@pytest.mark.parametrize("row", RULES["classes"]["named"])
def test_classes_by_name_and_number(row):
    if row["index"] is None:
        with pytest.raises(ValueError, match="has no class"):
            class_index(row["text"], row["classes"], row["names"])
    else:
        assert class_index(row["text"], row["classes"], row["names"]) == row["index"]


def test_a_digit_fills_the_same_box():
    assert RULES["mnist_digit"]["box"] == mnist_style.BOX


def test_the_recorded_session():
    session = unpacked(gzip.decompress(RECORDED_SESSION.read_bytes()))
    wanted = RULES["recorded_session"]
    steps = [frame["step"] for frame in session["frames"]]
    assert (len(steps), steps[0], steps[-1]) == (
        wanted["frames"],
        wanted["first_step"],
        wanted["last_step"],
    )
    assert session["modes"] == wanted["modes"]
