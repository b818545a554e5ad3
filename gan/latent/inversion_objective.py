"""What inversion minimises: the distance of G(z) to a target in pixels and features, plus a prior on z."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan.latent.batched_bfgs import Evaluation
from gan.models.generator import Generator

# Weights beside the mse of pixels.
PRIOR = 0.01
FEATURES = 0.0005
DAMPING = 1e-3  # added to the eigenvalues of the Gauss-Newton Hessian, in units of mse
FORWARD_PASSES = 1024  # of G at once for a Jacobian

Features = Callable[[Tensor], Tensor]  # images (N, C, size, size) -> (N, F)


class InversionObjective:
    """Loss, gradient and curvature of rows z (R, z_dim), each against one of `targets` (N, C, H, W).

    `targets` are in [-1, 1]. The generator is only read: weights, modes and gradients stay as they are.
    """

    def __init__(self, generator: Generator, targets: Tensor, features: Features | None = None):
        self.generator, self.targets, self.features = generator, targets, features
        with torch.no_grad():
            self.embedded_targets = self.embed(targets)

    def draw(self, z: Tensor) -> Tensor:
        """G(z) in evaluation mode, whatever mode the generator is in between calls.

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

    def embed(self, images: Tensor) -> Tensor:
        """Pixels and features side by side (N, M), scaled: squared distances are the loss of both."""
        pixels = images.flatten(1) / 2
        parts = [pixels / math.sqrt(pixels.shape[1])]
        if self.features:
            features = self.features(images)
            parts.append(features * math.sqrt(FEATURES / features.shape[1]))
        return torch.cat(parts, dim=1)

    def __call__(self, z: Tensor, owner: Tensor) -> Evaluation:
        """Evaluate rows z (R, z_dim), each against the target with the index in `owner` (R,)."""
        with torch.enable_grad():
            z = z.detach().requires_grad_()
            images = self.draw(z)
            error = (self.embed(images) - self.embedded_targets[owner]).square()
            mse = error[:, : images[0].numel()].sum(1)
            loss = error.sum(1) + prior(z, mse)
            (gradient,) = torch.autograd.grad(loss.sum(), z)
        return Evaluation(loss.detach(), mse.detach(), images.detach(), gradient)

    @torch.no_grad()
    def inverse_hessian(self, z: Tensor) -> Tensor:
        """(2 JᵀJ + 2 λ I)⁻¹ at each row: (R, z_dim, z_dim). Gauss-Newton, damped as by Levenberg 1944.

        J has a column for each number of z, by forward differentiation: z_dim passes of G a row.
        """
        z_dim = z.shape[1]
        unit = torch.eye(z_dim, device=z.device)

        def column(rows: Tensor, direction: Tensor) -> Tensor:
            return torch.func.jvp(
                lambda z: self.embed(self.draw(z)), (rows,), (direction.expand_as(rows),)
            )[1]

        inverses = []
        for rows in z.split(max(1, FORWARD_PASSES // z_dim)):
            j = torch.func.vmap(column, in_dims=(None, 0), out_dims=2)(rows, unit)
            inverses.append(torch.linalg.inv(2 * (j.mT @ j + DAMPING * unit)))
        return torch.cat(inverses)


def prior(z: Tensor, mse: Tensor) -> Tensor:
    """Penalty on z (R, z_dim) away from the sphere of radius √z_dim, where nearly all of N(0, I) lies: (R,).

    (‖z‖² / z_dim - 1)², weighted by PRIOR · mse / (PRIOR + mse). Without it a search drifts to norms
    that G never saw in training, where pictures saturate. The true z is not exactly on the sphere
    either, so the weight goes to 0 as the mse does.
    """
    return PRIOR * mse / (PRIOR + mse) * (z.square().mean(1) - 1).square()
