"""A network that says of each pixel of a drawn face which part it belongs to: hair, skin, eyes, glasses …

It tells which units of a generator draw which part (gan/inside/dissection.py). Drawings come with their parts for
nothing (`gan.drawn.faces.parts_of`). Fakes are blurred and grainy, so that it is trained on blurred and grainy
drawings too. Retrain it, in some ten minutes, with

    python -m gan.models.part_segmenter --out weights/part-segmenter
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common.files import digest, load_tensors, read_tensors, write_json, write_tensors
from gan.data.image_tensors import to_float
from gan.drawn.faces import PARTS, parts_of
from gan.drawn.factors import name_values
from gan.drawn.registry import DRAWN, draw, factors
from gan.models import registry
from gan.models.half_precision import in_half, in_single

SIZE = 64
WIDTHS = (16, 32, 64, 64)  # channels at 64×64, 32×32, 16×16 and 8×8
BATCH, RATE = 32, 4e-3
BLURS, NOISES = (0.0, 1.2), (0.0, 0.15)  # of what is trained on: in pixels, and in units of [-1, 1]
WEIGHTS = registry.WEIGHTS_FOLDER / "part-segmenter" / registry.WEIGHTS_FILE


class PartSegmenter(nn.Module):
    """Faces (N, 3, S, S) in [-1, 1] -> logits of PARTS (N, 8, S, S); S other than 64 is resized to it, and back.

    A U-Net: Ronneberger, Fischer & Brox 2015, arXiv:1505.04597.
    """

    def __init__(self):
        super().__init__()
        first, *inner = WIDTHS
        self.first = _convolution(3, first)
        self.downs = nn.ModuleList(
            _convolution(above, below, stride=2) for above, below in zip(WIDTHS, inner, strict=False)
        )
        self.ups = nn.ModuleList(
            _convolution(below + above, above) for above, below in zip(WIDTHS, inner, strict=False)
        )
        self.last = nn.Conv2d(first, len(PARTS), 1)

    def forward(self, images: Tensor) -> Tensor:
        side = images.shape[-1]
        x = self.first(_resized(images, SIZE))
        kept = []
        for down in self.downs:
            kept.append(x)
            x = down(x)
        for up, beside in zip(reversed(self.ups), reversed(kept), strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0), beside], 1))
        return _resized(self.last(x), side)


def _convolution(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    layer = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outside), nn.ReLU())


def _resized(maps: Tensor, side: int) -> Tensor:
    if maps.shape[-1] == side:
        return maps
    return F.interpolate(maps, side, mode="bilinear", antialias=True)


def faces_with_parts(count: int, seed: int, size: int = SIZE) -> tuple[Tensor, Tensor]:
    """Drawn faces, uint8 (count, 3, size, size), and of each pixel the index of its part, int64 (count, size, size)."""
    pixels = torch.from_numpy(draw("faces", count, size, 3, seed)).permute(0, 3, 1, 2).contiguous()
    rows = name_values(DRAWN["faces"].all_factors, factors("faces", count, seed))
    parts = np.stack([np.asarray(parts_of(row, size)) for row in rows])
    return pixels, torch.from_numpy(parts).long()


def roughened(images: Tensor, rng: torch.Generator) -> Tensor:
    """Pictures (N, 3, S, S), blurred and with noise as fakes are, as much as chance will have it."""
    blur, noise = (
        low + (high - low) * torch.rand(1, generator=rng).item() for low, high in (BLURS, NOISES)
    )
    if blur > 0.3:
        places = torch.arange(-2.0, 3.0)
        kernel = torch.exp(-0.5 * (places / blur) ** 2)
        kernel = (kernel / kernel.sum()).expand(3, 1, 1, 5)
        padded = F.pad(images, (2, 2, 2, 2), mode="replicate")
        images = F.conv2d(F.conv2d(padded, kernel, groups=3), kernel.transpose(2, 3), groups=3)
    return images + noise * torch.randn(images.shape, generator=rng)


def fit_segmenter(count: int, epochs: int, seed: int = 200, log=print) -> PartSegmenter:
    """Train on `count` drawn faces; determined by `seed`, on one machine."""
    pixels, parts = faces_with_parts(count, seed)
    rng = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        segmenter = PartSegmenter()
    optimiser = torch.optim.AdamW(segmenter.parameters())
    steps = epochs * (count // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for epoch in range(epochs):
        order = torch.randperm(count, generator=rng)
        for batch in order[: count // BATCH * BATCH].split(BATCH):
            logits = segmenter(roughened(to_float(pixels[batch]), rng))
            loss = F.cross_entropy(logits, parts[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        log(f"epoch {epoch + 1}/{epochs}: loss {loss.item():.4f}", flush=True)
    return segmenter.eval().requires_grad_(False)


@torch.no_grad()
def part_ious(segmenter: PartSegmenter, images: Tensor, parts: Tensor) -> dict[str, float]:
    """Intersection over union by part, of images uint8 (N, 3, S, S) and of what is right (N, S, S)."""
    found = torch.cat([segmenter(to_float(some)).argmax(1) for some in images.split(100)])
    return {name: iou(found == index, parts == index) for index, name in enumerate(PARTS)}


def iou(found: Tensor, right: Tensor) -> float:
    """Intersection over union of two masks, bool; 1 where both are empty."""
    union = (found | right).sum().item()
    return (found & right).sum().item() / union if union else 1.0


def load_segmenter(path: Path = WEIGHTS) -> PartSegmenter:
    """The shipped segmenter, frozen; ValueError if its file is missing or damaged."""
    segmenter = PartSegmenter()
    load_tensors(segmenter, in_single(read_tensors(path)[0]), path.name)
    return segmenter.eval().requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the segmenter of drawn faces.")
    parser.add_argument("--out", required=True, help="folder for the weights")
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=200)
    options = parser.parse_args()
    segmenter = fit_segmenter(options.count, options.epochs, options.seed)
    segmenter.half().float()  # as shipped
    path = Path(options.out) / registry.WEIGHTS_FILE
    write_tensors(path, in_half(segmenter.state_dict()))
    pixels, parts = faces_with_parts(1000, options.seed + 1)
    found = part_ious(segmenter, pixels, parts)
    found = {name: round(value, 4) for name, value in found.items()}
    write_json(path.parent / "config.json", {"network": "PartSegmenter", "parts": PARTS, "iou": found})
    print(f"IoU {found}; SHA-256 {digest(path)}")


if __name__ == "__main__":
    main()
