"""Distances against direct formulas in float64, and laws that any distance must keep."""

import numpy as np
import pytest
import torch

from gan.data.image_tensors import Images, to_float, to_uint8
from gan.data.load import load_images
from gan.drawn.registry import DRAWN
from gan.metrics import distances
from gan.metrics.classifiers import CLASSIFIERS, metric_for
from gan.metrics.distances import SlicedWasserstein, frechet_distance, sliced_wasserstein
from gan.metrics.judge import Judge, classify, draw_fakes, draw_pixels
from gan.metrics.quality import TITLES
from gan.models import lenet as classifier
from gan.models.generator import Generator
from gan.models.lenet import LeNet, fit_lenet, load_lenet


@pytest.fixture(scope="module")
def glyphs():
    """Grey 32×32 pictures that the LeNet can look at."""
    return to_float(load_images("glyphs", 32, 1, 400).pixels)


@pytest.fixture(scope="module")
def noise():
    return torch.rand(200, 1, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1


def root(matrix: torch.Tensor) -> torch.Tensor:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T


def direct_frechet(one: torch.Tensor, other: torch.Tensor) -> float:
    """|m1 - m2|² + tr(C1 + C2 - 2 (C1^½ C2 C1^½)^½) of the LeNet's features, in float64."""
    x, y = (load_lenet().features(images).double() for images in (one, other))
    c1, c2 = torch.cov(x.T), torch.cov(y.T)
    half = root(c1)
    mixed = root(half @ c2 @ half)
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + torch.trace(c1 + c2 - 2 * mixed))


def test_frechet_is_the_formula(glyphs, noise):
    for one, other in ((glyphs[:200], glyphs[200:]), (glyphs[:200], noise), (noise, glyphs[:150])):
        assert frechet_distance(one, other) == pytest.approx(direct_frechet(one, other), rel=1e-3)


def test_frechet_orders_sets_as_the_eye_does(glyphs, noise):
    real, others = glyphs[:200], glyphs[200:]
    floor = frechet_distance(real, others)
    blurred = torch.nn.functional.avg_pool2d(others, 5, stride=1, padding=2)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-2 * floor)
    assert floor > 0
    assert frechet_distance(real, blurred) > 2 * floor
    assert frechet_distance(real, noise) > 10 * floor
    assert frechet_distance(others, real) == pytest.approx(floor, rel=1e-3)


def direct_sliced(one: torch.Tensor, other: torch.Tensor) -> float:
    """W1 between projections, as the area between their distribution functions, in float64."""
    rng = torch.Generator().manual_seed(0)
    directions = torch.randn(one[0].numel(), 256, generator=rng)
    directions = (directions / directions.norm(dim=0)).double().numpy()
    x, y = (images.flatten(1).double().numpy() @ directions for images in (one, other))
    areas = []
    for a, b in zip(x.T, y.T, strict=True):
        places = np.sort(np.concatenate([a, b]))
        below_a = np.searchsorted(np.sort(a), places[:-1], side="right") / len(a)
        below_b = np.searchsorted(np.sort(b), places[:-1], side="right") / len(b)
        areas.append(np.sum(np.abs(below_a - below_b) * np.diff(places)))
    return float(np.mean(areas))


def test_sliced_wasserstein_is_the_area_between_distribution_functions(glyphs, noise):
    for one, other in ((glyphs[:200], glyphs[200:]), (glyphs[:200], noise)):
        assert sliced_wasserstein(one, other) == pytest.approx(direct_sliced(one, other), rel=1e-4)


def test_sliced_wasserstein_is_a_distance(glyphs, noise):
    real, others = glyphs[:200], glyphs[200:]
    floor = sliced_wasserstein(real, others)
    assert sliced_wasserstein(real, real) == 0
    assert sliced_wasserstein(real, real.flip(0)) == 0
    assert sliced_wasserstein(others, real) == pytest.approx(floor, rel=1e-6)
    assert sliced_wasserstein(real, noise) > 5 * floor > 0
    assert sliced_wasserstein(2 * real, 2 * others) == pytest.approx(2 * floor, rel=1e-5)
    longer = sliced_wasserstein(real, others) + sliced_wasserstein(others, noise)
    assert sliced_wasserstein(real, noise) < longer


def test_a_shift_moves_every_projection_by_its_own_length():
    zero = torch.zeros(5, 1, 32, 32)
    rng = torch.Generator().manual_seed(0)
    directions = torch.randn(1024, 256, generator=rng).double()
    expected = (0.5 * directions.sum(0) / directions.norm(dim=0)).abs().mean().item()
    assert sliced_wasserstein(zero, zero + 0.5) == pytest.approx(expected, rel=1e-5)


def test_sets_of_other_sizes_are_cut_to_the_smaller(glyphs):
    assert sliced_wasserstein(glyphs[:50], glyphs[100:300]) == pytest.approx(
        sliced_wasserstein(glyphs[:50], glyphs[100:150])
    )
    with pytest.raises(ValueError, match="At least 50 images are needed, not 49"):
        SlicedWasserstein(glyphs[:50])(glyphs[:49])


@pytest.mark.parametrize("metric", ["frechet", "sliced_wasserstein"])
def test_a_judge_measures_what_the_functions_do(metric):
    pixels = load_images("glyphs", 32, 1, 400).pixels
    judge = Judge(metric, pixels[:200], pixels[200:])
    torch.manual_seed(1)
    g = Generator(width=4, z_dim=8).eval()
    quality = judge(g)
    measure = frechet_distance if metric == "frechet" else sliced_wasserstein
    real, others = to_float(pixels[:200]), to_float(pixels[200:])
    assert quality.metric == metric
    assert quality.floor == pytest.approx(measure(real, others), rel=1e-4)
    assert quality.distance == pytest.approx(measure(real, draw_fakes(g, 200)), rel=1e-4)
    assert quality.distance > 2 * quality.floor
    assert judge(g) == quality


def test_fakes_are_one_stream_of_latents():
    g = Generator(width=4, z_dim=8).eval()
    z = torch.randn(600, 8, generator=torch.Generator().manual_seed(0))
    many = draw_fakes(g, 600)
    assert many.shape == (600, 1, 32, 32)
    assert torch.allclose(many, g(z), atol=1e-6)
    assert not torch.allclose(draw_fakes(g, 5, seed=1), many[:5])
    state = torch.get_rng_state()
    draw_fakes(g, 5)
    assert torch.equal(state, torch.get_rng_state())


def test_which_data_gets_which_metric():
    assert metric_for("mnist", 1, 32) == metric_for("/data/MNIST", 1, 32) == "frechet"
    assert metric_for("ylecun/mnist", 1, 32) == "frechet"
    for other in (("mnist", 3, 32), ("mnist", 1, 64), ("glyphs", 1, 32), ("mnist/pictures", 1, 32)):
        assert metric_for(*other) == "sliced_wasserstein"
    assert metric_for("faces", 3, 32) == metric_for("faces", 3, 128) == "frechet_faces"
    assert metric_for("shapes", 3, 32) == "frechet_shapes"
    assert (
        metric_for("/data/cifar10", 3, 32) == metric_for("uoft-cs/cifar10", 3, 64) == "frechet_cifar10"
    )
    for other in (("faces", 1, 64), ("cifar10", 1, 32), ("own:faces2", 3, 64), ("cifar100", 3, 32)):
        assert metric_for(*other) == "sliced_wasserstein"


def test_every_metric_has_a_title():
    assert TITLES.keys() == {*CLASSIFIERS, "sliced_wasserstein"}


@pytest.mark.parametrize("metric", ["frechet_faces", "frechet_shapes", "frechet_cifar10"])
def test_features_tell_blur_and_repeats_from_real_pictures(metric):
    # Any coloured pictures do to tell that the features see form: drawn ones.
    source = {"frechet_faces": "faces"}.get(metric, "shapes")
    pixels = to_float(load_images(source, 32, 3, 600).pixels)
    real, others = pixels[:300], pixels[300:]
    floor = frechet_distance(real, others, metric)
    blurred = torch.nn.functional.avg_pool2d(others, 5, stride=1, padding=2)
    assert floor > 0
    assert frechet_distance(real, blurred, metric) > 2 * floor
    assert frechet_distance(real, others[:10].repeat(30, 1, 1, 1), metric) > 2 * floor
    judged = Judge(metric, *(load_images(source, 32, 3, 600).pixels.split(300)))
    assert judged.floor == pytest.approx(floor, rel=1e-3)


@pytest.mark.parametrize("metric", CLASSIFIERS)
def test_each_classifier_gives_features_and_classes(metric):
    known = CLASSIFIERS[metric]
    side = known.size or 64
    images = torch.zeros(3, known.channels, side, side)
    features = known.features()
    assert features(images).shape == (3, features.num_features)
    classes = {"frechet_faces": len(DRAWN["faces"].factors["hair"]), "frechet_shapes": 8}
    assert known.classes()(images).shape == (3, classes.get(metric, 10))


def test_classes_are_shares_of_what_the_lenet_says(glyphs):
    classes = classify(glyphs)
    chances = load_lenet()(glyphs).softmax(1)
    expected = [(chances.argmax(1) == digit).double().mean().item() for digit in range(10)]
    assert classes.shares == pytest.approx(expected, abs=1e-6)
    assert classes.confident == pytest.approx((chances.amax(1) >= 0.9).double().mean().item(), abs=1e-6)


def test_changed_classifier_weights_are_refused(tmp_path):
    content = classifier.WEIGHTS.read_bytes()
    path = tmp_path / "model.safetensors"
    for changed in (content[:-1] + bytes([content[-1] ^ 1]), content[:-4], b""):
        path.write_bytes(changed)
        with pytest.raises(ValueError, match="missing or changed"):
            load_lenet(path)
    with pytest.raises(ValueError, match="missing or changed"):
        load_lenet(tmp_path / "nowhere")
    path.write_bytes(content)
    assert not load_lenet(path).training


def test_a_classifier_learns_and_its_seed_decides_it():
    # Two easy classes: bright on the left, bright on the right.
    pixels = torch.zeros(512, 1, 32, 32, dtype=torch.uint8)
    labels = torch.arange(512) % 2
    pixels[labels == 0, :, :, :12] = 255
    pixels[labels == 1, :, :, 20:] = 255
    images = Images("sides", pixels, labels)
    lenet = fit_lenet(images, epochs=2, log=lambda line: None)
    assert classifier.accuracy(lenet, images) == 1.0
    assert classifier.accuracy(LeNet(), images) < 0.9
    again = fit_lenet(images, epochs=2, log=lambda line: None)
    assert torch.equal(again.head.weight, lenet.head.weight)


def test_pixels_are_measured_as_their_floats_in_whatever_lots(monkeypatch):
    rng = torch.Generator().manual_seed(0)
    real, fake = (torch.randint(0, 256, (40, 3, 8, 8), generator=rng).byte() for _ in range(2))
    wanted = sliced_wasserstein(to_float(real), to_float(fake))
    monkeypatch.setattr(distances, "ROWS", 7)
    assert sliced_wasserstein(real, fake) == pytest.approx(wanted, rel=1e-5)


def test_drawn_pixels_are_the_fakes_rounded():
    g = Generator(channels=3, width=4, z_dim=8).eval()
    fakes, drawn = draw_fakes(g, 300, seed=2), draw_pixels(g, 300, seed=2)
    assert drawn.dtype == torch.uint8 and drawn.shape == (300, 3, 32, 32)
    assert torch.equal(drawn, torch.from_numpy(to_uint8(fakes)).permute(0, 3, 1, 2))
