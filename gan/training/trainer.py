"""One step of adversarial training: the two networks, their optimisers, and nothing of the loop."""

import copy
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gan.data.image_tensors import to_float
from gan.models.build import build_networks
from gan.settings.config import TrainConfig, method_of
from gan.training import penalties
from gan.training.augment import add_noise, augment
from gan.training.losses import LOSSES
from gan.training.unrolled import look_ahead

# The averaged generator follows closely at first: its half-life grows with the images seen
# (Karras et al. 2020, "Training GANs with Limited Data", ema_rampup).
EMA_RAMPUP = 0.05
# What D's half of a step is told by, and G's.
MEANS = {"d": ("d_loss", "d_real", "d_fake"), "g": ("g_loss",)}


class Batch(NamedTuple):
    """Images (N, …) float32 and, where the networks are told classes, labels (N,)."""

    images: Tensor
    labels: Tensor | None = None


class Trainer:
    """G, D, their optimisers and the average of G; `step` makes one generator update.

    `config` must be resolved; `pixels` are the real images, uint8 (N, C, size, size), or points,
    float32 (N, 2); `labels` int64 (N,) where both networks are told the classes.
    """

    def __init__(
        self,
        config: TrainConfig,
        pixels: Tensor,
        device: torch.device,
        labels: Tensor | None = None,
    ):
        self.config, self.method, self.device = config, method_of(config), device
        self.loss = LOSSES[self.method.loss]
        # On the CPU and on GPUs convolutions are faster with the channels innermost.
        self.layout = torch.channels_last if pixels.ndim == 4 else torch.contiguous_format
        self.classes = 0 if labels is None else int(labels.max()) + 1
        g, d = build_networks(config, self.classes)
        self.g = g.to(device, memory_format=self.layout)
        self.d = d.to(device, memory_format=self.layout)
        self.g_ema = copy.deepcopy(self.g).eval().requires_grad_(False)
        self.g_optim = self._optimiser(self.g, config.g_lr)
        self.d_optim = self._optimiser(self.d, config.d_lr)
        self.averaged, self.current = _floats(self.g_ema), _floats(self.g)
        self.pixels = pixels.to(device)
        self.labels = None if labels is None else labels.to(device)
        # Drawn on the CPU, so that a seed gives the same run on every device.
        self.rng = torch.Generator().manual_seed(config.seed + 1)
        self.steps = 0
        self.images = 0  # real ones shown to D so far
        self.between: Callable[[], None] | None = None  # called after D's updates, before G's
        self.penalty_every = self.method.penalty_every
        self.sigma = 0.0  # of the noise that D sees now
        self.past = {"g": _copies(self.g), "d": _copies(self.d)} if self.method.historical else {}
        # Sums since the last `take_means`, and of how many values.
        self.means = {half: torch.zeros(len(names), device=device) for half, names in MEANS.items()}
        self.counted = dict.fromkeys(MEANS, 0)

    def _optimiser(self, net: nn.Module, lr: float) -> torch.optim.Optimizer:
        m = self.method
        if m.optimiser == "rmsprop":
            return torch.optim.RMSprop(net.parameters(), lr=lr, alpha=m.beta2, foreach=True)
        return torch.optim.Adam(net.parameters(), lr=lr, betas=(m.beta1, m.beta2), fused=True)

    @property
    def _images_a_step(self) -> int:
        return self.config.n_critic * self.config.batch

    def step(self, progress: float, d: bool = True, g: bool = True) -> None:
        """The updates of D, then those of G; `progress` is the share of the budget used.

        Without `d`, or without `g`, only the other's are made. Such a half counts neither in `steps`
        nor in historical averaging, and adds to the means of its own alone: G's loss, or all others.
        """
        self._schedule(progress)
        # While D learns alone no steps pass, so its penalties come at every update.
        self.penalty_every = self.method.penalty_every if g else 1
        real, fake = self._learn_d() if d else (self._real(), self._fake())
        if d and g and self.between:
            self.between()
        if g:
            self._learn_g(real, fake)
        if d and g:
            self._remember()
            self.steps += 1
        if d:
            self.images += self._images_a_step

    def _learn_d(self) -> tuple[Batch, Batch]:
        """D's updates of a step, and the real and the fake batch of the last."""
        for _ in range(self.config.n_critic):
            # Kept with its graph: the last fakes serve G's first update too.
            real, fake = self._real(), self._fake()
            loss, d_real, d_fake = self._update_d(real, fake)
        self._count("d", loss, d_real.sigmoid().mean(), d_fake.sigmoid().mean())
        return real, fake

    def _learn_g(self, real: Batch, fake: Batch) -> None:
        """G's updates of a step, the first with these batches, and its average's."""
        loss = self._update_g(real, fake)
        for _ in range(1, self.method.g_steps):
            loss = self._update_g(real, self._fake())
        self._average()
        self._count("g", loss)

    def _count(self, half: str, *values: Tensor) -> None:
        self.means[half] += torch.stack([value.detach() for value in values])
        self.counted[half] += 1

    def _schedule(self, progress: float) -> None:
        m, progress = self.method, min(progress, 1.0)
        share = 1.0 + (m.lr_end - 1.0) * progress
        if m.lr_half:
            # Slow enough to arrive anywhere, fast enough to come to rest: Robbins & Monro 1951.
            share /= 1.0 + self.images / m.lr_half
        self.g_optim.param_groups[0]["lr"] = self.config.g_lr * share
        self.d_optim.param_groups[0]["lr"] = self.config.d_lr * share
        self.sigma = m.instance_noise * max(0.0, 1.0 - progress / m.noise_until)
        for net in (self.g, self.d, self.g_ema):
            for layer in net.layers:
                if hasattr(layer, "grow"):
                    layer.grow(progress)

    def _real(self) -> Batch:
        index = torch.randint(len(self.pixels), (self.config.batch,), generator=self.rng)
        index = index.to(self.device)
        images = to_float(self.pixels[index]).contiguous(memory_format=self.layout)
        return Batch(images, None if self.labels is None else self.labels[index])

    def _fake(self) -> Batch:
        z = self._latents()
        # Those that z names, not any: within a class z would else be spread wider here than in use.
        labels = self.g.classes_of(z) if self.classes else None
        return Batch(self._inside(self.g, z, labels=labels), labels)

    def _latents(self) -> Tensor:
        shape = (self.config.batch, self.config.z_dim)
        return torch.randn(shape, generator=self.rng).to(self.device)

    def _inside(self, function, batch: Tensor, **options) -> Tensor:
        """`function(batch)` in the type of the weights, in bfloat16 inside where the config says so."""
        if self.config.precision != "bfloat16":
            return function(batch, **options)
        with torch.autocast(self.device.type, torch.bfloat16):
            return function(batch, **options).float()

    def _shown(self, images: Tensor) -> Tensor:
        """What D sees of images: augmented and with noise, where the method says so."""
        return add_noise(augment(images, self.method.augment, self.rng), self.sigma, self.rng)

    def _judge(self, batch: Batch, groups: int = 1, judge=None) -> Tensor:
        """D's logits."""
        options = {"groups": groups, "labels": batch.labels}
        return self._inside(judge or self.d, self._shown(batch.images), **options)

    def _judge_both(self, real: Batch, fake: Batch, judge=None) -> tuple[Tensor, Tensor]:
        """D's logits of real and of fake, in one pass."""
        d_real, d_fake = self._judge(_both(real, fake), groups=2, judge=judge).chunk(2)
        return d_real, d_fake

    def _d_loss(self, d_real: Tensor, d_fake: Tensor) -> Tensor:
        labels = (self.method.real_label, self.method.fake_label)
        return self.loss.d(d_real, d_fake, *(labels if labels != (1.0, 0.0) else ()))

    def _update_d(self, real: Batch, fake: Batch) -> tuple[Tensor, Tensor, Tensor]:
        fake = fake._replace(images=fake.images.detach())
        d_real, d_fake = self._judge_both(real, fake)
        loss = self._d_loss(d_real, d_fake)
        total = loss + self._d_penalties(real, fake, torch.cat([d_real, d_fake]))
        self.d_optim.zero_grad()
        total.backward()
        self.d_optim.step()
        if self.method.weight_clip:
            penalties.clip_weights(self.d, self.method.weight_clip)
        return loss, d_real, d_fake

    def _d_penalties(self, real: Batch, fake: Batch, logits: Tensor) -> Tensor | float:
        """What is added to D's loss, in float32."""
        m, total = self.method, 0.0
        if self.steps % self.penalty_every == 0:
            # Made as much stronger as it is rarer (Karras et al. 2020, StyleGAN2, appendix B).
            total = self.penalty_every * self._slope_penalties(real, fake)
        if m.confidence:
            total = total - m.confidence * penalties.entropy(logits)
        if m.vat:
            both = _both(real, fake)
            judge = partial(self.d, groups=2, labels=both.labels)
            smooth = penalties.local_smoothness(judge, both.images, m.vat_radius, self.rng)
            total = total + m.vat * smooth
        return total + self._pull("d", self.d)

    def _slope_penalties(self, real: Batch, fake: Batch) -> Tensor | float:
        m, total = self.method, 0.0
        judge_real = partial(self.d, labels=real.labels)
        if m.r1:
            total = total + 0.5 * m.r1 * penalties.zero_slope(judge_real, real.images)
        if m.r2:
            judge = partial(self.d, labels=fake.labels)
            total = total + 0.5 * m.r2 * penalties.zero_slope(judge, fake.images)
        if m.slope:
            points = SLOPE_POINTS[m.slope_at](real.images, fake.images, self.rng)
            total = total + m.slope * penalties.unit_slope(judge_real, points)
        return total

    def _pull(self, name: str, net: nn.Module) -> Tensor | float:
        """Historical averaging's pull towards the mean of all past weights."""
        if not self.past:
            return 0.0
        return self.method.historical * penalties.distance_to(self.past[name], net)

    def _update_g(self, real: Batch, fake: Batch) -> Tensor:
        # Frozen: the gradient goes through D to G, and none is computed for D's weights.
        self.d.requires_grad_(False)
        loss = self._g_loss(real, fake)
        total = loss + self._pull("g", self.g)
        if self.method.orthogonal:
            total = total + self.method.orthogonal * penalties.orthogonality(self.g)
        self.g_optim.zero_grad()
        total.backward()
        self.g_optim.step()
        self.d.requires_grad_(True)
        return loss

    def _g_loss(self, real: Batch, fake: Batch) -> Tensor:
        m, total = self.method, 0.0
        if m.adversarial:
            d_fake = self._judge(fake, judge=self._ahead(real, fake) if m.unroll else None)
            loss = self.loss.g(self._judge(real), d_fake) if self.loss.pairs else self.loss.g(d_fake)
            total = m.adversarial * loss
        if m.feature_matching:
            total = total + m.feature_matching * self._feature_distance(real, fake)
        return total

    def _feature_distance(self, real: Batch, fake: Batch) -> Tensor:
        """‖E f(x) - E f(G(z))‖² of D's last features: Salimans et al. 2016, section 3.1."""
        wanted, own = (
            self._inside(self.d.features, self._shown(batch.images)).mean(0) for batch in (real, fake)
        )
        return (wanted - own).square().sum()

    def _ahead(self, real: Batch, fake: Batch):
        """D as it will be `unroll` updates from now, a function of these fakes."""

        def judge_by(parameters):
            return lambda images, **options: functional_call(self.d, parameters, (images,), options)

        def loss(parameters) -> Tensor:
            return self._d_loss(*self._judge_both(real, fake, judge_by(parameters)))

        return judge_by(look_ahead(self.d, self.d_optim, loss, self.method.unroll))

    @torch.no_grad()
    def _average(self) -> None:
        half_life = min(self.config.ema_images, EMA_RAMPUP * self.images)
        weight = 1.0 - 0.5 ** (self._images_a_step / half_life) if half_life else 1.0
        torch._foreach_lerp_(self.averaged, self.current, weight)

    @torch.no_grad()
    def _remember(self) -> None:
        """These weights count among the past ones of historical averaging."""
        for name, means in self.past.items():
            torch._foreach_lerp_(means, list(getattr(self, name).parameters()), 1 / (self.steps + 2))

    @property
    def finite(self) -> bool:
        """Whether the averaged generator's numbers are all finite."""
        return all(torch.isfinite(value).all() for value in self.g_ema.state_dict().values())

    def take_means(self) -> dict[str, float]:
        """Mean losses and probabilities since the last call; NaN for those of no update since."""
        told = {}
        for half, names in MEANS.items():
            # Where nothing was counted this is 0 / 0, which is NaN.
            values = (self.means[half] / self.counted[half]).tolist()
            told.update(zip(names, values, strict=True))
            self.means[half].zero_()
            self.counted[half] = 0
        return told

    def gradient_norms(self) -> tuple[float, float]:
        """The norms of the last gradients of D and of G; NaN where no step was made yet."""
        return _gradient_norm(self.d), _gradient_norm(self.g)


SLOPE_POINTS = {"interpolates": penalties.interpolates, "around_real": penalties.around_real}


def _both(real: Batch, fake: Batch) -> Batch:
    labels = None if real.labels is None else torch.cat([real.labels, fake.labels])
    return Batch(torch.cat([real.images, fake.images]), labels)


def _copies(net: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in net.parameters()]


def _floats(net: nn.Module) -> list[Tensor]:
    """Parameters and, as they belong to the average as well, batch normalisation's statistics."""
    return [value for value in net.state_dict().values() if value.is_floating_point()]


def _gradient_norm(net: nn.Module) -> float:
    gradients = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
    return float(torch.nn.utils.get_total_norm(gradients)) if gradients else float("nan")
