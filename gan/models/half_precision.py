"""Weights of shipped judges, stored in half precision and computed with in single."""

from torch import Tensor

Tensors = dict[str, Tensor]


def in_half(tensors: Tensors) -> Tensors:
    """float32 -> half precision; integers stay."""
    return {name: each.half() if each.is_floating_point() else each for name, each in tensors.items()}


def in_single(tensors: Tensors) -> Tensors:
    """Half precision -> float32; integers stay."""
    return {name: each.float() if each.is_floating_point() else each for name, each in tensors.items()}
