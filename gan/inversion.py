"""Inversion: the z whose picture is nearest to a given one.

Zhu, Krähenbühl, Shechtman & Efros 2016, "Generative Visual Manipulation on the Natural Image
Manifold", eq. 4, by gradient descent on z; several starts and a loss on pixels and features as in
Abdal, Qin & Wonka 2019, "Image2StyleGAN", eq. 1.

The search has many valleys, so it begins at many places and drops the worse half of them three
times on its way: what is left of the time goes to the one that leads.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gan import checks
from gan.latent import check_seed, seed_latents
from gan.models import Generator

DRAWN = 2048  # latents drawn at first, whose pictures are compared with the targets
SEEDS = 256  # of them, the latents of the seeds 0 to 255, which a page can name
MAX_PICTURES, MAX_STEPS, MAX_STARTS = 64, 5000, 32
RATE = 0.1  # of Adam, at its first step
# Short memory of the squares: gradients shrink on the way, and 0.999 would still divide by those of
# the start. Of 24 own digits it recovered 1 to an mse of 1e-4, this one 8.
BETAS = (0.9, 0.95)
# Weights beside the mse of pixels. A tenth of this prior finds as much; ours holds norms within 2 %.
PRIOR = 0.01
FEATURES = 0.002
HALVINGS = (1 / 12, 1 / 6, 1 / 3)  # shares of the steps after which half of the starts go on

Features = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Found:
    """The search after `step` of `steps`: for each target the best z of those still followed.

    z (N, z_dim); images (N, C, H, W) in [-1, 1], what z gives; mse (N,), of pixels in [0, 1].
    """

    step: int
    steps: int
    z: Tensor
    images: Tensor
    mse: Tensor


def invert(
    generator: Generator,
    targets: Tensor,
    steps: int = 300,
    starts: int = 4,
    seed: int = 0,
    every: int = 10,
    features: Features | None = None,
) -> Iterator[Found]:
    """Look for the z of `targets` (N, C, size, size) in [-1, 1]; yields before, on the way and last.

    Each target begins at the `starts` nearest of 2,048 drawn pictures and goes downhill with Adam
    (Kingma & Ba 2015) at a rate that falls as a cosine (Loshchilov & Hutter 2017, eq. 5). The state
    is told every so many steps. `features` maps images to (N, F) that should be alike as well:
    `features_for` knows those of digits. A class-conditional generator takes its class from z.

    The generator is looked at only: weights, mode and what needs a gradient stay as they are. One
    seed gives one result on one machine. ValueError for targets that are not such pictures or more
    than 64, steps outside 1 to 5,000, starts outside 1 to 32, or a bad seed, at the call itself.
    """
    targets = check_targets(generator, targets)
    steps = checks.integer("steps", steps, 1, MAX_STEPS)
    starts = checks.integer("starts", starts, 1, MAX_STARTS)
    every = checks.integer("every", every, 1, MAX_STEPS)
    search = _Search(generator, targets, features)
    return _descend(search, steps, starts, check_seed(seed), every)


def check_targets(generator: Generator, targets: Tensor) -> Tensor:
    """`targets` as detached float32 on the generator's device; ValueError if they do not fit it."""
    shape = (generator.channels, generator.size, generator.size)
    wanted = f"(N, {', '.join(map(str, shape))})"
    if not isinstance(targets, Tensor) or not targets.is_floating_point():
        kind = targets.dtype if isinstance(targets, Tensor) else type(targets).__name__
        raise ValueError(f"targets must be a tensor of floats {wanted} in [-1, 1], not {kind}.")
    if targets.ndim != 4 or tuple(targets.shape[1:]) != shape:
        raise ValueError(
            f"targets must be {wanted}, as the generator draws, not {tuple(targets.shape)}."
        )
    checks.integer("number of targets", len(targets), 1, MAX_PICTURES)
    if not targets.isfinite().all():
        raise ValueError("targets must be finite: some of their pixels are NaN or infinite.")
    if targets.abs().max() > 1 + 1e-4:
        low, high = targets.min().item(), targets.max().item()
        raise ValueError(f"targets must be in [-1, 1], not from {low:g} to {high:g}.")
    return targets.detach().to(next(generator.parameters()).device, torch.float32)


def features_for(generator: Generator) -> Features | None:
    """The features that pictures of this shape are compared in: our LeNet's for 32×32 grey."""
    if (generator.channels, generator.size) != (1, 32):
        return None
    from gan.classifier import load_lenet

    return load_lenet().to(next(generator.parameters()).device).features


class _Search:
    """What is minimised: pixels + features + prior, for rows of z that belong to targets."""

    def __init__(self, generator: Generator, targets: Tensor, features: Features | None):
        self.generator, self.targets, self.features = generator, targets, features
        with torch.no_grad():
            self.wanted = features(targets) if features else None

    def draw(self, z: Tensor) -> Tensor:
        """The pictures of z in evaluation mode, whatever mode the generator is in between.

        Weights go in detached, so that no gradient is kept for them.
        """
        generator = self.generator
        modes = {module: module.training for module in generator.modules()}
        generator.eval()
        frozen = {name: value.detach() for name, value in generator.state_dict().items()}
        try:
            return torch.func.functional_call(generator, frozen, (z,))
        finally:
            for module, training in modes.items():
                module.training = training

    def losses(self, images: Tensor, z: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and mse, both (rows,); `owner` (rows,) says whose target a row is after."""
        mse = (images - self.targets[owner]).square().flatten(1).mean(1) / 4
        loss = mse + PRIOR * off_sphere(z)
        if self.features:
            loss = loss + FEATURES * (self.features(images) - self.wanted[owner]).square().mean(1)
        return loss, mse

    @torch.no_grad()
    def nearest(self, z: Tensor, starts: int) -> Tensor:
        """The `starts` best of z for each target: (N, starts, z_dim), best first."""
        losses = []
        for part in z.split(256):
            images = self.draw(part)
            distance = torch.cdist(images.flatten(1), self.targets.flatten(1)).square()
            loss = distance / images[0].numel() / 4 + PRIOR * off_sphere(part)[:, None]
            if self.features:
                of_part = self.features(images)
                apart = torch.cdist(of_part, self.wanted).square()
                loss = loss + FEATURES * apart / of_part.shape[1]
            losses.append(loss)
        return z[torch.cat(losses).topk(starts, dim=0, largest=False).indices.T]


def off_sphere(z: Tensor) -> Tensor:
    """(‖z‖² / z_dim - 1)², (N,): 0 on the sphere that nearly all of N(0, I) lies at.

    Without it a search wanders to norms that G never saw in training, where pictures saturate.
    """
    return (z.square().mean(1) - 1).square()


class _Adam:
    """Adam over rows (N, S, z_dim) of which some may leave. Kingma & Ba 2015, algorithm 1."""

    def __init__(self, z: Tensor):
        self.z, self.mean, self.square, self.step = z, torch.zeros_like(z), torch.zeros_like(z), 0

    def move(self, gradient: Tensor, rate: float) -> None:
        self.step += 1
        self.mean = torch.lerp(gradient, self.mean, BETAS[0])
        self.square = torch.lerp(gradient.square(), self.square, BETAS[1])
        mean = self.mean / (1 - BETAS[0] ** self.step)
        square = self.square / (1 - BETAS[1] ** self.step)
        self.z = self.z - rate * mean / (square.sqrt() + 1e-8)

    def keep(self, rows: Tensor) -> None:
        """Go on with `rows` (N, K) of each target."""
        index = rows[..., None].expand(-1, -1, self.z.shape[2])
        self.z, self.mean, self.square = (
            each.gather(1, index) for each in (self.z, self.mean, self.square)
        )


def _descend(search: _Search, steps: int, starts: int, seed: int, every: int) -> Iterator[Found]:
    adam = _Adam(search.nearest(_first(search, seed), starts))
    halvings = [math.ceil(share * steps) for share in HALVINGS]
    for step in range(steps + 1):
        loss, mse, images, gradient = _look(search, adam.z)
        if step % every == 0 or step == steps:
            yield _best(step, steps, adam.z, loss, mse, images)
        for _ in range(halvings.count(step)):
            kept = loss.topk(max(1, loss.shape[1] // 2), dim=1, largest=False).indices
            adam.keep(kept)
            loss = loss.gather(1, kept)
            gradient = gradient.gather(1, kept[..., None].expand(-1, -1, gradient.shape[2]))
        adam.move(gradient, RATE * (1 + math.cos(math.pi * step / steps)) / 2)


def _first(search: _Search, seed: int) -> Tensor:
    """The latents of the first draw: some of seeds that have names, the rest from `seed`."""
    z_dim = search.generator.z_dim
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randn(DRAWN - SEEDS, z_dim, generator=rng)
    return torch.cat([seed_latents(range(SEEDS), z_dim), drawn]).to(search.targets)


def _look(search: _Search, z: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Loss (N, S), mse (N, S), images (N, S, C, H, W) and the gradient (N, S, z_dim) at z."""
    count, starts = z.shape[:2]
    owner = torch.arange(count, device=z.device).repeat_interleave(starts)
    with torch.enable_grad():
        rows = z.detach().flatten(0, 1).requires_grad_()
        images = search.draw(rows)
        loss, mse = search.losses(images, rows, owner)
        (gradient,) = torch.autograd.grad(loss.sum(), rows)
    return tuple(x.detach().unflatten(0, (count, starts)) for x in (loss, mse, images, gradient))


def _best(step: int, steps: int, z: Tensor, loss: Tensor, mse: Tensor, images: Tensor) -> Found:
    rows, best = torch.arange(len(z), device=z.device), loss.argmin(1)
    return Found(step, steps, z[rows, best].detach(), images[rows, best], mse[rows, best])
