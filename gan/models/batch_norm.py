"""Batch normalisation over the batch of all ranks (gan.common.ranks).

PyTorch's own `SyncBatchNorm` works on GPUs alone, and its gradient cannot be differentiated again, as R1 asks for.
"""

import torch
from torch import Tensor, nn

from gan.common import ranks


class _OfAllRanks:
    def forward(self, x: Tensor) -> Tensor:
        if not self.training or ranks.size() == 1:
            return super().forward(x)
        values = x.to(torch.promote_types(x.dtype, torch.float32))
        others = [dim for dim in range(x.ndim) if dim != 1]
        mean, variance = ranks.moments(values, others)
        self._follow(mean.detach(), variance.detach(), ranks.size() * x.numel() // x.shape[1])
        per_channel = [-1 if dim == 1 else 1 for dim in range(x.ndim)]
        scale = (variance + self.eps).rsqrt()
        normal = (values - mean.view(per_channel)) * scale.view(per_channel)
        if self.affine:
            normal = normal * self.weight.view(per_channel) + self.bias.view(per_channel)
        return normal.to(x.dtype)

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Update the running statistics by those of `count` values a channel."""
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (count / (count - 1)), self.momentum)


class BatchNorm1d(_OfAllRanks, nn.BatchNorm1d):
    """(N, C) -> (N, C)."""


class BatchNorm2d(_OfAllRanks, nn.BatchNorm2d):
    """(N, C, H, W) -> (N, C, H, W)."""
