"""Networks of points: their depth, what is between their layers, and what noise they take."""

import json
import math

import pytest
import torch
from torch import nn

from gan.common.files import read_json
from gan.models.build import build_networks
from gan.models.mlp import PointDiscriminator, PointGenerator
from gan.models.storage import read_generator, save_generator
from gan.settings.config import TrainConfig
from gan.training.resolve import resolve

SHAPED = {"depth": 5, "activation": "tanh", "noise": "uniform"}


def built(**changes) -> tuple[PointGenerator, PointDiscriminator]:
    return build_networks(resolve(TrainConfig("ring", width=8, d_width=6, changes=changes)))


def hidden(net: nn.Module) -> int:
    return sum(isinstance(layer, nn.Linear) for layer in net.modules()) - 1


@pytest.mark.parametrize(
    ("changes", "depths"),
    [
        ({}, (5, 5)),
        ({"depth": 1}, (1, 1)),
        ({"d_depth": 8}, (5, 8)),
        ({"depth": 4, "d_depth": 2}, (4, 2)),
    ],
    ids=str,
)
def test_the_depths_are_those_of_the_config(changes, depths):
    assert tuple(map(hidden, built(**changes))) == depths


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("leaky_relu", lambda x: torch.where(x > 0, x, 0.2 * x)),
        ("relu", lambda x: x.clamp_min(0.0)),
        ("tanh", torch.tanh),
    ],
)
def test_one_hidden_layer_by_hand(name, by_hand):
    for net, outputs in zip(built(depth=1, activation=name), (2, 1), strict=True):
        first, last = (layer for layer in net.modules() if isinstance(layer, nn.Linear))
        x = 3 * torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
        expected = last(by_hand(first(x)))
        assert torch.allclose(net(x).view(50, outputs), expected, atol=1e-6)


def test_uniform_noise_is_uniform_with_unit_variance_and_keeps_the_order():
    g = PointGenerator(width=4, z_dim=1, noise="uniform")
    # The quantiles of a normal distribution become evenly spaced.
    shares = torch.linspace(0.01, 0.99, 99, dtype=torch.double)
    entered = g.noise_input(torch.special.ndtri(shares)[:, None]).squeeze(1)
    assert torch.allclose(entered, math.sqrt(3) * (2 * shares - 1), atol=1e-9)
    many = g.noise_input(torch.randn(100_000, 1, generator=torch.Generator().manual_seed(0)))
    assert many.var().item() == pytest.approx(1, abs=0.02)
    assert many.abs().max() <= math.sqrt(3)


def test_g_uses_the_noise_distribution_of_its_config():
    even, usual = built(noise="uniform")[0], built()[0]
    z = torch.randn(20, 2)
    assert usual.noise_input(z) is z
    assert torch.equal(even(z), usual(even.noise_input(z)))
    assert not torch.allclose(even(z), usual(z), atol=1e-3)


def test_a_generator_is_read_with_all_that_shapes_it(tmp_path):
    config = resolve(TrainConfig("ring", width=8, changes=SHAPED))
    generator, _ = build_networks(config)
    save_generator(tmp_path, generator, config)
    shape = {"family": "mlp", "width": 8, "z_dim": 2, **SHAPED}
    assert read_json(tmp_path / "config.json") == shape
    z = torch.randn(9, 2)
    assert torch.equal(read_generator(tmp_path)(z), generator(z))


def test_a_config_without_newer_settings_is_read(tmp_path):
    config = resolve(TrainConfig("ring", width=8, changes={"depth": 3}))
    generator, _ = build_networks(config)
    save_generator(tmp_path, generator, config)
    old = {"family": "mlp", "width": 8, "z_dim": 2, "depth": 3}
    (tmp_path / "config.json").write_text(json.dumps(old))
    z = torch.randn(9, 2)
    assert torch.equal(read_generator(tmp_path)(z), generator(z))


@pytest.mark.parametrize(
    "wrong",
    [{"depth": 0}, {"depth": 9}, {"activation": "gelu"}, {"noise": None}, {"width": 200}],
    ids=str,
)
def test_invalid_settings_are_refused(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        PointGenerator(**wrong)
