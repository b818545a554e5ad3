"""Simulated generator failures: real pictures with one planted fault.

missing    the pictures of one class are left out
repeated   a few pictures are repeated
blurred    every picture is blurred a little
memorised  training pictures themselves
nothing    unseen real pictures, without a fault
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.data.image_tensors import Images

FAULTS = ("missing", "repeated", "blurred", "memorised", "nothing")
DISTINCT = 20  # pictures that are repeated
SIGMA = 1.0  # of the blur, in pixels


def plant(fault: str, train: Images, others: Images, count: int, seed: int = 0) -> Tensor:
    """`count` pictures, uint8 (N, C, H, W), with a fault, made of `others`, real pictures not in `train`.

    ValueError for an unknown fault, too few pictures, or "missing" where there are no labels.
    """
    checks.choice("fault", fault, FAULTS)
    rng = torch.Generator().manual_seed(seed)
    of = train if fault == "memorised" else others
    pixels = of.pixels[torch.randperm(len(of), generator=rng)]
    if fault == "missing":
        if of.labels is None:
            raise ValueError("To leave out a class, the pictures need labels.")
        labels = of.labels[torch.randperm(len(of), generator=rng.manual_seed(seed))]
        pixels = pixels[labels != int(labels[0])]
    if fault == "repeated":
        return pixels[torch.randint(DISTINCT, (count,), generator=rng)]
    if len(pixels) < count:
        raise ValueError(f"{count} pictures are needed, and there are {len(pixels)}.")
    return blurred(pixels[:count], SIGMA) if fault == "blurred" else pixels[:count]


def blurred(pixels: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of uint8 (N, C, H, W); `sigma` in pixels."""
    reach = int(3 * sigma + 0.5)
    kernel = torch.exp(-torch.arange(-reach, reach + 1.0).square() / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    flat = pixels.float().flatten(0, 1)[:, None]
    flat = F.conv2d(F.pad(flat, (reach, reach, 0, 0), mode="replicate"), kernel.view(1, 1, 1, -1))
    flat = F.conv2d(F.pad(flat, (0, 0, reach, reach), mode="replicate"), kernel.view(1, 1, -1, 1))
    return flat.view(pixels.shape).round().clamp(0, 255).to(torch.uint8)
