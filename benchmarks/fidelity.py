"""Numbers on how good pictures are: distances with floors, local differences, and what classifiers read."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.data.image_tensors import to_float, to_uint8
from gan.data.load import load_images
from gan.metrics.distances import sliced_wasserstein
from gan.metrics.judge import draw_fakes
from gan.models.face_attributes import CHOICES, load_classifier, predict

COUNT = 2000
UNSEEN = 77_000  # seed of drawn pictures that no run trains on
READ = ("glasses", "hair", "eyes")


def real_pictures(config) -> tuple[Tensor, Tensor]:
    """Two lots of COUNT real pictures, uint8, that no run has seen."""
    if config.data in ("faces", "shapes", "glyphs"):
        lots = [
            load_images(config.data, config.size, config.channels, COUNT, seed=UNSEEN + i).pixels
            for i in (0, 1)
        ]
        return lots[0], lots[1]
    images = load_images(config.data, config.size, config.channels, split="test")
    order = images.order(seed=3)
    return images.pixels[order[:COUNT]], images.pixels[order[COUNT : 2 * COUNT]]


def measure(generator: nn.Module, config) -> dict[str, float]:
    reference, others = real_pictures(config)
    fakes = torch.from_numpy(to_uint8(draw_fakes(generator, COUNT, seed=9))).permute(0, 3, 1, 2)
    found = compare(reference, fakes, others)
    if config.data == "faces":
        found |= faces(reference, fakes, others)
    return {name: round(value, 4) for name, value in found.items()}


def compare(reference: Tensor, fakes: Tensor, others: Tensor) -> dict[str, float]:
    floor = sliced_wasserstein(to_float(reference), to_float(others))
    return {
        "grain": float(grain(fakes) / grain(others)),
        "nyquist": float(nyquist(fakes) / nyquist(others)),
        "swd": sliced_wasserstein(to_float(reference), to_float(fakes)) / floor,
    }


def grain(pixels: Tensor) -> Tensor:
    """Local differences: the mean absolute Laplacian of uint8 pictures, in [-1, 1] units."""
    kernel = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])[None, None]
    parts = [
        F.conv2d(to_float(part).flatten(0, 1)[:, None], kernel).abs().mean()
        for part in pixels.split(500)
    ]
    return torch.stack(parts).mean()


def nyquist(pixels: Tensor) -> Tensor:
    """Mean spectral power in the rows and columns of the highest frequency, where a grid shows."""
    total = 0.0
    for part in pixels.split(500):
        power = torch.fft.fft2(to_float(part)).abs().square().mean((0, 1))
        half = power.shape[0] // 2
        total += (power[half].mean() + power[:, half].mean()) * len(part)
    return total / len(pixels)


def frechet(real: Tensor, fake: Tensor) -> float:
    """Fréchet distance of features (N, d): Heusel et al. 2017, eq. 6."""
    real, fake = real.double(), fake.double()
    a, b = real.T.cov(), fake.T.cov()
    root = torch.linalg.eigvals(a @ b).real.clamp(min=0).sqrt().sum()
    return float((real.mean(0) - fake.mean(0)).square().sum() + a.trace() + b.trace() - 2 * root)


@torch.no_grad()
def face_features(pixels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Pooled features of the attribute classifier (N, 384), and its predictions, of faces of any size."""
    classifier, features, predictions = load_classifier(), [], []
    for part in pixels.split(250):
        images = to_float(part)
        if images.shape[-1] != 64:
            images = F.interpolate(images, 64, mode="bilinear", antialias=True, align_corners=False)
        features.append(F.adaptive_avg_pool2d(classifier.body[:-2](images), 2).flatten(1))
        predictions.append(predict(classifier, images))
    return torch.cat(features), {n: torch.cat([p[n] for p in predictions]) for n in predictions[0]}


def faces(reference: Tensor, fakes: Tensor, others: Tensor) -> dict[str, float]:
    (a, _), (b, read), (c, real) = (face_features(each) for each in (reference, fakes, others))
    rarest = min(
        float((fake / held).min())
        for name in CHOICES
        for fake, held in [(_shares(read[name]), _shares(real[name]))]
    )
    sure = {f"{name}_sure": _sure(read[name]) / _sure(real[name]) for name in READ}
    return {"frechet": frechet(a, b) / frechet(a, c), "rarest": rarest} | sure


def _sure(logits: Tensor) -> float:
    """The share of pictures of which a classifier is at least 80 % sure."""
    return float((logits.softmax(1).max(1).values >= 0.8).float().mean())


def _shares(logits: Tensor) -> Tensor:
    return logits.argmax(1).bincount(minlength=logits.shape[1]) / len(logits)
