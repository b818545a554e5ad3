"""One step of adversarial training: the two networks, their optimisers, and nothing of the loop."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gan.common import ranks
from gan.data.image_tensors import to_float
from gan.models.build import build_networks
from gan.models.progressive import averaged_to
from gan.models.stages import freeze_stages
from gan.settings.config import TrainConfig, method_of
from gan.training import penalties
from gan.training.added_penalties import d_penalties, historical_penalty
from gan.training.augment import add_noise, augment
from gan.training.auxiliary import auxiliary_for
from gan.training.averages import MetricMeans, WeightEma, add_to_mean
from gan.training.batch import Batch, both
from gan.training.losses import LOSSES
from gan.training.optimisers import gradient_norm, optimiser_for, take_step
from gan.training.unrolled import look_ahead


class Trainer:
    """G, D, their optimisers and the EMA of G; `step` makes one generator update.

    `config` must be resolved; `pixels` are the real images, uint8 (N, C, size, size), or points,
    float32 (N, 2); `labels` int64 (N,) make both networks class-conditional. `g_classes`: the number of
    classes of G, where D is not shown them.
    """

    def __init__(
        self,
        config: TrainConfig,
        pixels: Tensor,
        device: torch.device,
        labels: Tensor | None = None,
        g_classes: int | None = None,
    ):
        self.config, self.method, self.device = config, method_of(config), device
        self.loss = LOSSES[self.method.loss]
        # On the CPU and on GPUs convolutions are faster with the channels innermost.
        self.layout = torch.channels_last if pixels.ndim == 4 else torch.contiguous_format
        self.classes = 0 if labels is None else int(labels.max()) + 1
        g, d = build_networks(config, self.classes, g_classes)
        self.g = g.to(device, memory_format=self.layout)
        self.d = d.to(device, memory_format=self.layout)
        self.ema = WeightEma(self.g, config.ema_images)
        self.g_ema = self.ema.net
        self.g_optim = optimiser_for(self.method, self.g.parameters(), config.g_lr)
        self.d_trained = freeze_stages(self.d, self.method.freeze_d)
        self.d_optim = optimiser_for(self.method, self.d_trained, config.d_lr)
        self.auxiliary = auxiliary_for(config, self.d, self.classes, device)
        self.growing = [
            layer
            for net in (self.g, self.d, self.g_ema)
            for layer in net.layers
            if hasattr(layer, "grow")
        ]
        for layer in self.growing:
            layer.level.zero_()
        self.pixels = pixels.to(device)
        self.labels = None if labels is None else labels.to(device)
        # Drawn on the CPU, so that a seed gives the same run on every device.
        self.rng = torch.Generator().manual_seed(config.seed + 1)
        self.share = config.batch // ranks.size()  # of each batch, on this rank
        self.steps = 0
        self.images = 0  # real images shown to D so far
        self.after_d: Callable[[], None] | None = None  # called after D's updates, before G's
        self.penalty_every = self.method.penalty_every
        self.sigma = 0.0  # current standard deviation of the instance noise
        self.remember_weights()
        self.means = MetricMeans(device)

    def remember_weights(self) -> None:
        """Begin the means of all past parameters, for historical averaging, with the present ones."""
        self.past = {"g": _copies(self.g), "d": _copies(self.d)} if self.method.historical else {}

    @property
    def _images_per_step(self) -> int:
        return self.config.n_critic * self.config.batch

    def step(self, progress: float, d: bool = True, g: bool = True) -> None:
        """The updates of D, then those of G; `progress` is the share of the budget used.

        `d=False` or `g=False` leaves that player's updates out. Such a half step counts neither in
        `steps` nor in historical averaging, and only the other player's metrics are averaged.
        """
        self._schedule(progress)
        # While D trains alone `steps` stands still, so its penalties come at every update.
        self.penalty_every = self.method.penalty_every if g else 1
        real, fake = self._train_d() if d else (self._real(), self._fake())
        if d and g and self.after_d:
            self.after_d()
        if g:
            self._train_g(real, fake)
        if d and g:
            for name, means in self.past.items():
                add_to_mean(means, getattr(self, name).parameters(), self.steps + 2)
            self.steps += 1
        if d:
            self.images += self._images_per_step

    def _train_d(self) -> tuple[Batch, Batch]:
        """D's updates of a step; returns the real and the fake batch of the last."""
        for _ in range(self.config.n_critic):
            # Kept with its graph: G's first update reuses the last fakes.
            real, fake = self._real(), self._fake()
            loss, d_real, d_fake = self._update_d(real, fake)
        self.means.add("d", loss, d_real.sigmoid().mean(), d_fake.sigmoid().mean())
        return real, fake

    def _train_g(self, real: Batch, fake: Batch) -> None:
        """G's updates of a step, the first on these batches, and that of its EMA."""
        loss = self._update_g(real, fake)
        for _ in range(1, self.method.g_steps):
            loss = self._update_g(real, self._fake())
        self.ema.update(self._images_per_step, self.images)
        self.means.add("g", loss)

    def _schedule(self, progress: float) -> None:
        m, progress = self.method, min(progress, 1.0)
        share = 1.0 + (m.lr_end - 1.0) * progress
        if m.lr_half:
            # A 1/t decay: its sum diverges, that of its squares converges (Robbins & Monro 1951).
            share /= 1.0 + self.images / m.lr_half
        self.g_optim.param_groups[0]["lr"] = self.config.g_lr * share
        self.d_optim.param_groups[0]["lr"] = self.config.d_lr * share
        if self.auxiliary:
            self.auxiliary.optimiser.param_groups[0]["lr"] = self.config.d_lr * share
        self.sigma = m.instance_noise * max(0.0, 1.0 - progress / m.noise_until)
        for layer in self.growing:
            # Networks that have learned before are grown up.
            layer.grow(1.0 if self.config.start_from else progress)

    def _real(self) -> Batch:
        draw = partial(torch.randint, len(self.pixels))
        index = ranks.drawn(draw, (self.share,), self.rng)
        index = index.to(self.device)
        images = to_float(self.pixels[index])
        if self.growing:
            images = averaged_to(images, self.growing[0].side)
        images = images.contiguous(memory_format=self.layout)
        return Batch(images, None if self.labels is None else self.labels[index])

    def _fake(self) -> Batch:
        z = self._latents()
        # The classes that z itself encodes, as in use. With independent labels, z would be distributed
        # more widely within a class here than when sampling.
        labels = self.g.classes_of(z) if self.classes else None
        return Batch(self._autocast(self.g, z, labels=labels), labels)

    def _latents(self) -> Tensor:
        shape = (self.share, self.config.z_dim)
        return ranks.drawn(torch.randn, shape, self.rng).to(self.device)

    def _autocast(self, function, batch: Tensor, **options) -> Tensor:
        """`function(batch)` in the type of the weights, computed in bfloat16 where the config says so."""
        if self.config.precision != "bfloat16":
            return function(batch, **options)
        with torch.autocast(self.device.type, torch.bfloat16):
            return function(batch, **options).float()

    def augmented(self, images: Tensor) -> Tensor:
        """The input of D: augmented images with instance noise, as far as the method has them."""
        return add_noise(augment(images, self.method.augment, self.rng), self.sigma, self.rng)

    def _logits(self, batch: Batch, groups: int = 1, d=None) -> Tensor:
        """Logits (N,) of D, or of another function `d` in its place."""
        options = {"groups": groups, "labels": batch.labels}
        return self._autocast(d or self.d, self.augmented(batch.images), **options)

    def _judged(self, batch: Batch, groups: int = 1) -> tuple[Tensor, Tensor]:
        """D's logits (N,), and the features (N, F) behind them."""

        def judged(images: Tensor, **options) -> Tensor:
            logits, features = self.d.judged(images, **options)
            return torch.cat([logits[:, None], features], 1)

        found = self._autocast(judged, self.augmented(batch.images), groups=groups, labels=batch.labels)
        return found[:, 0], found[:, 1:]

    def _logits_of_both(self, real: Batch, fake: Batch, d=None) -> tuple[Tensor, Tensor]:
        d_real, d_fake = self._logits(both(real, fake), groups=2, d=d).chunk(2)
        return d_real, d_fake

    def _d_loss(self, d_real: Tensor, d_fake: Tensor) -> Tensor:
        labels = (self.method.real_label, self.method.fake_label)
        return self.loss.d(d_real, d_fake, *(labels if labels != (1.0, 0.0) else ()))

    def _d_logit_losses(self, d_real: Tensor, d_fake: Tensor) -> tuple[Tensor, Tensor]:
        """D's adversarial loss, and its sum with the confidence penalty: all that needs logits alone."""
        loss = self._d_loss(d_real, d_fake)
        if not self.method.confidence:
            return loss, loss
        entropy = penalties.entropy(torch.cat([d_real, d_fake]))
        return loss, loss - self.method.confidence * entropy

    def _update_d(self, real: Batch, fake: Batch) -> tuple[Tensor, Tensor, Tensor]:
        fake = fake._replace(images=fake.images.detach())
        named = 0.0
        if self.auxiliary:
            logits, features = self._judged(both(real, fake), groups=2)
            d_real, d_fake = logits.chunk(2)
            named = self.auxiliary.loss(features.chunk(2)[0], real.labels)
            self.auxiliary.optimiser.zero_grad()
        else:
            d_real, d_fake = self._logits_of_both(real, fake)
        loss, total = self._d_logit_losses(d_real, d_fake)
        total = total + named + d_penalties(self, real, fake)
        self.d_optim.zero_grad()
        total.backward()
        self._apply_d_gradients()
        return loss, d_real, d_fake

    def _apply_d_gradients(self) -> None:
        take_step(self.d_optim)
        if self.auxiliary:
            take_step(self.auxiliary.optimiser)
        if self.method.weight_clip:
            penalties.clip_weights(self.d, self.method.weight_clip)

    def _update_g(self, real: Batch, fake: Batch) -> Tensor:
        # D is frozen: gradients flow through it to G, and none are computed for its weights.
        self.d.requires_grad_(False)
        loss = self._g_loss(real, fake)
        total = loss + historical_penalty(self, "g")
        if self.method.orthogonal:
            total = total + self.method.orthogonal * penalties.orthogonality(self.g)
        self.g_optim.zero_grad()
        total.backward()
        take_step(self.g_optim)
        for parameter in self.d_trained:
            parameter.requires_grad_(True)
        return loss

    def _g_loss(self, real: Batch, fake: Batch) -> Tensor:
        m, total = self.method, 0.0
        if self.auxiliary:
            d_fake, features = self._judged(fake)
            total = self.auxiliary.loss(features, fake.labels)
        elif m.adversarial:
            d_fake = self._logits(fake, d=self._unrolled_d(real, fake) if m.unroll else None)
        if m.adversarial:
            loss = self.loss.g(self._logits(real), d_fake) if self.loss.pairs else self.loss.g(d_fake)
            total = total + m.adversarial * loss
        if m.feature_matching:
            total = total + m.feature_matching * self._feature_distance(real, fake)
        return total

    def _feature_distance(self, real: Batch, fake: Batch) -> Tensor:
        """‖E f(x) - E f(G(z))‖² of D's last features: Salimans et al. 2016, section 3.1."""
        f_real, f_fake = ranks.means(
            [
                self._autocast(self.d.features, self.augmented(batch.images)).mean(0)
                for batch in (real, fake)
            ]
        )
        return (f_real - f_fake).square().sum()

    def _unrolled_d(self, real: Batch, fake: Batch):
        """D after `unroll` more updates, as a differentiable function of these fakes."""

        def d_with(parameters):
            return lambda images, **options: functional_call(self.d, parameters, (images,), options)

        def loss(parameters) -> Tensor:
            return self._d_loss(*self._logits_of_both(real, fake, d_with(parameters)))

        return d_with(look_ahead(self.d, self.d_optim, loss, self.method.unroll))

    @property
    def finite(self) -> bool:
        """Whether the weights of the averaged generator are all finite."""
        return all(torch.isfinite(value).all() for value in self.g_ema.state_dict().values())

    def take_means(self) -> dict[str, float]:
        """Mean losses and probabilities since the last call; NaN for a player without updates since."""
        return self.means.take()

    def gradient_norms(self) -> tuple[float, float]:
        """Norms of the last gradients of D and of G; NaN before the first update of each."""
        return gradient_norm(self.d), gradient_norm(self.g)


def _copies(net: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in net.parameters()]
