"""The two networks of a run: what each choice builds, and that it does what its paper says."""

import pytest
import torch
from torch import nn

from gan.models.build import build_networks
from gan.models.layers import ConditionalBatchNorm2d, MinibatchDiscrimination, VirtualBatchNorm2d
from gan.models.mlp import PointDiscriminator, PointGenerator
from gan.settings.catalogue import METHODS
from gan.settings.config import TrainConfig, method_of
from gan.training.resolve import resolve

FOR_POINTS = [name for name, method in METHODS.items() if method.points is not None]


def built(tiny, classes: int = 0, **changed):
    return build_networks(resolve(tiny(**changed)), classes)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("size", [32, 64, 128])
def test_every_method_builds_networks_that_fit(tiny, name, size):
    config = resolve(tiny(method=name, size=size, channels=3))
    classes = 5 if method_of(config).labels == "required" else 0
    g, d = build_networks(config, classes)
    images = g(torch.randn(4, config.z_dim))
    assert images.shape == (4, 3, size, size)
    assert images.abs().max() <= 1
    labels = torch.tensor([0, 1, 4, 4]) if classes else None
    logits = d(
        torch.cat([images, images]), groups=2, labels=None if labels is None else labels.repeat(2)
    )
    assert logits.shape == (8,)
    assert logits.isfinite().all()
    # The parts of a batch are judged apart: the same part twice gets the same answer.
    assert torch.allclose(logits[:4], logits[4:], atol=1e-4)


@pytest.mark.parametrize(
    "name", [name for name, method in METHODS.items() if method.points is not None]
)
def test_every_method_for_points_builds_networks_that_fit(name):
    g, d = build_networks(resolve(TrainConfig("ring", name, width=8, d_width=8)))
    assert isinstance(g, PointGenerator)
    assert isinstance(d, PointDiscriminator)
    points = g(torch.randn(4, 2))
    assert points.shape == (4, 2)
    logits = d(torch.cat([points, points]), groups=2)
    assert torch.allclose(logits[:4], logits[4:], atol=1e-5)


@pytest.mark.parametrize("model", ["dcgan", "resnet", "mlp"])
def test_spectral_normalisation_brings_every_largest_singular_value_to_one(tiny, model):
    if model == "mlp":
        config = TrainConfig("ring", "sngan", width=8, d_width=8)
        seen = torch.randn(4, 2)
    else:
        config = tiny(method="sngan", model=model)
        seen = torch.randn(4, 1, 32, 32)
    _, d = build_networks(resolve(config))
    for _ in range(50):  # the power iteration goes on at each pass
        d(seen)
    found = 0
    for layer in d.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            largest = torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2)
            assert largest.item() == pytest.approx(1, abs=0.02)
            found += 1
    assert found >= 4


def weights_of(net):
    return [
        layer.weight for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    ]


@pytest.mark.parametrize(
    "one, other",
    [
        ({}, {"changes": {"labels": "used"}}),
        ({}, {"changes": {"d_norm": "none"}}),
        ({"method": "hinge"}, {"method": "wgan_gp"}),
    ],
)
def test_networks_of_the_same_shape_begin_with_the_same_weights(tiny, one, other):
    for mine, theirs in zip(built(tiny, **one), built(tiny, classes=3, **other), strict=True):
        pairs = list(zip(weights_of(mine), weights_of(theirs), strict=True))
        assert pairs and all(torch.equal(*pair) for pair in pairs)


def test_initial_weights_of_d_do_not_depend_on_g(tiny):
    (narrow, d), (wide, other_d) = built(tiny, d_width=8), built(tiny, width=8, d_width=8)
    assert narrow.width != wide.width
    assert all(torch.equal(*pair) for pair in zip(d.parameters(), other_d.parameters(), strict=True))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("classes", [0, 3])
def test_a_seed_decides_the_weights_whatever_ran_before(tiny, name, classes):
    first = built(tiny, classes, method=name)
    torch.manual_seed(9)
    torch.randn(5)
    again = built(tiny, classes, method=name)
    for one, other in zip(first, again, strict=True):
        assert all(torch.equal(v, other.state_dict()[k]) for k, v in one.state_dict().items())


def test_choices_put_their_layers_where_they_belong(tiny):
    g, d = built(tiny, method="virtual_batch_norm")
    assert sum(isinstance(layer, VirtualBatchNorm2d) for layer in g.modules()) == 3
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in g.modules())
    g, d = built(tiny, method="conditional", classes=7)
    assert {
        layer.scale.num_embeddings for layer in g.modules() if isinstance(layer, ConditionalBatchNorm2d)
    } == {7}
    assert d.embedding.num_embeddings == 7
    _, d = built(tiny, method="minibatch_discrimination")
    assert isinstance(d.compare, MinibatchDiscrimination)
    assert d.head.in_features == d.features(torch.zeros(2, 1, 32, 32)).shape[1] + 16


def test_a_class_changes_the_image_and_the_logit(tiny):
    g, d = built(tiny, method="conditional", classes=3)
    for layer in g.modules():
        if isinstance(layer, ConditionalBatchNorm2d):
            nn.init.normal_(layer.shift.weight)
    g, d = g.eval(), d.eval()
    z = torch.randn(1, 8)
    images = torch.cat([g(z, torch.tensor([label])) for label in range(3)])
    assert len({tuple(image.flatten().tolist()) for image in images}) == 3
    logits = [d(images[:1], labels=torch.tensor([label])).item() for label in range(3)]
    assert len(set(logits)) == 3


def test_without_a_label_z_determines_the_class(tiny):
    g, _ = built(tiny, method="conditional", classes=3)
    g = g.eval()
    z = torch.randn(20, 8)
    assert torch.equal(g(z), g(z, z[:, :3].argmax(1)))
    assert torch.allclose(g(z)[3:5], g(z[3:5]), atol=1e-5)


def test_the_projection_is_that_of_the_paper(tiny):
    _, d = built(tiny, method="conditional", classes=3)
    d = d.eval()
    images, labels = torch.randn(4, 1, 32, 32), torch.tensor([2, 0, 1, 2])
    features = d.features(images)
    by_hand = d.head(features).squeeze(1) + (d.embedding.weight[labels] * features).sum(1)
    assert torch.allclose(d(images, labels=labels), by_hand, atol=1e-6)
