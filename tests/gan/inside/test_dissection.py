"""Which unit draws which part: planted units are found, and files come back as they were written."""

import json

import pytest
import torch
from helpers.running_commands import refused, run

from gan.inside.dissection import best_layer, causal_effect, dissect, units_of
from gan.inside.dissection_file import NAME, read_dissection, write_dissection
from gan.inside.layers import Inside
from gan.inside.parts import Parts, colour_name, k_means, parts_of
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FILE
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig


@pytest.fixture(scope="module")
def planted():
    """A generator of which unit 3 of the last layer alone makes pixels bright, and the parts dark and bright."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        generator = Generator("dcgan", 32, 1, 8, 16).eval()
    last = [layer for layer in generator.layers if isinstance(layer, torch.nn.ConvTranspose2d)][-1]
    strong = Inside(generator).units(torch.randn(50, 16))[-1][:, 3]
    with torch.no_grad():
        last.weight.zero_()
        last.weight[3] = 1.0
        # Four places of the layer add up to a pixel; where they are stronger than usual, it is bright.
        last.bias.fill_(-4 * strong.quantile(0.8).item())
    return Inside(generator), Parts(("dark", "bright"), lambda pictures: (pictures[:, 0] > 0).long())


def test_the_unit_that_draws_a_part_is_found(planted):
    inside, parts = planted
    scores = dissect(inside, parts, samples=60)
    assert best_layer(scores, "bright", count=1) == 2
    best, second = units_of(scores, "bright", 2, 2)
    assert best.unit == 3 and best.iou > 0.7 and best.iou > second.iou + 0.2
    assert {score.part for score in scores} == {"dark", "bright"}
    assert len(scores) == 2 * sum(layer.units for layer in inside.layers)


def test_switching_it_off_takes_the_part_away(planted):
    inside, parts = planted
    z = torch.randn(40, 16, generator=torch.Generator().manual_seed(5))
    assert causal_effect(inside, parts, "bright", 2, [3], z) == 1.0
    assert causal_effect(inside, parts, "bright", 2, [0, 1, 2], z) == 0.0


def test_a_dissection_comes_back_as_it_was_written(planted, tmp_path):
    inside, parts = planted
    save_generator(tmp_path, inside.generator, TrainConfig())
    scores = dissect(inside, parts, samples=20)
    write_dissection(tmp_path / NAME, parts.names, scores, tmp_path / WEIGHTS_FILE)
    names, read = read_dissection(tmp_path, inside.layers)
    assert names == parts.names
    best = units_of(scores, "bright", 2)
    assert [one.unit for one in read if (one.part, one.layer) == ("bright", 2)] == [
        one.unit for one in best
    ]
    assert read_dissection(tmp_path / "nothing", inside.layers) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": "0" * 64}, {"parts": []}, {"parts": ["a"] * 33}, {"units": [[0, 0, "ink", 2.0, 0.0]]},
        {"units": [[0, 0]]}, {"units": [[9, 0, "bright", 0.5, 0.0]]}, {"units": 3},
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(planted, tmp_path, wrong):
    inside, parts = planted
    save_generator(tmp_path, inside.generator, TrainConfig())
    write_dissection(tmp_path / NAME, parts.names, [], tmp_path / WEIGHTS_FILE)
    content = json.loads((tmp_path / NAME).read_text()) | wrong
    (tmp_path / NAME).write_text(json.dumps(content))
    with pytest.raises(ValueError):
        read_dissection(tmp_path, inside.layers)


def test_clusters_are_found_where_they_were_put():
    rng = torch.Generator().manual_seed(0)
    centres = torch.tensor([[0.0, 0.0], [5.0, 5.0], [-5.0, 5.0]])
    points = (centres[:, None] + 0.1 * torch.randn(3, 50, 2, generator=rng)).flatten(0, 1)
    found = k_means(points, 3, rng)
    assert torch.cdist(centres, found).min(1).values.max() < 0.2


def test_colours_have_the_names_that_people_give_them():
    assert colour_name(torch.tensor([-1.0])) == "black"
    assert colour_name(torch.tensor([0.6, -0.6, -0.6])) == "red"
    assert colour_name(torch.tensor([-0.4, -0.1, 0.6])) == "blue"


def test_any_model_has_parts(planted):
    inside, _ = planted
    parts = parts_of(inside, "my pictures")
    pictures, _ = inside.run(torch.randn(3, 16, generator=torch.Generator().manual_seed(0)))
    found = parts.masks(pictures)
    assert found.shape == (3, 32, 32) and len(set(parts.names)) == len(parts.names) == 6
    assert found.min() >= 0 and found.max() < 6
    assert parts_of(inside, "mnist").names == ("paper", "ink")


def test_the_command_writes_what_the_page_reads(tmp_path, capsys):
    out = tmp_path / "digits.json"
    assert run("dissect", "--model", "digits", "--samples", "10", "--out", out) == 0
    assert "ink: layer" in capsys.readouterr().out
    assert json.loads(out.read_text())["parts"] == ["paper", "ink"]
    assert "samples must be" in refused(capsys, "dissect", "--model", "digits", "--samples", "5")
