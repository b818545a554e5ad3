"""Penalties and constraints: pure functions of a network and its input.

`discriminator` is any function images (N, …) -> logits (N,). Gradients are those of the logits, and the
penalties carry a graph, so that they can be minimised (double backward).
"""

from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common import ranks

Discriminator = Callable[[Tensor], Tensor]


def squared_gradient_norms(discriminator: Discriminator, images: Tensor) -> Tensor:
    """‖∇ₓ d(x)‖² of each image: (N,), with a graph."""
    images = images.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(discriminator(images).sum(), images, create_graph=True)
    return gradient.square().flatten(1).sum(1)


def zero_centred_penalty(discriminator: Discriminator, images: Tensor) -> Tensor:
    """E ‖∇ₓ d(x)‖², to be weighted by γ / 2: R1 at real images, R2 at fakes.

    Mescheder, Geiger & Nowozin 2018, "Which Training Methods for GANs do actually Converge?", eq. 9
    and section 4.1.
    """
    return squared_gradient_norms(discriminator, images).mean()


def one_centred_penalty(discriminator: Discriminator, images: Tensor) -> Tensor:
    """E (‖∇ₓ d(x)‖ - 1)², to be weighted by λ: Gulrajani et al. 2017 (WGAN-GP), eq. 3."""
    # The square root has an infinite derivative at 0, which the small constant avoids.
    norms = (squared_gradient_norms(discriminator, images) + 1e-12).sqrt()
    return (norms - 1.0).square().mean()


def interpolates(real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """A random point on the line from each real to its fake: WGAN-GP, algorithm 1, line 5."""
    return torch.lerp(fake, real, _one_each(real, rng))


def around_real(real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """A random point on the line from each real image x to its perturbation x_p: DRAGAN.

    x + α (x_p - x), one α ~ U(0, 1) an image, x_p = x + ½ σ U(0, 1) with noise at each pixel and σ the
    standard deviation of all numbers in the batch. Kodali et al. 2017, algorithm 1, with the perturbation
    of the authors' code, where the paper's own is N(0, cI). `fake` is not used.
    """
    spread = real.std(correction=0)
    if ranks.size() > 1:
        spread = ranks.moments(real, range(real.ndim))[1].sqrt()
    perturbation = 0.5 * spread * _uniform(real.shape, real, rng)
    return real + _one_each(real, rng) * perturbation


def _one_each(images: Tensor, rng: torch.Generator) -> Tensor:
    """U(0, 1), one number an image: (N, 1, …), to be multiplied with the images."""
    return _uniform((len(images), *[1] * (images.ndim - 1)), images, rng)


def _uniform(shape: Sequence[int], like: Tensor, rng: torch.Generator) -> Tensor:
    return ranks.drawn(torch.rand, shape, rng).to(like)


@torch.no_grad()
def clip_weights(net: nn.Module, limit: float) -> None:
    """Every parameter in training into [-limit, limit], in place: Arjovsky et al. 2017, algorithm 1, line 7."""
    for parameter in net.parameters():
        if parameter.requires_grad:
            parameter.clamp_(-limit, limit)


def orthogonality(net: nn.Module) -> Tensor:
    """Σ ‖WᵀW ⊙ (1 - I)‖²_F over weight matrices: Brock et al. 2019 (BigGAN), eq. 3.

    Each row of a layer's weight, flattened, is one filter; transposed convolutions have theirs in the
    second dimension. Norms of filters are not penalised, embeddings and biases neither.
    """
    total = torch.zeros((), device=next(net.parameters()).device)
    for layer in net.modules():
        if isinstance(layer, nn.ConvTranspose2d):
            filters = layer.weight.transpose(0, 1).flatten(1)
        elif isinstance(layer, nn.Conv2d | nn.Linear):
            filters = layer.weight.flatten(1)
        else:
            continue
        products = filters @ filters.T
        total = total + (products - products.diag().diag()).square().sum()
    return total


def distance_to(means: Iterable[Tensor], net: nn.Module) -> Tensor:
    """‖θ - θ̄‖² to the means of past weights: Salimans et al. 2016, section 3.3."""
    pairs = zip(net.parameters(), means, strict=True)
    return torch.stack([(parameter - mean).square().sum() for parameter, mean in pairs]).sum()


def entropy(logits: Tensor) -> Tensor:
    """Mean entropy of D = sigmoid(logit), in nats: the confidence penalty of Pereyra et al. 2017, eq. 1."""
    return (F.softplus(logits) - logits * logits.sigmoid()).mean()


def divergence(before: Tensor, after: Tensor) -> Tensor:
    """E KL(p ‖ q) in nats, Bernoulli with p = sigmoid(before) and q = sigmoid(after)."""
    p = before.sigmoid()
    # log p - log q = softplus(-after) - softplus(-before), and so for 1 - p.
    yes = F.softplus(-after) - F.softplus(-before)
    no = F.softplus(after) - F.softplus(before)
    return (p * yes + (1.0 - p) * no).mean()


def adversarial_direction(
    discriminator: Discriminator,
    images: Tensor,
    rng: torch.Generator,
    xi: float = 1e-2,
    powers: int = 1,
) -> Tensor:
    """For each image the unit direction in which a small perturbation changes D's output most.

    Power iteration on the Hessian of the divergence: Miyato et al. 2017 (VAT), eqs. 9 to 13. Their
    ξ = 1e-6 is lost in the rounding of float32, hence a larger one here. Where D is constant the
    direction is random.
    """
    images = images.detach()
    direction = _unit(ranks.drawn(torch.randn, images.shape, rng).to(images))
    with torch.no_grad():
        before = discriminator(images)
    for _ in range(powers):
        direction.requires_grad_(True)
        change = divergence(before, discriminator(images + xi * direction))
        (gradient,) = torch.autograd.grad(change, direction)
        length = gradient.flatten(1).norm(dim=1).view(-1, *[1] * (images.ndim - 1))
        direction = torch.where(length > 0, _unit(gradient), direction).detach()
    return direction


def local_smoothness(
    discriminator: Discriminator, images: Tensor, radius: float, rng: torch.Generator
) -> Tensor:
    """E KL(p(x) ‖ p(x + r)) with r of length `radius`: Miyato et al. 2017 (VAT), eq. 7.

    No gradient flows through p(x), nor through r (eq. 8).
    """
    moved = images.detach() + radius * adversarial_direction(discriminator, images, rng)
    with torch.no_grad():
        before = discriminator(images.detach())
    return divergence(before, discriminator(moved))


def _unit(rows: Tensor) -> Tensor:
    return F.normalize(rows.flatten(1), dim=1, eps=1e-30).view(rows.shape)
