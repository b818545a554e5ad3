"""Inversion: the z whose picture is nearest to a given one.

Zhu, Krähenbühl, Shechtman & Efros 2016, "Generative Visual Manipulation on the Natural Image
Manifold": eq. 4, and a prediction of z to start at (their section 3.2): by an encoder, or where none
was trained by regression on pictures that the generator itself has just drawn. Several starts and a
loss on pixels and features as in Abdal, Qin & Wonka 2019, "Image2StyleGAN", eq. 1.

The picture answers to some directions of z a thousand times as strongly as to others, so that a plain
gradient hardly sees the weak ones: the descent is BFGS (gan/latent/batched_bfgs.py), begun with Gauss and Newton's
Hessian.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.latent.batched_bfgs import Descent, Evaluation
from gan.latent.vectors import check_seed, seed_latents
from gan.models.generator import Generator

DRAWN = 2048  # latents drawn at first, whose pictures are compared with the targets
SEEDS = 256  # of them, the latents of the seeds 0 to 255, which a page can name
MAX_PICTURES, MAX_STEPS, MAX_STARTS = 64, 5000, 32
MAX_NUMBERS = 2**26  # in all inverse Hessians together: 256 MB
# Weights beside the mse of pixels.
PRIOR = 0.01
FEATURES = 0.0005
RIDGE = 0.1  # of the regression
REGRESSED_SIDE = 16  # pictures are shrunk to this before the regression
DAMPING = 1e-3  # added to the curvatures of Gauss and Newton, in units of mse
SOLVED = (1 / 255) ** 2  # an mse at which a target needs no more steps: one grey level of 255
NEAR = 1e-4  # an mse above which a target is looked for from further starts, in a second wave
FIRST = 2  # starts of each target in the first wave, without an encoder
MOST_ROWS = 32  # starts of the second wave together, where there are fewer than 16 targets
HALVINGS = (1 / 6, 1 / 3, 2 / 3)  # shares of the steps after which half of the starts go on

Features = Callable[[Tensor], Tensor]
Guess = Callable[[Tensor], Tensor]  # of pictures (N, C, size, size) their z (N, z_dim)


@dataclass(frozen=True)
class Found:
    """The search after `step` of at most `steps`: for each target the best z of those followed.

    z (N, z_dim); images (N, C, H, W) in [-1, 1], what z gives; mse (N,), of pixels in [0, 1]. A search
    that comes to rest early says so in its last state, where `steps` is the step that it ended at.
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
    starts: int = 16,
    seed: int = 0,
    every: int = 10,
    features: Features | None = None,
    encoder: Guess | None = None,
) -> Iterator[Found]:
    """Look for the z of `targets` (N, C, size, size) in [-1, 1]; yields before, on the way and last.

    Each target begins at what `encoder` guesses (gan/latent/encoder.py); without one at two places, what a
    regression on 2,048 drawn pictures predicts and the nearest of them. From each it goes downhill
    until it is found (mse 1.5e-5), comes to rest, or has gone `steps`. A target that is then still
    above an mse of 1e-4 begins in the same way at others, the nearest of the drawn, as `starts` allow;
    all such share 32 starts, or twice as many as there are targets. The state is told every so many
    steps. `features` maps images to (N, F) that should be alike as well: `features_for` knows those of
    digits. A class-conditional generator takes its class from z; its starts are of as many classes as
    there are.

    The generator is looked at only: weights, mode and what needs a gradient stay as they are. One
    seed gives one result on one machine. ValueError for targets that are not such pictures or more
    than 64 (than 32 for a z of 1,024), steps outside 1 to 5,000, starts outside 1 to 32, or a bad seed,
    at the call itself.
    """
    targets = check_targets(generator, targets)
    steps = checks.integer("steps", steps, 1, MAX_STEPS)
    starts = checks.integer("starts", starts, 1, MAX_STARTS)
    every = checks.integer("every", every, 1, MAX_STEPS)
    most = MAX_NUMBERS // generator.z_dim**2 // FIRST
    if len(targets) > most:
        raise ValueError(
            f"For z of {generator.z_dim} numbers there can be at most {most} targets at a time, not "
            f"{len(targets)}."
        )
    search = _Search(generator, targets, features, encoder)
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
    from gan.models.lenet import load_lenet

    return load_lenet().to(next(generator.parameters()).device).features


class _Search:
    """What is minimised: pixels + features + prior, for rows of z that belong to targets."""

    def __init__(
        self,
        generator: Generator,
        targets: Tensor,
        features: Features | None,
        encoder: Guess | None = None,
    ):
        self.generator, self.targets = generator, targets
        self.features, self.encoder = features, encoder
        with torch.no_grad():
            self.wanted = self.seen(targets)

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

    def seen(self, images: Tensor) -> Tensor:
        """Pixels and features in one (N, M), scaled so that a square distance is the loss of both."""
        pixels = images.flatten(1) / 2
        parts = [pixels / math.sqrt(pixels.shape[1])]
        if self.features:
            features = self.features(images)
            parts.append(features * math.sqrt(FEATURES / features.shape[1]))
        return torch.cat(parts, dim=1)

    def look(self, z: Tensor, owner: Tensor) -> Evaluation:
        """Rows z (R, z_dim) as they are seen, each against the target of its `owner` (R,)."""
        with torch.enable_grad():
            z = z.detach().requires_grad_()
            images = self.draw(z)
            error = (self.seen(images) - self.wanted[owner]).square()
            mse = error[:, : images[0].numel()].sum(1)
            loss = error.sum(1) + prior(z, mse)
            (gradient,) = torch.autograd.grad(loss.sum(), z)
        return Evaluation(loss.detach(), mse.detach(), images.detach(), gradient)

    @torch.no_grad()
    def curvature(self, z: Tensor) -> Tensor:
        """The inverse Hessians (R, z_dim, z_dim) of Gauss and Newton, damped as by Levenberg 1944.

        J has a column for each number of z, by forward differentiation: G is drawn z_dim times.
        """
        z_dim = z.shape[1]
        unit = torch.eye(z_dim, device=z.device)

        def column(rows: Tensor, direction: Tensor) -> Tensor:
            return torch.func.jvp(
                lambda z: self.seen(self.draw(z)), (rows,), (direction.expand_as(rows),)
            )[1]

        inverses = []
        for rows in z.split(max(1, 1024 // z_dim)):
            j = torch.func.vmap(column, in_dims=(None, 0), out_dims=2)(rows, unit)
            inverses.append(torch.linalg.inv(2 * (j.mT @ j + DAMPING * unit)))
        return torch.cat(inverses)

    def waves(self, seed: int, starts: int) -> Iterator[Tensor]:
        """Where each wave begins, (N, S, z_dim); a later one's places are looked for when it comes."""
        if self.encoder:
            yield self.encoder(self.targets).detach()[:, None]
            if starts > 1:
                yield self.begin(_first(self, seed), starts - 1)
            return
        z = self.begin(_first(self, seed), starts)
        yield z[:, :FIRST]
        if starts > FIRST:
            yield z[:, FIRST:]

    @torch.no_grad()
    def begin(self, z: Tensor, starts: int) -> Tensor:
        """(N, starts, z_dim): what a regression on z's pictures predicts, then the nearest of z."""
        drawn = [self.draw(part) for part in z.split(256)]
        predicted = regress(torch.cat([_small(part) for part in drawn]), z, _small(self.targets))
        seen = torch.cat([self.seen(part) for part in drawn])
        loss = torch.cdist(seen, self.wanted).square()
        if self.generator.classes:
            self._favour_each_class(loss, z)
        nearest = loss.topk(starts - 1, dim=0, largest=False).indices.T
        return torch.cat([predicted[:, None], z[nearest]], dim=1)

    def _favour_each_class(self, loss: Tensor, z: Tensor) -> None:
        """Put the nearest of each class before all others, in `loss` (drawn, N) itself."""
        classes = self.generator.classes_of(z)
        best = torch.arange(loss.shape[1], device=loss.device)
        for number in classes.unique():
            own = (classes == number).nonzero()[:, 0]
            loss[own[loss[own].argmin(0)], best] -= loss.max()


def prior(z: Tensor, mse: Tensor) -> Tensor:
    """What z pays for leaving the sphere that nearly all of N(0, I) lies at, (N,).

    (‖z‖² / z_dim - 1)², by at most PRIOR. Without it a search wanders to norms that G never saw in
    training, where pictures saturate. The nearer the picture, the less there is to wander off for, and
    the true z is not quite at the sphere: the weight goes to 0 as the mse does.
    """
    return PRIOR * mse / (PRIOR + mse) * (z.square().mean(1) - 1).square()


def _small(images: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(images, min(REGRESSED_SIDE, images.shape[-1])).flatten(1)


def regress(pictures: Tensor, z: Tensor, targets: Tensor) -> Tensor:
    """z predicted for `targets` (N, P) from `pictures` (D, P) of z (D, z_dim): (N, z_dim).

    Kernel ridge regression (Saunders, Gammerman & Vovk 1998, eq. 8) with a Gaussian kernel whose
    width is the mean distance of the pictures.
    """
    apart = torch.cdist(pictures, pictures).square()
    width = apart.mean().clamp(min=1e-12)
    kernel = (-apart / width).exp() + RIDGE * torch.eye(len(z), device=z.device)
    near = (-torch.cdist(targets, pictures).square() / width).exp()
    return near @ torch.linalg.solve(kernel, z)


def _descend(search: _Search, steps: int, starts: int, seed: int, every: int) -> Iterator[Found]:
    lost = torch.arange(len(search.targets), device=search.targets.device)
    rows = max(MOST_ROWS, FIRST * len(lost))  # of the second wave; in the first it is no limit
    best, step = _Best(search), 0
    to_come = 1 + (starts > (1 if search.encoder else FIRST))
    for wave in search.waves(seed, starts):
        begun, most = step, step + steps * to_come
        for descent in _wave(search, wave[lost][:, : rows // len(lost)], lost, steps):
            best.take(descent)
            step = begun + descent.steps
            if step % every == 0 and not _over(descent, steps):
                yield best.found(step, most)
        lost, to_come = (best.sight.mse > NEAR).nonzero()[:, 0], to_come - 1
        if not len(lost):
            break
    yield best.found(step, step)


def _wave(search: _Search, z: Tensor, targets: Tensor, steps: int) -> Iterator[Descent]:
    """From z (T, S, z_dim) downhill to `targets` (T,); yields before the first and after each step."""
    count, starts = z.shape[:2]
    z, owner = z.flatten(0, 1), targets.repeat_interleave(starts)
    descent = Descent(search.look, z, owner, search.look(z, owner), search.curvature(z))
    yield descent
    halvings = [math.ceil(share * steps) for share in HALVINGS]
    while not _over(descent, steps):
        for _ in range(halvings.count(descent.steps + 1)):
            descent.keep(_better_half(descent.sight.loss.view(count, -1)))
        descent.step()
        mse = descent.sight.mse.view(count, -1)
        descent.resting |= (mse.amin(1) <= SOLVED).repeat_interleave(mse.shape[1])
        yield descent


def _over(descent: Descent, steps: int) -> bool:
    return descent.steps == steps or bool(descent.resting.all())


class _Best:
    """The best that was seen of each target, (N, …)."""

    def __init__(self, search: _Search):
        targets = search.targets
        self.z = targets.new_zeros(len(targets), search.generator.z_dim)
        endless = targets.new_full((len(targets),), math.inf)
        self.sight = Evaluation(endless, endless.clone(), targets.clone(), torch.zeros_like(self.z))

    def take(self, descent: Descent) -> None:
        """The rows of a descent that are better than what is here; all targets have as many."""
        count = len(descent.owner.unique())
        loss = descent.sight.loss.view(count, -1)
        rows = loss.argmin(1) + loss.shape[1] * torch.arange(count, device=loss.device)
        rows = rows[descent.sight.loss[rows] < self.sight.loss[descent.owner[rows]]]
        self.z[descent.owner[rows]] = descent.z[rows]
        self.sight.put(descent.owner[rows], descent.sight.rows(rows))

    def found(self, step: int, steps: int) -> Found:
        return Found(step, steps, self.z.clone(), self.sight.images.clone(), self.sight.mse.clone())


def _better_half(loss: Tensor) -> Tensor:
    """Of losses (N, S) the numbers of the rows, counted through, that are each target's better half."""
    count, starts = loss.shape
    kept = loss.topk(max(1, starts // 2), dim=1, largest=False).indices
    return (kept + starts * torch.arange(count, device=loss.device)[:, None]).flatten()


def _first(search: _Search, seed: int) -> Tensor:
    """The latents of the first draw: some of seeds that have names, the rest from `seed`."""
    z_dim = search.generator.z_dim
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randn(DRAWN - SEEDS, z_dim, generator=rng)
    return torch.cat([seed_latents(range(SEEDS), z_dim), drawn]).to(search.targets)
