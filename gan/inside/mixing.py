"""Mixing: a picture whose form is that of one latent, and whose colours or details are those of another.

Style mixing (Karras et al. 2019, "A Style-Based Generator Architecture for GANs", section 3.1) for networks that take
the latent more than once: those of the family palette draw forms and choose the colours by it, those of the family
wavelet, and all with g_norm=modulated, take it at each side. Single stages by themselves: gan/inside/stage_latents.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.common import checks
from gan.models.generator import Generator
from gan.models.layers import ModulatedBatchNorm2d
from gan.models.palette import PaletteUp
from gan.models.render import NOTHING
from gan.models.wavelet import WaveletUp

BATCH = 32
COLOURS = "colours"
ALONE = (
    "This generator takes z at its first layer alone, so that nothing can be mixed: networks of the families palette "
    "and wavelet, and those with g_norm=modulated, take it again later."
)


@dataclass(frozen=True)
class Entrance:
    """Where the latent comes in again: `uses` are modules and which of their arguments (N, …) is made of it."""

    stage: str  # its side, as 8×8, or COLOURS
    uses: tuple[tuple[nn.Module, int], ...]

    @property
    def name(self) -> str:
        """The stage with all after it."""
        return self.stage if self.stage == COLOURS else f"{self.stage} and finer"


@dataclass(frozen=True)
class Blend:
    """What a stage takes: `share` of the way from what `own` (N, z_dim), or None: the picture's z, would give it to
    what `other` (N, z_dim) would.
    """

    other: Tensor
    share: float = 1.0
    own: Tensor | None = None


@torch.no_grad()
def entrances(generator: Generator) -> list[Entrance]:
    """Where z comes in again after the first layer, coarse first; none in most families."""
    found = [
        Entrance(f"{side}×{side}", tuple((each, 1) for each in modules))
        for side, modules in _modulated(generator).items()
    ]
    for layer in generator.layers:
        if isinstance(layer, PaletteUp):
            found.append(Entrance(COLOURS, ((layer.mix, 0),)))
        if isinstance(layer, WaveletUp):
            pairs = zip(layer.stages, layer.to_picture, strict=True)
            found += [
                Entrance(f"{8 * 2**index}×{8 * 2**index}", tuple((each, 1) for each in pair))
                for index, pair in enumerate(pairs)
            ]
    return found


def _modulated(generator: Generator) -> dict[int, list[nn.Module]]:
    """The layers with g_norm=modulated, by the side that they work at."""
    layers = [layer for layer in generator.modules() if isinstance(layer, ModulatedBatchNorm2d)]
    sides: dict[int, list[nn.Module]] = {}

    def note(layer: nn.Module, argument: int, inputs: tuple) -> tuple:
        sides.setdefault(inputs[argument].shape[-1], []).append(layer)
        return inputs

    if layers:
        like = next(generator.parameters())
        with _before([(layer, 0) for layer in layers], note):
            generator(torch.zeros(1, generator.z_dim, dtype=like.dtype, device=like.device))
    return sides


@torch.no_grad()
def mix(
    generator: Generator, coarse: Tensor, fine: Tensor, share: float = 1.0, level: int = 0
) -> Tensor:
    """Pictures (N, C, S, S) of `coarse` (N, z_dim) with what `entrances` has from `level` on of `fine` (N, z_dim).

    `share` from 0 (all is of `coarse`) to 1. ValueError for numbers out of range, other shapes, and a generator that
    takes z only once.
    """
    found = entrances(generator)
    if not found:
        raise ValueError(ALONE)
    level = checks.integer("level", level, 0, len(found) - 1)
    share = checks.number("share", share, 0, 1)
    if coarse.shape != fine.shape or coarse.ndim != 2 or coarse.shape[1] != generator.z_dim:
        raise ValueError(f"Both must be latents (N, {generator.z_dim}), as many of each.")
    with entering(generator, dict.fromkeys(found[level:], Blend(fine, share))):
        pictures = generator(coarse)
    if pictures.isnan().any():
        raise ValueError(NOTHING)
    return pictures


@contextmanager
def entering(generator: Generator, blends: Mapping[Entrance, Blend]) -> Iterator[None]:
    """Within the context these of the generator's `entrances` take other latents than the picture's.

    Pictures must be drawn as many at once as a blend has latents, or any number where it has one.
    """
    if not blends:
        yield
        return
    uses = [use for entrance in blends for use in entrance.uses]
    latents = {id(z): z for blend in blends.values() for z in (blend.own, blend.other) if z is not None}
    given = {key: _taken(generator, z, uses) for key, z in latents.items()}
    blend_of = {module: blend for entrance, blend in blends.items() for module, _ in entrance.uses}

    def put(module: nn.Module, argument: int, inputs: tuple) -> tuple:
        blend, usual = blend_of[module], inputs[argument]
        own = usual if blend.own is None else given[id(blend.own)][module]
        mixed = torch.lerp(own, given[id(blend.other)][module], blend.share).expand_as(usual)
        return (*inputs[:argument], mixed, *inputs[argument + 1 :])

    with _before(uses, put):
        yield


@torch.no_grad()
def _taken(
    generator: Generator, z: Tensor, uses: Sequence[tuple[nn.Module, int]]
) -> dict[nn.Module, Tensor]:
    """What these modules are given of z (N, z_dim)."""
    taken: dict[nn.Module, Tensor] = {}

    def take(module: nn.Module, argument: int, inputs: tuple) -> tuple:
        taken[module] = inputs[argument]
        return inputs

    with _before(uses, take):
        generator(z)
    return taken


@contextmanager
def _before(uses: Sequence[tuple[nn.Module, int]], change) -> Iterator[None]:
    """Have change(module, argument, inputs) give what each module works with."""
    hooks = [
        module.register_forward_pre_hook(
            lambda module, inputs, argument=argument: change(module, argument, inputs)
        )
        for module, argument in uses
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def matrix(
    generator: Generator, columns: Tensor, rows: Tensor, share: float = 1.0, level: int = 0
) -> Tensor:
    """All mixtures of `columns` (A, z_dim), coarse, and `rows` (B, z_dim), fine: (B · A, C, S, S), row by row."""
    coarse = columns.repeat(len(rows), 1)
    fine = rows.repeat_interleave(len(columns), 0)
    pairs = zip(coarse.split(BATCH), fine.split(BATCH), strict=True)
    return torch.cat([mix(generator, *pair, share, level) for pair in pairs])
