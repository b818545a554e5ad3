"""Layers against values computed by hand."""

import math

import pytest
import torch
from torch import nn

from gan.models.layers import (
    ConditionalBatchNorm2d,
    EqualConv2d,
    EqualLinear,
    MinibatchDiscrimination,
    MinibatchStddev,
    ModulatedBatchNorm2d,
    PixelNorm,
    VirtualBatchNorm2d,
)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def test_virtual_normalisation_does_not_depend_on_the_neighbours():
    norm, reference, images = VirtualBatchNorm2d(3, 4), torch.randn(4, 3, 5, 5), torch.randn(2, 3, 5, 5)
    together = norm(torch.cat([reference, images, 9 * torch.randn(5, 3, 5, 5)]))[4:6]
    alone = torch.cat([norm(torch.cat([reference, each[None]]))[4:] for each in images])
    assert torch.allclose(together, alone, atol=1e-6)
    other = norm(torch.cat([2 * reference, images]))[4:]
    assert not torch.allclose(together, other, atol=1e-2)


def test_virtual_normalisation_by_hand():
    norm = VirtualBatchNorm2d(1, 2, eps=0.0)
    norm.weight.data.fill_(2.0)
    norm.bias.data.fill_(5.0)
    x = torch.tensor([1.0, 3.0, 6.0]).view(3, 1, 1, 1)
    # The reference 1, 3: mean 2, mean square 5. With the 6: (1 + 3 + 6) / 3 and (1 + 9 + 36) / 3.
    mean, square = 10 / 3, 46 / 3
    expected = 5 + 2 * (6 - mean) / math.sqrt(square - mean**2)
    assert norm(x).flatten().tolist() == pytest.approx([5 - 2, 5 + 2, expected], rel=1e-5)


def test_conditional_normalisation_gives_each_class_its_own_scale_and_shift():
    norm, x = ConditionalBatchNorm2d(3, 4), torch.randn(4, 3, 5, 5)
    labels = torch.tensor([0, 1, 1, 3])
    plain = nn.BatchNorm2d(3, affine=False)(x)
    for k, label in enumerate(labels):
        scale, shift = norm.scale.weight[label][:, None, None], norm.shift.weight[label][:, None, None]
        assert torch.allclose(norm(x, labels)[k], plain[k] * scale + shift, atol=1e-5)


def test_modulated_normalisation_has_scale_and_shift_from_class_and_latent():
    norm, x = ModulatedBatchNorm2d(3, z_dim=4, classes=2), torch.randn(5, 3, 6, 6)
    condition = torch.cat(
        [nn.functional.one_hot(torch.tensor([0, 1, 1, 0, 1])).float(), torch.randn(5, 4)], 1
    )
    plain, affine = (
        nn.BatchNorm2d(3, affine=False)(x),
        condition @ norm.affine.weight.T + norm.affine.bias,
    )
    expected = plain * (1 + affine[:, :3, None, None]) + affine[:, 3:, None, None]
    torch.testing.assert_close(norm(x, condition), expected)


def test_the_standard_deviation_of_a_batch_is_one_more_channel():
    x = torch.tensor([[1.0, 5.0], [3.0, 5.0]])[:, :, None, None].expand(-1, -1, 2, 2)
    out = MinibatchStddev()(x)
    assert out.shape == (2, 3, 2, 2)
    assert torch.equal(out[:, :2], x)
    # σ of the first channel is 1, of the second 0.
    assert out[:, 2].flatten().tolist() == pytest.approx([0.5] * 8, abs=1e-4)
    same = torch.ones(3, 2, 2, 2, requires_grad=True)
    MinibatchStddev()(same).sum().backward()
    assert same.grad.isfinite().all()
    assert MinibatchStddev()(torch.randn(5, 7)).shape == (5, 8)


def test_minibatch_discrimination_by_hand():
    layer = MinibatchDiscrimination(2, kernels=1, dims=2)
    layer.project.weight.data = torch.eye(2)
    features = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 3.0]])
    out = layer(features)
    near, far, across = math.exp(-1), math.exp(-3), math.exp(-4)
    assert torch.equal(out[:, :2], features)
    assert out[:, 2].tolist() == pytest.approx([near + far, near + across, far + across], rel=1e-5)
    # Look-alikes give themselves away.
    assert layer(torch.ones(3, 2))[:, 2].tolist() == pytest.approx([2.0] * 3)


def test_pixel_norm_by_hand():
    x = torch.tensor([3.0, 4.0]).view(1, 2, 1, 1)
    root = math.sqrt((9 + 16) / 2)
    assert PixelNorm()(x).flatten().tolist() == pytest.approx([3 / root, 4 / root], rel=1e-5)


def test_equalised_layers_scale_their_weights_as_they_are_used():
    dense, plain = EqualLinear(8, 5), nn.Linear(8, 5)
    plain.load_state_dict(dense.state_dict())
    x = torch.randn(3, 8)
    scaled = (plain(x) - plain.bias) * math.sqrt(2 / 8) + plain.bias
    assert torch.allclose(dense(x), scaled, atol=1e-6)
    convolution, flat = EqualConv2d(4, 6, 3, padding=1), nn.Conv2d(4, 6, 3, padding=1)
    flat.load_state_dict(convolution.state_dict())
    x = torch.randn(2, 4, 8, 8)
    bias = flat.bias[:, None, None]
    scaled = (flat(x) - bias) * math.sqrt(2 / (4 * 9)) + bias
    assert torch.allclose(convolution(x), scaled, atol=1e-5)


def test_equalised_layers_keep_the_spread_that_comes_in():
    layer = EqualLinear(400, 400)
    nn.init.normal_(layer.weight)
    nn.init.zeros_(layer.bias)
    out = layer(torch.randn(200, 400))
    assert out.std().item() == pytest.approx(math.sqrt(2), rel=0.03)
