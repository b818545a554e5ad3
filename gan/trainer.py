"""One step of adversarial training: the two networks, their optimisers, and nothing of the loop."""

import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from gan.config import TrainConfig
from gan.data import to_float
from gan.losses import LOSSES
from gan.methods import find_method
from gan.models import Discriminator, Generator, initialise
from gan.penalties import r1

# The averaged generator follows closely at first: its half-life grows with the images seen
# (Karras et al. 2020, "Training GANs with Limited Data", ema_rampup).
EMA_RAMPUP = 0.05
MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # of Adam
MEANS = ("d_loss", "g_loss", "d_real", "d_fake")


def networks(config: TrainConfig) -> tuple[Generator, Discriminator]:
    """G and D of a resolved config, with the initial weights of its seed."""
    rng = torch.Generator().manual_seed(config.seed)
    generator = Generator(config.model, config.size, config.channels, config.width, config.z_dim)
    norm = find_method(config.method).d_norm
    discriminator = Discriminator(config.model, config.size, config.channels, config.d_width, norm)
    initialise(generator, rng)
    initialise(discriminator, rng)
    return generator, discriminator


class Trainer:
    """G, D, their optimisers and the average of G; `step` makes one generator update.

    `config` must be resolved; `pixels` are the real images, uint8 (N, C, size, size).
    """

    def __init__(self, config: TrainConfig, pixels: Tensor, device: torch.device):
        method = find_method(config.method)
        self.config, self.method, self.device = config, method, device
        self.loss = LOSSES[method.loss]
        # On the CPU and on GPUs convolutions are faster with the channels innermost.
        self.layout = torch.channels_last
        g, d = networks(config)
        self.g = g.to(device, memory_format=self.layout)
        self.d = d.to(device, memory_format=self.layout)
        self.g_ema = copy.deepcopy(self.g).eval().requires_grad_(False)
        self.g_optim = self._adam(self.g, config.g_lr)
        self.d_optim = self._adam(self.d, config.d_lr)
        self.averaged, self.current = _floats(self.g_ema), _floats(self.g)
        self.pixels = pixels.to(device)
        # Drawn on the CPU, so that a seed gives the same run on every device.
        self.rng = torch.Generator().manual_seed(config.seed + 1)
        self.steps = 0
        self.means = torch.zeros(len(MEANS), device=device)
        self.counted = 0

    def _adam(self, net: nn.Module, lr: float) -> torch.optim.Adam:
        return torch.optim.Adam(net.parameters(), lr=lr, betas=self.method.betas, fused=True)

    @property
    def images(self) -> int:
        """Real images shown to D so far."""
        return self.steps * self._images_a_step

    @property
    def _images_a_step(self) -> int:
        return self.config.n_critic * self.config.batch

    def step(self, progress: float) -> None:
        """`n_critic` updates of D, then one of G; `progress` is the share of the budget used."""
        self._schedule(progress)
        for _ in range(self.config.n_critic):
            real, z = self._real(), self._latents()
            # Kept with its graph: the last fakes serve G's update too.
            fake = self._through(self.g, z)
            d_loss, d_real, d_fake = self._update_d(real, fake.detach())
        g_loss = self._update_g(fake)
        self._average()
        self.steps += 1
        values = (d_loss, g_loss, d_real.sigmoid().mean(), d_fake.sigmoid().mean())
        self.means += torch.stack([value.detach() for value in values])
        self.counted += 1

    def _schedule(self, progress: float) -> None:
        share = 1.0 + (self.method.lr_end - 1.0) * min(progress, 1.0)
        self.g_optim.param_groups[0]["lr"] = self.config.g_lr * share
        self.d_optim.param_groups[0]["lr"] = self.config.d_lr * share

    def _real(self) -> Tensor:
        index = torch.randint(len(self.pixels), (self.config.batch,), generator=self.rng)
        batch = to_float(self.pixels[index.to(self.device)])
        return batch.contiguous(memory_format=self.layout)

    def _latents(self) -> Tensor:
        shape = (self.config.batch, self.config.z_dim)
        return torch.randn(shape, generator=self.rng).to(self.device)

    def _through(self, net: nn.Module, batch: Tensor, **options) -> Tensor:
        """`net(batch)` in float32, computed in bfloat16 inside where the config says so."""
        mixed = self.config.precision == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=mixed):
            return net(batch, **options).float()

    def _update_d(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        d_real, d_fake = self._through(self.d, torch.cat([real, fake]), groups=2).chunk(2)
        loss = self.loss.d(d_real, d_fake)
        self.d_optim.zero_grad()
        (loss + self._penalty(real)).backward()
        self.d_optim.step()
        return loss, d_real, d_fake

    def _penalty(self, real: Tensor) -> Tensor | float:
        """R1, made as much stronger as it is rarer (Karras et al. 2020, StyleGAN2, appendix B)."""
        every = self.method.r1_every
        if not self.method.r1 or self.steps % every:
            return 0.0
        return 0.5 * self.method.r1 * every * r1(self.d, real)

    def _update_g(self, fake: Tensor) -> Tensor:
        # Frozen: the gradient goes through D to G, and none is computed for D's weights.
        self.d.requires_grad_(False)
        loss = self.loss.g(self._through(self.d, fake))
        self.g_optim.zero_grad()
        loss.backward()
        self.g_optim.step()
        self.d.requires_grad_(True)
        return loss

    @torch.no_grad()
    def _average(self) -> None:
        half_life = min(self.config.ema_images, EMA_RAMPUP * self.images)
        weight = 1.0 - 0.5 ** (self._images_a_step / half_life) if half_life else 1.0
        torch._foreach_lerp_(self.averaged, self.current, weight)

    def take_means(self) -> dict[str, float]:
        """Mean losses and probabilities since the last call; NaN if no step was made since."""
        values = (self.means / max(self.counted, 1)).tolist()
        if not self.counted:
            values = [float("nan")] * len(MEANS)
        self.means.zero_()
        self.counted = 0
        return dict(zip(MEANS, values, strict=True))

    def gradient_norms(self) -> tuple[float, float]:
        """The norms of the last gradients of D and of G; NaN where no step was made yet."""
        return _gradient_norm(self.d), _gradient_norm(self.g)

    def state(self) -> dict[str, Tensor]:
        """All that decides how the run goes on, as named tensors."""
        tensors = {"rng": self.rng.get_state(), "steps": torch.tensor(self.steps)}
        for name, net in self._nets():
            tensors.update({f"{name}.{key}": value for key, value in net.state_dict().items()})
        for name, net, optim in self._optimisers():
            for key, parameter in net.named_parameters():
                for kind, value in optim.state.get(parameter, {}).items():
                    tensors[f"{name}.{key}.{kind}"] = value
        return tensors

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `state`; KeyError or RuntimeError if it is another network's."""
        for name, net in self._nets():
            net.load_state_dict({key: tensors[f"{name}.{key}"] for key in net.state_dict()})
        for name, net, optim in self._optimisers():
            for key, parameter in net.named_parameters():
                # Before the first step there are no moments yet.
                kinds = MOMENTS if int(tensors["steps"]) else ()
                moments = {kind: tensors[f"{name}.{key}.{kind}"] for kind in kinds}
                optim.state[parameter] = {
                    kind: _laid_out(kind, moment, parameter) for kind, moment in moments.items()
                }
        self.rng.set_state(tensors["rng"])
        self.steps = int(tensors["steps"])

    def _nets(self) -> Iterator[tuple[str, nn.Module]]:
        yield from (("g", self.g), ("d", self.d), ("g_ema", self.g_ema))

    def _optimisers(self) -> Iterator[tuple[str, nn.Module, torch.optim.Optimizer]]:
        yield from (("g_optim", self.g, self.g_optim), ("d_optim", self.d, self.d_optim))


def _laid_out(kind: str, moment: Tensor, parameter: nn.Parameter) -> Tensor:
    """A saved moment, laid out in memory as its parameter is: the fused Adam does not look."""
    like = torch.zeros((), device=parameter.device) if kind == "step" else parameter
    if moment.shape != like.shape:
        raise RuntimeError(f"{kind} has shape {tuple(moment.shape)}, not {tuple(like.shape)}")
    return torch.empty_like(like, requires_grad=False).copy_(moment)


def _floats(net: nn.Module) -> list[Tensor]:
    """Parameters and, as they belong to the average as well, batch normalisation's statistics."""
    return [value for value in net.state_dict().values() if value.is_floating_point()]


def _gradient_norm(net: nn.Module) -> float:
    gradients = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
    return float(torch.nn.utils.get_total_norm(gradients)) if gradients else float("nan")
