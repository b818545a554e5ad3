"""The report card on drawn data: planted faults are found, and real pictures have no findings."""

import dataclasses
import html
import json

import numpy as np
import pytest
import torch

from benchmarks.planted_faults import FAULTS, blurred, plant
from gan.data.load import load_images
from gan.models.generator import Generator
from gan.models.storage import load_generator
from gan.report.as_dict import as_dict
from gan.report.measurements import sharpness
from gan.report.pipeline import judge, report
from gan.report.reference_data import load_reference
from gan.report.render import write_card
from gan.settings.config import TrainConfig

# Enough that a missing class is significant: glyphs have 36 classes.
COUNTS = {"glyphs": 800, "shapes": 500}
EXPECTED = {
    "missing": "classes",
    "repeated": "repeats",
    "blurred": "blur",
    "memorised": "copies",
}


@pytest.fixture(scope="module", params=["glyphs", "shapes"])
def cards(request):
    """A finished card of each planted fault; faces take too long for a test."""
    size, channels = (32, 1) if request.param == "glyphs" else (32, 3)
    count = COUNTS[request.param]
    train = load_images(request.param, size, channels)
    others = load_images(request.param, size, channels, 2 * count, seed=7)
    # Fewer training pictures than usual, for speed.
    training = TrainConfig(data=request.param, limit=2000)
    reals = load_reference(request.param, size, channels, count, training=training)
    train = dataclasses.replace(train, pixels=train.pixels[:2000], labels=train.labels[:2000])
    made = {}
    for fault in FAULTS:
        *_, last = judge(plant(fault, train, others, count), reals)
        made[fault] = last.card
    return made


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_planted_fault_is_found_and_called_a_fault(cards, fault):
    found = {finding.kind: finding.level for finding in cards[fault].verdict.findings}
    assert found.get(EXPECTED[fault]) == "poor"
    # Nothing else is found, except that few pictures cannot show every class.
    allowed = {"blur": {"unreal"}, "repeats": {"classes"}}.get(EXPECTED[fault], set())
    assert set(found) & set(EXPECTED.values()) - {EXPECTED[fault]} <= allowed


def test_other_real_pictures_give_no_finding(cards):
    assert cards["nothing"].verdict.findings == ()
    assert "as good as real pictures" in cards["nothing"].verdict.headline


def test_the_missing_class_is_named(cards):
    card = cards["missing"]
    gone = min(zip(card.classes.fake, card.classes.names, strict=True))[1]
    finding = next(each for each in card.verdict.findings if each.kind == "classes")
    assert finding.title == "A class is missing"
    assert finding.evidence.startswith(f"{gone} comes much less often")


def test_repeats_are_counted(cards):
    assert 10 < cards["repeated"].distinct < 40
    assert cards["nothing"].distinct > cards["nothing"].samples / 2


def test_the_closest_pairs_of_a_memorised_set_are_the_same_pictures(cards):
    pairs = cards["memorised"].pictures["copied"]
    assert torch.equal(pairs[0::2], pairs[1::2])
    other = cards["nothing"].pictures["copied"]
    assert not torch.equal(other[0::2], other[1::2])


def test_results_come_one_after_another_and_are_the_same_again():
    generator = load_generator("digits")
    training, runs = TrainConfig(data="glyphs", limit=200), []
    for _ in range(2):
        counts, parts = [], []
        for progress in report(generator, "glyphs", samples=40, seed=3, training=training):
            counts.append(len(progress.card.measures))
            parts.append(progress.part)
        assert counts == sorted(counts) and len(set(counts)) > 4
        assert parts == sorted(parts) and (parts[0], parts[-1]) == (0, 1)
        progress.card.seconds = 0
        runs.append(progress.card)
    assert as_dict(runs[0], "x") == as_dict(runs[1], "x")
    assert all(torch.equal(runs[0].pictures[name], runs[1].pictures[name]) for name in runs[0].pictures)


@pytest.mark.parametrize(("samples", "seed"), [(5, 0), (6000, 0), (True, 0), ("many", 0), (50, -1)])
def test_numbers_out_of_range_are_refused(samples, seed):
    with pytest.raises(ValueError, match=r"samples|seed"):
        next(report(Generator("dcgan", size=32, channels=1, width=4, z_dim=8), "glyphs", samples, seed))


def test_a_folder_without_test_pictures_is_measured_in_halves(tmp_path):
    from PIL import Image

    pixels = load_images("glyphs", 32, 1, 60).pixels.numpy()
    for index, picture in enumerate(pixels):
        Image.fromarray(picture[0]).save(tmp_path / f"{index}.png")
    reals = load_reference(str(tmp_path), 32, 1, 500)
    assert not reals.unseen
    assert len(reals.reference) == len(reals.held) == 30
    *_, last = judge(reals.train[:30], reals)
    assert "no test pictures" in " ".join(as_dict(last.card, "x")["notes"])
    # The training pictures themselves are found to be copies, though nothing was held out.
    assert last.card.measures["copies"].level == "poor"
    assert last.card.measures["copies"].real < 0.2


def test_too_few_pictures_are_refused(tmp_path):
    from PIL import Image

    for index, picture in enumerate(load_images("glyphs", 32, 1, 12).pixels.numpy()):
        Image.fromarray(picture[0]).save(tmp_path / f"{index}.png")
    with pytest.raises(ValueError, match="at least 20 are needed"):
        load_reference(str(tmp_path), 32, 1, 500)


def test_exactly_the_training_pictures_of_the_run_are_searched():
    assert (
        len(load_reference("glyphs", 32, 1, 20, training=TrainConfig(data="glyphs", limit=50)).train)
        == 50
    )
    # Of other data, the run's limit says nothing.
    assert (
        len(load_reference("glyphs", 32, 1, 20, training=TrainConfig(data="shapes", limit=50)).train)
        > 50
    )


def test_sharpness_knows_blur_and_does_not_mind_contrast():
    sharp = load_images("glyphs", 32, 1, 50).pixels
    pale = (sharp.float() / 2 + 60).round().to(torch.uint8)
    assert sharpness(pale).median().item() == pytest.approx(sharpness(sharp).median().item(), rel=0.05)
    assert sharpness(blurred(sharp, 1.0)).median() < 0.7 * sharpness(sharp).median()
    assert sharpness(torch.full((1, 1, 32, 32), 9, dtype=torch.uint8)).item() == 0


def test_blur_keeps_flat_pictures_and_spreads_a_dot():
    flat = torch.full((1, 3, 16, 16), 77, dtype=torch.uint8)
    assert torch.equal(blurred(flat, 1.0), flat)
    dot = torch.zeros(1, 1, 17, 17, dtype=torch.uint8)
    dot[..., 8, 8] = 255
    spread = blurred(dot, 1.0)[0, 0]
    # The middle of a discrete Gaussian of σ = 1 is 0.3991, squared for two directions.
    assert spread[8, 8].item() == round(255 * 0.39905**2)
    assert torch.equal(spread, spread.T) and spread[8, 12] == 0


def test_planting_refuses_what_it_cannot_do():
    some = load_images("glyphs", 32, 1, 30)
    with pytest.raises(ValueError, match="Unknown fault"):
        plant("theft", some, some, 5)
    with pytest.raises(ValueError, match="50 pictures are needed"):
        plant("nothing", some, some, 50)


@pytest.mark.parametrize("kind", ["json", "html", "png"])
def test_a_card_is_written_and_names_are_escaped(cards, tmp_path, kind):
    path = tmp_path / f"card.{kind}"
    write_card(path, cards["missing"], "<script>alert(1)</script>")
    content = path.read_bytes()
    if kind == "json":
        assert json.loads(content)["verdict"]["findings"][0]["kind"] == "classes"
    elif kind == "html":
        assert b"<script" not in content and b"&lt;script&gt;alert(1)&lt;/script&gt;" in content
        card, page = cards["missing"], html.unescape(content.decode())
        for text in (card.verdict.headline, *(each.advice for each in card.verdict.findings)):
            assert text in page
        assert page.count("data:image/png;base64,") == len(card.pictures) > 1
        assert page.count('<td class="n">') == 2 * len(card.measures)
    else:
        from PIL import Image

        drawn = np.asarray(Image.open(path))
        assert drawn.shape[1] == 900 and drawn.min() < 30


def test_other_endings_are_refused(cards, tmp_path):
    with pytest.raises(ValueError, match=r"\.json, \.html, \.png"):
        write_card(tmp_path / "card.exe", cards["nothing"], "x")
