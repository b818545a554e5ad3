"""Sets of directions: PCA against what it must find, names by regression, and files from anyone."""

import json

import pytest
import torch
from torch import nn

from gan.latent import named_directions
from gan.latent.direction_files import NAME, read_directions, write_directions
from gan.latent.directions import SETS, Direction, as_set, direction, pca, pca_set, sefa_set
from gan.latent.named_directions import by_classes, by_edits, find_named, regress, trained_on
from gan.latent.sefa import sefa
from gan.models.generator import Generator
from gan.models.init import initialise


class Planted(nn.Module):
    """Pictures in which three directions of z, at right angles, move most, in this order."""

    family, channels, z_dim = "planted", 1, 5

    def __init__(self):
        super().__init__()
        rng = torch.Generator().manual_seed(3)
        self.latent, _ = torch.linalg.qr(torch.randn(5, 5, generator=rng))
        picture, _ = torch.linalg.qr(torch.randn(16, 5, generator=rng))
        self.map = self.latent @ torch.diag(torch.tensor([3.0, 2.0, 1.0, 0.05, 0.05])) @ picture.T

    def forward(self, z, depth=None):
        return (z @ self.map).view(-1, 1, 4, 4)


def small(family: str = "dcgan", channels: int = 1, classes: int = 0, norm: str = "batch") -> Generator:
    generator = Generator(family, 32, channels, 4, 8, norm, classes)
    initialise(generator, torch.Generator().manual_seed(0))
    return generator.eval().requires_grad_(False)


def test_pca_finds_what_samples_differ_in_most_strongest_first():
    generator = Planted()
    rows = pca(generator, 3, samples=4000)
    found = (rows @ generator.latent[:, :3]).abs()
    assert found.diagonal().min() > 0.99
    assert torch.allclose(rows.norm(dim=1), torch.ones(3), atol=1e-5)
    assert (rows.gather(1, rows.abs().argmax(1, keepdim=True)) > 0).all()


@pytest.mark.parametrize(
    ("family", "classes", "norm"),
    [
        ("dcgan", 0, "batch"), ("tutorial", 0, "batch"), ("resnet", 0, "batch"),
        ("progressive", 0, "none"), ("dcgan", 3, "batch"), ("dcgan", 0, "virtual"),
        ("dcgan", 3, "modulated"),
    ],
)  # fmt: skip
def test_every_generator_has_components(family, classes, norm):
    generator = small(family, 1, classes, norm)
    rows = pca(generator, 4, samples=64)
    assert rows.shape == (4, 8)
    assert rows.isfinite().all()
    assert torch.equal(rows, pca(generator, 4, samples=64))
    assert not torch.equal(rows, pca(generator, 4, samples=64, seed=1))


def test_the_components_are_those_of_the_first_activations():
    generator = small()
    z = torch.randn(1024, 8, generator=torch.Generator().manual_seed(0))
    features = nn.Sequential(generator.dense, *generator.layers[:3])(z).flatten(1)
    features = (features - features.mean(0)).double()
    scores = torch.linalg.svd(features, full_matrices=False).U[:, :2].T
    expected = torch.nn.functional.normalize(scores @ (z - z.mean(0)).double(), dim=1)
    assert (pca(generator, 2).double() * expected).sum(1).abs().tolist() == pytest.approx(
        [1, 1], abs=1e-3
    )


@pytest.mark.parametrize("count", [0, 9, True, None, float("nan"), "3"])
def test_a_bad_number_of_components_is_refused(count):
    with pytest.raises(ValueError, match="number of directions"):
        pca(small(), count)


def test_sets_without_names_are_numbered():
    generator = small()
    for made, key in ((sefa_set(generator, 3), "sefa"), (pca_set(generator, 3), "pca")):
        assert (made.key, made.title) == (key, SETS[key][0])
        assert [one.name for one in made.directions] == ["1", "2", "3"]
    told = torch.tensor([one.vector for one in sefa_set(generator, 99).directions])
    assert torch.allclose(told, sefa(generator, 8), atol=1e-5)


def test_regression_finds_a_planted_slope_and_its_spread():
    generator = Planted()
    slope = torch.tensor([[0.5, -2.0, 0.0, 1.0, 0.25]])

    def read(images):
        z = images.flatten(1) @ torch.linalg.pinv(generator.map)
        return z @ slope.T + 7.0

    found, spread = regress(generator, read)
    assert torch.allclose(found, slope, atol=0.15)
    assert spread.item() == pytest.approx(slope.norm().item(), rel=0.05)


def test_directions_of_edits_are_named_unlike_and_of_sound_length():
    made = by_edits(small(), samples=8)
    names = [one.name for one in made.directions]
    assert len(set(names)) == len(names) >= 2
    rows = torch.tensor([one.vector for one in made.directions])
    lengths = rows.norm(dim=1)
    assert lengths.min() > named_directions.LENGTHS[0] - 1e-3
    assert lengths.max() < named_directions.LENGTHS[1] + 1e-3
    units = torch.nn.functional.normalize(rows, dim=1)
    assert (units @ units.T - torch.eye(len(rows))).abs().max() < named_directions.MAX_COSINE + 1e-3
    assert made == by_edits(small(), samples=8)


def test_directions_of_classes_raise_the_logit_of_their_class():
    generator = Planted()

    def classifier(images):
        return images.flatten(1) @ torch.linalg.pinv(generator.map)  # class k is number k of z

    made = by_classes(generator, classifier)
    assert [one.name for one in made.directions] == [f"digit {k}" for k in range(5)]
    for k, one in enumerate(made.directions):
        assert one.vector[k] == pytest.approx(named_directions.LENGTHS[1], abs=0.05)


@pytest.mark.parametrize(("data", "channels"), [("mnist", 1), ("faces", 3), ("own", 3), ("", 1)])
def test_any_generator_has_named_directions(data, channels):
    sets = find_named(small(channels=channels), data, samples=4)
    assert sets[0].key == "named"
    assert [each.key for each in sets[1:]] == (["classes"] if data == "mnist" else [])


def test_what_a_generator_was_trained_on_may_be_unknown(tmp_path):
    assert trained_on(tmp_path) == ""
    (tmp_path / "train.json").write_text('{"data": 7}')
    assert trained_on(tmp_path) == ""
    (tmp_path / "train.json").write_text('{"data": "mnist"}')
    assert trained_on(tmp_path) == "mnist"


@pytest.fixture
def folder(tmp_path):
    """A generator's folder with two sets of directions of three numbers."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"weights")
    named = as_set("named", [Direction("long hair", "from short to long", (1.0, 0.0, -0.5))])
    classes = as_set("classes", [direction("digit 1", "", torch.tensor([0.0, 1.0, 0.123456789]))])
    write_directions(tmp_path / NAME, (named, classes), weights)
    return tmp_path


def test_a_file_gives_back_its_sets(folder):
    named, classes = read_directions(folder, 3)
    assert named.directions == (Direction("long hair", "from short to long", (1.0, 0.0, -0.5)),)
    assert (named.title, named.hint) == SETS["named"]
    assert classes.directions[0].vector == (0.0, 1.0, 0.12346)


def test_no_file_no_directions(tmp_path):
    assert read_directions(tmp_path, 3) == ()


def test_directions_of_other_weights_are_refused(folder):
    (folder / "model.safetensors").write_bytes(b"trained further")
    with pytest.raises(ValueError, match="made for other weights"):
        read_directions(folder, 3)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ValueError, match=r"no readable model\.safetensors"):
        read_directions(folder, 3)


def row(content):
    return content["sets"][0]["directions"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(sets={}), "list of 1 to 4 sets"),
        (lambda c: c.update(sets=c["sets"] * 3), "list of 1 to 4 sets"),
        (lambda c: c.update(sets=c["sets"] * 2), "names something twice"),
        (lambda c: c.update(sets=[7]), "each set must be an object"),
        (lambda c: c["sets"][0].update(key="sefa<b>"), "Unknown set of directions"),
        (lambda c: c["sets"][0].update(key=None), "Unknown set of directions"),
        (lambda c: c["sets"][0].update(directions=[]), "list of 1 to 32 directions"),
        (lambda c: c["sets"][0].update(directions=[row(c)] * 33), "list of 1 to 32 directions"),
        (lambda c: c["sets"][0].update(directions=[row(c)] * 2), "names something twice"),
        (lambda c: c["sets"][0].update(directions=["smile"]), "each direction must be an object"),
        (lambda c: row(c).update(name="<script>"), "must be of letters"),
        (lambda c: row(c).update(name="a:b,c"), "must be of letters"),
        (lambda c: row(c).update(name="x" * 25), "at most 24 printable"),
        (lambda c: row(c).update(name=7), "name of a direction"),
        (lambda c: row(c).update(hint="x" * 81), "hint of long hair"),
        (lambda c: row(c).update(hint="a\u202eb"), "hint of long hair"),
        (lambda c: row(c).update(hint=None), "hint of long hair"),
        (lambda c: row(c).update(vector=[1.0, 2.0]), "must have 3 numbers"),
        (lambda c: row(c).update(vector="123"), "must have 3 numbers"),
        (lambda c: row(c).update(vector=[0, 0, 0]), "0 everywhere"),
        (lambda c: row(c).update(vector=[1.0, float("nan"), 0.0]), "must be a number"),
        (lambda c: row(c).update(vector=[1.0, float("inf"), 0.0]), "must be a number"),
        (lambda c: row(c).update(vector=[1.0, 1e9, 0.0]), "from -10 to 10"),
        (lambda c: row(c).update(vector=[True, 1.0, 0.0]), "must be a number"),
        (lambda c: row(c).update(vector=[[1.0], 1.0, 0.0]), "must be a number"),
    ],
)
def test_a_hostile_file_is_a_sentence(folder, change, words):
    path = folder / NAME
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=words):
        read_directions(folder, 3)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 10_000, b" " * 2_000_000])
def test_what_is_no_settings_file_is_refused(folder, content):
    (folder / NAME).write_bytes(content)
    with pytest.raises(ValueError):
        read_directions(folder, 3)


def test_shipped_directions_are_whole():
    from gan.models.registry import WEIGHTS_FOLDER
    from gan.models.storage import load_generator

    for name, wanted in (
        ("digits", {"slant", "thickness", "width"}),
        ("faces", {"sunglasses", "tilt"}),
    ):
        sets = read_directions(WEIGHTS_FOLDER / name, load_generator(name).z_dim)
        assert wanted <= {one.name for one in sets[0].directions}
