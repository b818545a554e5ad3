"""The processes ("ranks") of one run, as torchrun starts them, and what they tell each other.

Every rank has the same weights and an equal share of each batch; gradients are averaged between backward and the
optimiser's step. `DistributedDataParallel` does that within backward, by hooks that know of one backward pass through
one forward pass: not of slopes that are differentiated again, nor of updates that are looked ahead. With one process
nothing here does anything.

A share is every so many-th item, not a block: then two batches joined (real and fake) have for their share the two
shares joined.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TypeVar

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor

Made = TypeVar("Made")


class SaidElsewhere(ValueError):
    """Why this rank cannot go on is said by another one."""


STARTED_BY = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
LOST = "Another process of this run has ended before its time: what it wrote says why."
_alone: ContextVar[bool] = ContextVar("alone", default=False)


@contextlib.contextmanager
def joined() -> Iterator[None]:
    """Within it, the processes that torchrun has started are the ranks of one run. May be nested."""
    several = all(name in os.environ for name in STARTED_BY) and int(os.environ["WORLD_SIZE"]) > 1
    if not several or _in_group():
        yield
        return
    try:
        # gloo for what lies on the CPU and, where there are GPUs, nccl for what lies on them.
        dist.init_process_group()
    except RuntimeError as error:
        where = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"The processes of this run do not find each other at {where}: {reason}"
        ) from error
    try:
        yield
    finally:
        dist.destroy_process_group()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Within it, this rank computes by itself what the others do not."""
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def size() -> int:
    """How many ranks compute together."""
    return dist.get_world_size() if _in_group() and not _alone.get() else 1


def rank() -> int:
    """Which of them this one is; rank 0 alone writes files, measures and speaks."""
    return dist.get_rank() if _in_group() else 0


def _in_group() -> bool:
    return dist.is_available() and dist.is_initialized()  # some builds of PyTorch come without


def check_batch(batch: int) -> None:
    """ValueError if the ranks cannot have equal shares of a batch."""
    if batch % size():
        raise ValueError(
            f"batch={batch} cannot be shared equally by {size()} processes: choose a multiple of {size()}."
        )


def drawn(
    draw: Callable[..., Tensor], shape: Sequence[int], rng: torch.Generator, dim: int = 0
) -> Tensor:
    """`draw(shape, generator=rng)` for a share whose items lie along `dim`: its own of what is drawn for all ranks."""
    whole = list(shape)
    whole[dim] *= size()
    numbers = draw(whole, generator=rng)
    return numbers if size() == 1 else numbers.unflatten(dim, (-1, size())).select(dim + 1, rank())


class _Sum(torch.autograd.Function):
    """The sum over all ranks, for each of them. Its gradient is the same sum, so that there are gradients of any order:
    those of all ranks' losses together."""

    @staticmethod
    def forward(ctx, values: Tensor) -> Tensor:
        total = values.clone(memory_format=torch.contiguous_format)
        with _heard():
            dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:
        return _Sum.apply(gradient)


def stacked(values: Tensor) -> Tensor:
    """The values of all ranks: (ranks, …), with gradients."""
    if size() == 1:
        return values[None]
    before, after = rank(), size() - 1 - rank()
    return _Sum.apply(F.pad(values[None], (0, 0) * values.ndim + (before, after)))


def means(values: Sequence[Tensor]) -> Sequence[Tensor]:
    """Each of these tensors, of one type, averaged over the ranks, with gradients."""
    if size() == 1:
        return values
    flat = _Sum.apply(torch.cat([each.reshape(-1) for each in values])) / size()
    parts = flat.split([each.numel() for each in values])
    return [part.view(each.shape) for part, each in zip(parts, values, strict=True)]


def moments(values: Tensor, dims: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Mean and variance (without Bessel's correction) over `dims` of all ranks' values, with gradients."""
    variance, mean = torch.var_mean(values, tuple(dims), correction=0)
    each_mean, each_variance = stacked(torch.stack([mean, variance])).unbind(1)
    # The variance within ranks, and that between them.
    return each_mean.mean(0), each_variance.mean(0) + each_mean.var(0, correction=0)


@torch.no_grad()
def average_gradients(optimiser: torch.optim.Optimizer) -> None:
    """Have every rank's gradients be those of the whole batch's mean loss."""
    if size() == 1:
        return
    gradients = [
        parameter.grad
        for group in optimiser.param_groups
        for parameter in group["params"]
        if parameter.grad is not None
    ]
    for gradient, mean in zip(gradients, means(gradients), strict=True):
        gradient.copy_(mean)


def largest(number: float) -> float:
    """The largest of all ranks' numbers."""
    if size() == 1:
        return number
    held = torch.tensor(number, dtype=torch.float64)
    with _heard():
        dist.all_reduce(held, dist.ReduceOp.MAX)
    return float(held)


def told(make: Callable[[], Made]) -> Made:
    """What `make()` gives on rank 0, on every rank; where it raises, all do."""
    return _of_first(together(lambda: make() if rank() == 0 else None))


def together(make: Callable[[], Made]) -> Made:
    """`make()`, in which ranks do not speak to each other; where one of them raises, all do, rank 0 with its words."""
    if size() == 1:
        return make()
    made, error = None, None
    try:
        made = make()
    except Exception as raised:
        error = raised
    messages = [message for message in _of_each(error and str(error)) if message is not None]
    if error and (rank() == 0 or not isinstance(error, ValueError)):
        raise error
    if messages:
        raise _refusal(messages[0])
    return made


def check_same(value: object, refusal: str) -> None:
    """ValueError with `refusal` if the ranks have different values."""
    if size() > 1 and len(set(_of_each(value))) > 1:
        raise _refusal(refusal)


def _refusal(message: str) -> ValueError:
    return ValueError(message) if rank() == 0 else SaidElsewhere(message)


def _of_first(value: Made) -> Made:
    if size() == 1:
        return value
    held = [value]
    with _heard():
        dist.broadcast_object_list(held)
    return held[0]


def _of_each(value: object) -> list:
    held = [None] * size()
    with _heard():
        dist.all_gather_object(held, value)
    return held


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise SaidElsewhere(LOST) from error
