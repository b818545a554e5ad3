"""All that can be asked about the inside of one generator; what takes seconds is found when it is first needed."""

import functools
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.data.image_tensors import to_uint8
from gan.inside.costs import Cost, costs_of
from gan.inside.dissection import UnitScore, dissect, units_of
from gan.inside.dissection_file import read_dissection
from gan.inside.drag import Drag
from gan.inside.edit_text import read_edits
from gan.inside.edits import changer
from gan.inside.layers import Change, Inside
from gan.inside.mixing import Entrance, entering, entrances
from gan.inside.parts import parts_of
from gan.inside.pull_text import split_pulls
from gan.inside.pulls import Pull
from gan.inside.readout import Readout
from gan.inside.stage_latents import StageChanges, blends_of, split_stages
from gan.latent.directions import DirectionSet
from gan.latent.moves import direction_set
from gan.latent.named_directions import trained_on
from gan.models.generator import Generator
from gan.models.render import NOTHING

SHOWN = 24  # units of a layer, unless more are asked for
MAX_SIDE = 32  # of a unit's map, in pixels
MAX_UNITS = 4096  # more than any layer has
BATCH = 32
MAX_DRAGS = 12  # that are kept, so that they go on where they were: some five megabytes each, of wide networks more
LEAST = 0.05  # overlap of the best unit with a part that the model draws by units


@dataclass(frozen=True)
class UnitMap:
    """A unit for one z: `pixels` (side, side) int8, 127 at the strongest of its layer, and its best part, if known."""

    unit: int
    strength: float
    part: str
    iou: float
    pixels: np.ndarray


@dataclass(frozen=True)
class Film:
    """How a picture is built: of each layer the guess of it, uint8 (side, side, channels), and units of one layer."""

    guesses: list[np.ndarray]
    units: list[UnitMap]


@dataclass(frozen=True)
class _Edits:
    """A text of edits by kinds: what it says of units, its pulls, and the latents of stages."""

    units: str
    pulls: list[Pull]
    stages: StageChanges


class Look:
    """Looks into a generator whose weights are in `folder`. ValueError where it has no layers of units.

    Parts are looked for when they are needed or, without `finds`, only where `scores` is read.
    """

    def __init__(self, generator: Generator, folder: Path, finds: bool = True):
        self.inside, self.folder, self.finds = Inside(generator), folder, finds
        self.drags: OrderedDict[tuple, Drag] = OrderedDict()
        self.direction_sets: dict[str, DirectionSet] = {}

    @functools.cached_property
    def readout(self) -> Readout:
        return Readout(self.inside)

    @functools.cached_property
    def costs(self) -> list[Cost]:
        """What each layer costs, and what follows the last one (`gan.inside.costs`)."""
        return costs_of(self.inside)

    @functools.cached_property
    def stored_scores(self) -> list[UnitScore] | None:
        """The dissection that lies beside the weights."""
        try:
            found = read_dissection(self.folder, self.inside.layers)
        except ValueError:  # made for other weights, or damaged: treated as absent
            return None
        return found[1] if found else None

    @functools.cached_property
    def scores(self) -> list[UnitScore]:
        """That dissection, else one that is made now, in some twenty seconds."""
        if self.stored_scores is not None:
            return self.stored_scores
        return dissect(self.inside, parts_of(self.inside, trained_on(self.folder)))

    @property
    def known_scores(self) -> list[UnitScore]:
        """The dissection if it is at hand, else nothing."""
        return self.__dict__.get("scores") or self.stored_scores or []

    def _at_hand(self) -> list[UnitScore]:
        return self.scores if self.finds else self.known_scores

    @property
    def parts(self) -> list[str]:
        """The parts that units are known to draw, those with the best unit first; none before they are looked for."""
        return names_of(self.known_scores)

    @functools.cached_property
    def entrances(self) -> list[Entrance]:
        """Where z comes in again (`gan.inside.mixing`)."""
        return entrances(self.inside.generator)

    def directions(self, key: str) -> DirectionSet:
        """A set of directions that stages may follow; kept, as picture after picture asks for it."""
        if key not in self.direction_sets:
            generator, folder = self.inside.generator, self.folder
            self.direction_sets[key] = direction_set(generator, folder, key, self.finds)
        return self.direction_sets[key]

    def drag(self, z: Tensor, edits: str) -> Drag | None:
        """The picture of z (1, z_dim) with these edits, its points pulled as they say; None if they pull nothing.

        Those of late are kept: what they have done of the pulls is not done again.
        """
        said = self._read(edits)
        with self._entering(z, said):
            return self._drag(z, said)

    def advance(self, z: Tensor, edits: str, most: int) -> bool:
        """Make at most so many steps of what edits pull, that others may be answered between; whether that is all."""
        said = self._read(edits)
        if not said.pulls:
            return True
        with self._entering(z, said):
            drag = self._kept(z, said)
            nearer = drag.towards(said.pulls, most)
            drag.follow(nearer)
        return nearer == said.pulls

    def _read(self, edits: str) -> _Edits:
        """ValueError for a wrong text, but for what it says of units."""
        others, pulls = split_pulls(edits, self.inside.generator.size)
        units, stages = split_stages(others, len(self.entrances))
        return _Edits(units, pulls, stages)

    def _entering(self, z: Tensor, said: _Edits) -> AbstractContextManager:
        """What has stages draw z (N, z_dim) by latents of their own."""
        blends = blends_of(said.stages, z, self.directions)
        return entering(
            self.inside.generator, {self.entrances[stage]: one for stage, one in blends.items()}
        )

    def _drag(self, z: Tensor, said: _Edits) -> Drag | None:
        if not said.pulls:
            return None
        drag = self._kept(z, said)
        drag.follow(said.pulls)
        return drag

    def _kept(self, z: Tensor, said: _Edits) -> Drag:
        """The one whose pulls begin so, or a new one; the most recent are kept."""
        key = (z.numpy().tobytes(), said.units, tuple(said.stages.items()), said.pulls[0].pairs)
        drag = self.drags.pop(key, None)
        if drag is None:
            drag = Drag(self.inside, z, self._of_units(said))
        self.drags[key] = drag
        while len(self.drags) > MAX_DRAGS:
            self.drags.popitem(last=False)
        return drag

    def _of_units(self, said: _Edits) -> Change | None:
        changes = read_edits(said.units, self.inside.layers, self._at_hand)
        return changer(self.inside.layers, changes) if changes else None

    def _change(self, z: Tensor, said: _Edits) -> Change | None:
        """What edits do to units, for one z (1, z_dim)."""
        drag = self._drag(z, said)
        return drag.changed if drag else self._of_units(said)

    def _run(self, z: Tensor, said: _Edits) -> tuple[Tensor, list[Tensor]]:
        """Pictures and units with these edits."""
        with torch.no_grad(), self._entering(z, said):
            return self.inside.run(z, None, self._change(z, said))

    def pictures(self, z: Tensor, edits: str = "") -> np.ndarray:
        """Pictures of z (N, z_dim) with these edits: uint8 (N, size, size, channels)."""
        said = self._read(edits)
        # What a pull changes is another for each picture.
        parts = z.split(1 if said.pulls else BATCH)
        pictures = torch.cat([self._run(some, said)[0] for some in parts])
        if pictures.isnan().any():
            raise ValueError(NOTHING)
        return to_uint8(pictures)

    @torch.no_grad()
    def film(
        self, z: Tensor, edits: str = "", layer: int = 0, part: str = "", count: int = SHOWN
    ) -> Film:
        """How the picture of z (1, z_dim) is built with these edits, and `count` units of a layer.

        The units that are most active without edits come first, or with `part` those that draw it best.
        """
        layer = checks.integer("layer", layer, 0, len(self.inside.layers) - 1)
        count = checks.integer("count", count, 1, MAX_UNITS)
        before = self.inside.units(z)
        units = self._run(z, self._read(edits))[1] if edits else before
        if any(each.isnan().any() for each in units):
            raise ValueError(NOTHING)
        guesses = [to_uint8(guess)[0] for guess in self.readout.guesses(units)]
        order = self._order(before[layer][0], layer, part, count)
        return Film(guesses, self._maps(units[layer][0], layer, order))

    def _order(self, units: Tensor, layer: int, part: str, count: int) -> list[int]:
        """`count` of the units (C, side, side) of a layer, those to be shown first."""
        if not part:
            return units.abs().mean((1, 2)).argsort(descending=True)[:count].tolist()
        scores = self._at_hand()
        checks.choice("part", part, names_of(scores))
        return [score.unit for score in units_of(scores, part, layer, count)]

    def _maps(self, units: Tensor, layer: int, order: list[int]) -> list[UnitMap]:
        """The maps of these units of a layer, all of which are (C, side, side)."""
        best = {}
        for score in self.known_scores:
            if score.layer == layer and score.iou > best.get(score.unit, ("", 0.0))[1]:
                best[score.unit] = (score.part, score.iou)
        strengths = units.abs().mean((1, 2))
        if units.shape[-1] > MAX_SIDE:
            units = F.adaptive_avg_pool2d(units, MAX_SIDE)
        pixels = (units / units.abs().max().clamp(min=1e-9) * 127).round().to(torch.int8).numpy()
        return [
            UnitMap(unit, float(strengths[unit]), *best.get(unit, ("", 0.0)), pixels[unit])
            for unit in order
        ]


def names_of(scores: Sequence[UnitScore]) -> list[str]:
    """The parts of a dissection that some unit draws, that with the best unit first."""
    best = sorted(scores, key=lambda score: -score.iou)
    return list(dict.fromkeys(score.part for score in best if score.iou >= LEAST))
