"""Where an inversion starts: an encoder's prediction, a regression's, or the nearest of many samples."""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.latent.inversion_objective import InversionObjective
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator

SAMPLES = 2048  # latents whose pictures are compared with the targets
SEEDS = 256  # of these, the latents of the seeds 0 to 255, which a page can name
FIRST_WAVE = 2  # starts of each target in the first wave, without an encoder
RIDGE = 0.1  # of the regression
REGRESSION_SIDE = 16  # pictures are shrunk to this before the regression
BATCH = 256

Predict = Callable[[Tensor], Tensor]  # pictures (N, C, size, size) -> z (N, z_dim)


def waves(
    objective: InversionObjective, starts: int, seed: int, encoder: Predict | None = None
) -> Iterator[Tensor]:
    """Starting points (N, S, z_dim) of each wave, for all N targets; `starts` a target in all.

    With an encoder the first wave starts at its prediction alone, else at two places. A later wave is
    computed when it is asked for: most searches end before.
    """
    if encoder:
        yield encoder(objective.targets).detach()[:, None]
        if starts > 1:
            yield starting_points(objective, samples_of(objective, seed), starts - 1)
        return
    z = starting_points(objective, samples_of(objective, seed), starts)
    yield z[:, :FIRST_WAVE]
    if starts > FIRST_WAVE:
        yield z[:, FIRST_WAVE:]


def samples_of(objective: InversionObjective, seed: int) -> Tensor:
    """2,048 latents (2048, z_dim): those of the seeds 0 to 255, the rest drawn from `seed`."""
    z_dim = objective.generator.z_dim
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randn(SAMPLES - SEEDS, z_dim, generator=rng)
    return torch.cat([seed_latents(range(SEEDS), z_dim), drawn]).to(objective.targets)


@torch.no_grad()
def starting_points(objective: InversionObjective, z: Tensor, starts: int) -> Tensor:
    """(N, starts, z_dim): what a regression on the pictures of z (S, z_dim) predicts, then the nearest z.

    Of a class-conditional generator the nearest of each class come first.
    """
    small, losses = [], []
    for part in z.split(BATCH):  # 2,048 pictures of 128×128 in colour would take 400 MB
        pictures = objective.draw(part)
        small.append(_shrunk(pictures))
        losses.append(torch.cdist(objective.embed(pictures), objective.embedded_targets).square())
    predicted, loss = regress(torch.cat(small), z, _shrunk(objective.targets)), torch.cat(losses)
    if objective.generator.classes:
        _prefer_each_class(loss, z, objective.generator)
    nearest = loss.topk(starts - 1, dim=0, largest=False).indices.T
    return torch.cat([predicted[:, None], z[nearest]], dim=1)


def _prefer_each_class(loss: Tensor, z: Tensor, generator: Generator) -> None:
    """Lower `loss` (S, N), in place, for the nearest sample of each class, below that of all others."""
    classes = generator.classes_of(z)
    columns = torch.arange(loss.shape[1], device=loss.device)
    for number in classes.unique():
        members = (classes == number).nonzero()[:, 0]
        loss[members[loss[members].argmin(0)], columns] -= loss.max()


def _shrunk(images: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(images, min(REGRESSION_SIDE, images.shape[-1])).flatten(1)


def regress(pictures: Tensor, z: Tensor, targets: Tensor) -> Tensor:
    """Predict z (N, z_dim) of `targets` (N, P) from `pictures` (S, P) and their z (S, z_dim).

    Kernel ridge regression (Saunders, Gammerman & Vovk 1998, eq. 8) with a Gaussian kernel whose
    width is the mean distance of the pictures.
    """
    distances = torch.cdist(pictures, pictures).square()
    width = distances.mean().clamp(min=1e-12)
    kernel = (-distances / width).exp() + RIDGE * torch.eye(len(z), device=z.device)
    to_targets = (-torch.cdist(targets, pictures).square() / width).exp()
    return to_targets @ torch.linalg.solve(kernel, z)
