"""Numbers on how good pictures are: distances with floors, local differences, and what a classifier of faces reads."""

import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.drawn.registry import DRAWN
from gan.metrics.classifiers import CLASSIFIERS, metric_for
from gan.metrics.distances import frechet_distance, sliced_wasserstein
from gan.metrics.judge import draw_pixels
from gan.models.face_attributes import CHOICES, load_classifier, predict
from gan.report.measurements import local_differences
from gan.settings.config import TrainConfig

COUNT = 2000
SEED = 9  # of the fakes
UNSEEN = 77_000  # seed of drawn pictures that no run trains on
READ = ("glasses", "hair", "eyes")
SURE = 0.8


def measure(generator: nn.Module, config: TrainConfig) -> dict[str, float]:
    """All numbers of COUNT fakes of a generator, relative to real pictures or as multiples of the floor."""
    reference, others = real_pictures(config)
    fakes = draw_pixels(generator, COUNT, SEED)
    found = {
        "grain": grain(fakes) / grain(others),
        "nyquist": nyquist(fakes) / nyquist(others),
        "swd": sliced_wasserstein(reference, fakes) / sliced_wasserstein(reference, others),
    }
    metric = metric_for(config.data, config.channels, config.size)
    if metric in CLASSIFIERS:
        floor = frechet_distance(reference, others, metric)
        found["frechet"] = frechet_distance(reference, fakes, metric) / floor
        if generator.classes:
            found["named"] = named(fakes, generator, CLASSIFIERS[metric].classes())
    if metric == "frechet_faces":
        found |= read_faces(fakes, others)
    return {name: round(value, 4) for name, value in found.items()}


def real_pictures(config: TrainConfig) -> tuple[Tensor, Tensor]:
    """Two lots of COUNT real pictures, uint8, that no run has seen."""
    shape = (config.data, config.size, config.channels)
    if config.data in DRAWN:
        one, other = (load_images(*shape, COUNT, seed=UNSEEN + lot).pixels for lot in (0, 1))
        return one, other
    images = load_images(*shape, split="test")
    order = images.order(seed=3)
    return images.pixels[order[:COUNT]], images.pixels[order[COUNT : 2 * COUNT]]


@torch.no_grad()
def named(fakes: Tensor, generator: nn.Module, classifier: nn.Module) -> float:
    """The share of fakes that the classifier takes for the class that they were drawn as."""
    z = torch.randn(COUNT, generator.z_dim, generator=torch.Generator().manual_seed(SEED))
    said = torch.cat([classifier(to_float(part)).argmax(1) for part in fakes.split(250)])
    return float((said == generator.classes_of(z).cpu()).float().mean())


def grain(pixels: Tensor) -> float:
    """Local differences: the mean absolute Laplacian of uint8 pictures, in units of [-1, 1]."""
    parts = [local_differences(to_float(part)) for part in pixels.split(500)]
    return float(torch.cat(parts).mean())


def nyquist(pixels: Tensor) -> float:
    """Mean spectral power in the row and the column of the highest frequency, where a grid shows."""
    total = 0.0
    for part in pixels.split(500):
        power = torch.fft.fft2(to_float(part)).abs().square().mean((0, 1))
        half = power.shape[0] // 2
        total += float(power[half].mean() + power[:, half].mean()) * len(part)
    return total / len(pixels)


def read_faces(fakes: Tensor, others: Tensor) -> dict[str, float]:
    """How sure the classifier is of fakes, and the share of the rarest value of any factor, relative to real faces."""
    classifier = load_classifier()
    read, real = (
        {name: torch.cat([each[name] for each in parts]) for name in CHOICES}
        for parts in (
            [predict(classifier, to_float(part)) for part in pixels.split(500)]
            for pixels in (fakes, others)
        )
    )
    rarest = min(float((_shares(read[name]) / _shares(real[name])).min()) for name in CHOICES)
    return {"rarest": rarest} | {f"{name}_sure": _sure(read[name]) / _sure(real[name]) for name in READ}


def _sure(logits: Tensor) -> float:
    return float((logits.softmax(1).max(1).values >= SURE).float().mean())


def _shares(logits: Tensor) -> Tensor:
    return logits.argmax(1).bincount(minlength=logits.shape[1]) / len(logits)
