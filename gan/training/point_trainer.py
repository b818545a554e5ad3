"""The step of gan/training/trainer.py for points, with the gradients of its networks written out."""

import torch
from torch import Tensor, nn

from gan.models.mlp import NEGATIVE_SLOPES
from gan.settings.config import TrainConfig, method_of
from gan.settings.method import CHOICES
from gan.training import penalties
from gan.training.manual_mlp import Dense
from gan.training.trainer import Batch, Trainer

# What is off by default and written out here; of the rest the networks and the data take care.
WRITTEN_OUT = (
    "adversarial", "confidence", "r1", "r2", "weight_clip", "ema_images", "lr_half",
)  # fmt: skip
# With any of these a method takes the plain step: what they do is not written out.
NOT_WRITTEN = tuple(
    name for name, choice in CHOICES.items() if choice.off_by_default and name not in WRITTEN_OUT
)


def trainer_for(
    config: TrainConfig, pixels: Tensor, device: torch.device, labels: Tensor | None = None
) -> Trainer:
    """The fastest trainer that can do what a resolved config asks for; all give the same numbers."""
    kind = PointTrainer if written_out(config) else Trainer
    return kind(config, pixels, device, labels)


def written_out(config: TrainConfig) -> bool:
    """Whether `PointTrainer` knows all that the method does."""
    method = method_of(config)
    if method.model != "mlp" or method.d_norm != "none" or config.precision != "float32":
        return False
    if method.activation not in NEGATIVE_SLOPES:  # its own slope bends, and so would R1's gradient
        return False
    return not any(getattr(method, name) for name in NOT_WRITTEN)


class PointTrainer(Trainer):
    """A Trainer whose networks are dense stacks: the same step, up to rounding."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        below = NEGATIVE_SLOPES[self.method.activation]
        self.dense_g, self.dense_d = (Dense(_linear(net), below) for net in (self.g, self.d))
        self.seen_by_g: list[Tensor] = []  # of the newest fakes

    @torch.no_grad()
    def step(self, progress: float, d: bool = True, g: bool = True) -> None:
        super().step(progress, d, g)

    def _fake(self) -> Batch:
        points, self.seen_by_g = self.dense_g.forward(self.g.noise_input(self._latents()))
        return Batch(points)

    def _update_d(self, real: Batch, fake: Batch) -> tuple[Tensor, Tensor, Tensor]:
        output, seen = self.dense_d.forward(torch.cat([real.images, fake.images]))
        with torch.enable_grad():
            logits = output.squeeze(1).requires_grad_(True)
            d_real, d_fake = logits.chunk(2)
            total = loss = self._d_loss(d_real, d_fake)
            if self.method.confidence:
                total = loss - self.method.confidence * penalties.entropy(logits)
            (slope,) = torch.autograd.grad(total, logits)
        self.dense_d.backward(slope[:, None], seen)
        self._add_penalties(seen, len(real.images))
        self.d_optim.step()
        if self.method.weight_clip:
            penalties.clip_weights(self.d, self.method.weight_clip)
        return loss.detach(), d_real.detach(), d_fake.detach()

    def _add_penalties(self, seen: list[Tensor], count: int) -> None:
        """R1's and R2's gradients, from what D saw of `count` real points and then of fakes."""
        m = self.method
        if self.steps % self.penalty_every:
            return
        for gamma, rows in ((m.r1, slice(None, count)), (m.r2, slice(count, None))):
            if gamma:
                of_rows = [values[rows] for values in seen]
                self.dense_d.add_zero_slope(of_rows, 0.5 * gamma * self.penalty_every)

    def _update_g(self, real: Batch, fake: Batch) -> Tensor:
        output, seen = self.dense_d.forward(fake.images)
        with torch.enable_grad():
            d_fake = output.squeeze(1).requires_grad_(True)
            loss = self.method.adversarial * self._loss_of_g(real, d_fake)
            (slope,) = torch.autograd.grad(loss, d_fake)
        self.dense_g.backward(self.dense_d.slope_in(slope[:, None], seen), self.seen_by_g)
        self.g_optim.step()
        return loss.detach()

    def _loss_of_g(self, real: Batch, d_fake: Tensor) -> Tensor:
        if not self.loss.pairs:
            return self.loss.g(d_fake)
        d_real, _ = self.dense_d.forward(real.images)
        return self.loss.g(d_real.squeeze(1), d_fake)


def _linear(net: nn.Module) -> list[nn.Linear]:
    return [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
