"""The training step for points, with hand-written gradients of its MLPs (gan/training/manual_mlp.py).

Why it is here: Points promises 300 steps a second beside 10 pictures a second. On one thread this step gives
501 steps/s for `quick`, autograd 336 (`python -m benchmarks.points speed`, docs/benchmarks.md); the page, which
also draws and measures, gets 345 to 352 of the 501, and would get about 235 of the 336.
"""

import torch
from torch import Tensor, nn

from gan.models.mlp import NEGATIVE_SLOPES
from gan.settings.config import TrainConfig, method_of
from gan.settings.declare import POINTS
from gan.settings.hyperparameters import CHOICES
from gan.training.batch import Batch
from gan.training.manual_mlp import ManualMLP
from gan.training.optimisers import take_step
from gan.training.trainer import Trainer

# Off by default and with hand-written gradients here, or handled by networks, optimisers and data.
MANUAL = (
    "adversarial", "confidence", "r1", "r2", "weight_clip", "ema_images", "lr_half",
)  # fmt: skip
AUTOGRAD_ONLY = tuple(
    name
    for name, choice in CHOICES.items()
    if choice.off_by_default and POINTS in choice.applies and name not in MANUAL
)


def trainer_for(
    config: TrainConfig,
    pixels: Tensor,
    device: torch.device,
    labels: Tensor | None = None,
    g_classes: int | None = None,
) -> Trainer:
    """The fastest trainer for a resolved config, with the arguments of `Trainer`; both give the same numbers up to
    rounding."""
    kind = PointTrainer if has_manual_gradients(config) else Trainer
    return kind(config, pixels, device, labels, g_classes)


def has_manual_gradients(config: TrainConfig) -> bool:
    """Whether `PointTrainer` covers all settings of a resolved config."""
    method = method_of(config)
    if method.model != "mlp" or method.d_norm != "none" or config.precision != "float32":
        return False
    if method.activation not in NEGATIVE_SLOPES:  # not piecewise linear, as R1's gradient assumes
        return False
    return not any(getattr(method, name) for name in AUTOGRAD_ONLY)


class PointTrainer(Trainer):
    """A Trainer of MLPs on points (N, 2), for configs that `has_manual_gradients` accepts."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        slope = NEGATIVE_SLOPES[self.method.activation]
        self.manual_g, self.manual_d = (
            ManualMLP([layer for layer in net.modules() if isinstance(layer, nn.Linear)], slope)
            for net in (self.g, self.d)
        )
        self.g_inputs: list[Tensor] = []  # of G's layers, for the newest fakes

    @torch.no_grad()
    def step(self, progress: float, d: bool = True, g: bool = True) -> None:
        super().step(progress, d, g)

    def _fake(self) -> Batch:
        points, self.g_inputs = self.manual_g.forward(self.g.noise_input(self._latents()))
        return Batch(points)

    def _update_d(self, real: Batch, fake: Batch) -> tuple[Tensor, Tensor, Tensor]:
        output, inputs = self.manual_d.forward(torch.cat([real.images, fake.images]))
        with torch.enable_grad():
            logits = output.squeeze(1).requires_grad_(True)
            d_real, d_fake = logits.chunk(2)
            loss, total = self._d_logit_losses(d_real, d_fake)
            (grad,) = torch.autograd.grad(total, logits)
        self.manual_d.backward(grad[:, None], inputs)
        self._add_penalty_gradients(inputs, len(real.images))
        self._apply_d_gradients()
        return loss.detach(), d_real.detach(), d_fake.detach()

    def _add_penalty_gradients(self, inputs: list[Tensor], count: int) -> None:
        """R1's and R2's, from the inputs of D's layers: `count` rows of real points, then the fakes."""
        m = self.method
        if self.steps % self.penalty_every:
            return
        for gamma, rows in ((m.r1, slice(None, count)), (m.r2, slice(count, None))):
            if gamma:
                selected = [values[rows] for values in inputs]
                self.manual_d.add_zero_centred_penalty(selected, 0.5 * gamma * self.penalty_every)

    def _update_g(self, real: Batch, fake: Batch) -> Tensor:
        output, inputs = self.manual_d.forward(fake.images)
        with torch.enable_grad():
            d_fake = output.squeeze(1).requires_grad_(True)
            loss = self.method.adversarial * self._adversarial_g_loss(real, d_fake)
            (grad,) = torch.autograd.grad(loss, d_fake)
        self.manual_g.backward(self.manual_d.input_grad(grad[:, None], inputs), self.g_inputs)
        take_step(self.g_optim)
        return loss.detach()

    def _adversarial_g_loss(self, real: Batch, d_fake: Tensor) -> Tensor:
        if not self.loss.pairs:
            return self.loss.g(d_fake)
        d_real, _ = self.manual_d.forward(real.images)
        return self.loss.g(d_real.squeeze(1), d_fake)
