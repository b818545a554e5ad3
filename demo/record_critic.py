"""Records the discriminator that readers of the lessons play against: one run, looked at after so many steps.

A part of `python -m demo.record` (its name there is "critic").
"""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo.backend import recordings
from gan.data.image_tensors import to_float, to_uint8
from gan.data.load import load_images
from gan.images import encode
from gan.models.storage import load_generator
from gan.settings.config import TrainConfig
from gan.training.kept_critic import kept_discriminator
from gan.training.loop import train
from gan.training.resolve import resolve

STEPS = (50, 500, 5000)
# No batch norm in D, so that it judges each picture by itself, and no labels, which players do not get either.
CONFIG = TrainConfig(data="glyphs", method="r1", changes={"labels": "ignored"})
COUNT = 20  # pictures in a game, half of them real
ROUNDS = 3  # games at each step
UNSEEN = 5_000  # seed of drawn pictures that the run does not train on


def record(facts) -> bytes:
    """Train to each of STEPS, have D judge real pictures and fakes; the recording's file. `facts(seconds)` dates it."""
    config, start, levels, frames = resolve(CONFIG), time.perf_counter(), [], {}
    with tempfile.TemporaryDirectory() as folder:
        for steps in STEPS:
            for _ in train(replace(CONFIG, steps=steps, seconds=None), folder, resume=bool(levels)):
                pass
            levels.append(_level(config, Path(folder), steps, frames))
    shown = {"data": config.data, "method": config.method, "size": config.size, "levels": levels}
    about = {"recorded": facts(time.perf_counter() - start), "config": config.to_dict(), "shown": shown}
    return recordings.pack(about, frames)


def _level(config: TrainConfig, folder: Path, steps: int, frames: dict[str, bytes]) -> dict:
    """The games at one step: of each picture whether it is real, and D's probability that it is."""
    d = kept_discriminator(folder)
    rounds = []
    for number in range(ROUNDS):
        pixels, is_real = _mixed(config, folder, seed=100 * number + steps)
        belief, looked = judged(d, pixels)
        rounds.append({"real": is_real, "d": [round(value, 3) for value in belief.tolist()]})
        for name, images in (("pictures", to_uint8(pixels)), ("gradients", looked)):
            frames[f"{name}-{number}/{steps}"] = encode.webp(encode.grid(images, COUNT // 4)[None])
    return {"step": steps, "rounds": rounds}


def judged(d: torch.nn.Module, pixels: Tensor) -> tuple[Tensor, np.ndarray]:
    """D's probability (N,) that pictures in [-1, 1] are real; and how strongly each pixel moves its logit, uint8
    (N, H, W, 1), the strongest of a picture 255."""
    pixels = pixels.clone().requires_grad_()
    logits = d(pixels)
    strength = torch.autograd.grad(logits.sum(), pixels)[0].abs().amax(1)
    strength = strength / strength.flatten(1).amax(1)[:, None, None].clamp(min=1e-12)
    return torch.sigmoid(logits.detach()), (strength * 255).round().to(torch.uint8).numpy()[..., None]


def _mixed(config: TrainConfig, folder: Path, seed: int) -> tuple[Tensor, list[bool]]:
    """COUNT pictures in [-1, 1] in random order, and which of them are real."""
    rng = torch.Generator().manual_seed(seed)
    generator, half = load_generator(str(folder)), COUNT // 2
    with torch.no_grad():
        fakes = generator(torch.randn(half, generator.z_dim, generator=rng))
    real = load_images(config.data, config.size, config.channels, half, seed=UNSEEN + seed)
    pixels, order = torch.cat([to_float(real.pixels), fakes]), torch.randperm(COUNT, generator=rng)
    return pixels[order], [bool(place < half) for place in order]
