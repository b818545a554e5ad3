"""An encoder: a network that predicts the z of a picture, as a start of inversion.

Zhu, Krähenbühl, Shechtman & Efros 2016, "Generative Visual Manipulation on the Natural Image
Manifold", section 3.2: G(E(x)) is to equal x (eq. 5). It is trained on samples of the generator, whose
z is known, so its loss has the distance of E(x) to z as well: the latent regressor of Donahue,
Krähenbühl & Darrell 2017, "Adversarial Feature Learning". To train one:

    python -m gan encoder --model digits --steps 16000
"""

import math
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common import checks
from gan.common.files import digest, load_into, read_tensors, write_tensors
from gan.latent.vectors import check_seed
from gan.models.generator import Generator
from gan.models.registry import ENCODER_FILE as NAME
from gan.models.registry import WEIGHTS_FILE

WIDTH, HIDDEN, BOTTLENECK = 48, 512, 64
BATCH, LEARNING_RATE, WARM_UP = 64, 1.5e-3, 200
LATENT_WEIGHT = 0.005  # of the mse of E(x) to z, beside the mse of pixels in [0, 1]
LOG_EVERY = 500  # steps
MAX_STEPS = 10**7
TEST_PICTURES = 512


class Encoder(nn.Module):
    """Images (N, channels, size, size) in [-1, 1] -> z (N, z_dim)."""

    def __init__(self, size: int, channels: int, z_dim: int):
        super().__init__()
        layers: list[nn.Module] = []
        inside, outside = channels, WIDTH
        while size > 4:
            convolution = nn.Conv2d(inside, outside, 4, 2, 1, bias=False)
            layers += [convolution, nn.BatchNorm2d(outside), nn.ReLU()]
            inside, outside, size = outside, 2 * outside, size // 2
        layers += [
            nn.Conv2d(inside, BOTTLENECK, 1), nn.Flatten(),
            nn.Linear(BOTTLENECK * 16, HIDDEN, bias=False), nn.BatchNorm1d(HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, z_dim),
        ]  # fmt: skip
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images)


def encoder_for(generator: Generator) -> Encoder:
    return Encoder(generator.size, generator.channels, generator.z_dim)


def fit_encoder(
    generator: Generator, steps: int, seed: int = 0, log: Callable[[str], None] = print
) -> Encoder:
    """Train an encoder of a frozen generator; `log` gets a line with the test mse every 500 steps.

    The same seed gives the same weights on one machine. ValueError for a bad seed or steps outside 1
    to 10,000,000.
    """
    torch.manual_seed(check_seed(seed))
    checks.integer("steps", steps, 1, MAX_STEPS)
    device = next(generator.parameters()).device
    encoder = encoder_for(generator).to(device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(encoder.parameters(), weight_decay=1e-3)
    rng = torch.Generator().manual_seed(seed)
    test = torch.randn(TEST_PICTURES, generator.z_dim, generator=rng).to(device)
    start = time.perf_counter()
    for step in range(steps):
        if step % LOG_EVERY == 0:
            seconds = time.perf_counter() - start
            log(f"step {step:,}, {seconds:.0f} s: mse {mse(generator, encoder, test):.5f}")
        cosine = (1 + math.cos(math.pi * step / steps)) / 2
        optimiser.param_groups[0]["lr"] = LEARNING_RATE * min(1.0, (step + 1) / WARM_UP) * cosine
        loss = _loss(generator, encoder, torch.randn(BATCH, generator.z_dim, generator=rng).to(device))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    encoder.eval().requires_grad_(False)
    log(f"step {steps:,}: mse {mse(generator, encoder, test):.5f}")
    return encoder


def _loss(generator: Generator, encoder: Encoder, z: Tensor) -> Tensor:
    with torch.no_grad():
        images = generator(z)
    guess = encoder(images)
    return F.mse_loss(generator(guess) / 2, images / 2) + LATENT_WEIGHT * F.mse_loss(guess, z)


@torch.no_grad()
def mse(generator: Generator, encoder: Encoder, z: Tensor) -> float:
    """Mean squared error of G(E(G(z))) to G(z), pixels in [0, 1]."""
    training = encoder.training
    encoder.eval()
    images = generator(z)
    distance = F.mse_loss(generator(encoder(images)) / 2, images / 2).item()
    encoder.train(training)
    return distance


def write_encoder(folder: str | Path, encoder: Encoder, weights: str) -> None:
    """Save an encoder in a generator's folder; `weights`: digest of the weights that it was trained for."""
    write_tensors(Path(folder) / NAME, encoder.state_dict(), {"weights": weights})


def read_encoder(folder: str | Path, generator: Generator) -> Encoder | None:
    """The encoder in a generator's folder; None without one, or if it was trained for other weights.

    ValueError if the file is damaged.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        return None
    if read_tensors(path)[1].get("weights") != digest(path.parent / WEIGHTS_FILE):
        return None
    encoder = encoder_for(generator)
    load_into(encoder, path)
    return encoder.to(next(generator.parameters()).device).eval().requires_grad_(False)
