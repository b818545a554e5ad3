"""What each layer of a generator costs: the weights, multiply-adds and time from the layer before up to its units."""

import itertools
import time
from contextlib import ExitStack
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.inside.layers import Inside
from gan.models.flops import counting_multiply_adds

PICTURES = 5  # to take the time of: Inside opens after them


@dataclass(frozen=True)
class Cost:
    """Of a layer: trained numbers, multiply-adds for one picture, and the share (0 to 1) of a picture's time."""

    parameters: int
    multiply_adds: int
    time: float


def costs_of(inside: Inside) -> list[Cost]:
    """The cost of each layer and, last, of what makes the picture out of the last layer's units.

    What this picture does not use costs nothing, such as what made smaller ones while a progressive generator grew.
    Time is measured, hence never twice the same: the median of some pictures, drawn one by one.
    """
    z = torch.zeros(1, inside.generator.z_dim)
    counts = _counted(inside, z)
    seconds = _seconds(inside, z)
    return [
        Cost(parameters, work, took / sum(seconds))
        for (parameters, work), took in zip(counts, seconds, strict=True)
    ]


def _counted(inside: Inside, z: Tensor) -> list[tuple[int, int]]:
    """(parameters, multiply-adds) of each part of the way from z to the picture."""
    counts = [[0, 0] for _ in range(len(inside.layers) + 1)]
    seen, at = set(), 0

    def reached(index: int, units: Tensor) -> Tensor:
        nonlocal at
        at = index + 1
        return units

    def work(number: int) -> None:
        counts[at][1] += number

    def used(module: nn.Module, _inputs: tuple, _output: Tensor) -> None:
        for parameter in module.parameters(recurse=False):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                counts[at][0] += parameter.numel()

    with ExitStack() as stack:
        # Before those of `run`: what a layer of units itself costs belongs to it.
        for module in inside.generator.modules():
            stack.callback(module.register_forward_hook(used).remove)
        stack.enter_context(counting_multiply_adds(inside.generator, work))
        inside.run(z, None, reached)
    return [tuple(each) for each in counts]


def _seconds(inside: Inside, z: Tensor) -> list[float]:
    """The median time of each part of the way, of `PICTURES` pictures after a first one."""
    rounds = []
    for _ in range(PICTURES + 1):
        times = [time.perf_counter()]

        def reached(_index: int, units: Tensor, times=times) -> Tensor:
            times.append(time.perf_counter())
            return units

        inside.run(z, None, reached)
        times.append(time.perf_counter())
        rounds.append([after - before for before, after in itertools.pairwise(times)])
    return torch.tensor(rounds[1:]).median(0).values.tolist()
