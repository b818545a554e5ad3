"""Drag: points of a picture are pulled elsewhere, and what is there follows.

Pan et al. 2023, "Drag Your GAN" (arXiv:2305.10973), written from the paper: each step moves the features around a point
a little towards its target (motion supervision, equation 1), then finds the point again as the place whose features are
nearest to those that it had at first (point tracking, equation 3). What is optimised there are a latent vector for each
early layer. Our generators take one vector, and of the pictures that it can make none differs in one place alone
(docs/methods.md, "Drag"): here it is what the units of the last layer but one do, near the way that points go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.layers import Change, Inside
from gan.inside.limits import HOLD_SHARE
from gan.inside.pulls import Place, Pull

# Lengths are pixels of a picture of 128×128; others have them in proportion.
SIDE = 128
AROUND = 4.0  # radius of what is moved around a point (r1 of the paper)
SEARCH = 6.0  # radius in which a point is looked for again (r2)
REACH, FADE = 32.0, 8.0  # units change as far from a way as this, less and less over the last pixels
QUIET = 16.0  # beyond this distance from a way the picture is to stay
NEAR = 1.5  # a point has arrived at this distance
FEATURES = 64  # side at which features are compared, at most
COLOURS = 2.0  # weight of the picture's own colours among the features
KEEP = 5.0  # λ of what is to stay
OTHERS, USUAL = 8, 0.7  # units do at most this share of the most that they do in so many other pictures
RATE = 0.1  # of Adam, relative to the standard deviation of the units
PATIENCE = 24  # steps without coming nearer after which a drag is stuck


class Drag:
    """Pulls of the picture of z (1, z_dim), one after another, with changes of units that were made before.

    `points` are where those of the last pull are now; `arrived` says whether all are at their targets, `stuck` whether
    they have not come nearer for a while.
    """

    def __init__(self, inside: Inside, z: Tensor, change: Change | None = None):
        self.inside, self.z, self.change = inside, z, change
        self.layer = max(len(inside.layers) - 2, 0)
        self.unit = inside.generator.size / SIDE  # pixels of this picture in one of 128×128
        layer = inside.layers[self.layer]
        with torch.no_grad():
            others = torch.randn(OTHERS, z.shape[1], generator=torch.Generator().manual_seed(0))
            seen = inside.units(torch.cat([z, others]))[self.layer]
        # What a unit never does draws what no picture has: blotches.
        self.most, self.least = (
            USUAL * bound[:, None, None] for bound in (seen.amax((0, 2, 3)), seen.amin((0, 2, 3)))
        )
        self.delta = torch.zeros(1, layer.units, layer.side, layer.side)
        self.pulls: list[Pull] = []
        self.after = [_State(self.delta, (), True, False)]  # no pull, the first, the second, …
        self.move: _Move | None = None  # the last pull, if it can go on

    @property
    def points(self) -> tuple[Place, ...]:
        return self.after[-1].points

    @property
    def arrived(self) -> bool:
        return self.after[-1].arrived

    @property
    def stuck(self) -> bool:
        return self.after[-1].stuck

    @property
    def steps(self) -> int:
        """How many the last pull took, if nothing was taken back since; it ends where it arrives or is stuck."""
        return self.move.steps if self.move else 0

    def follow(self, pulls: Sequence[Pull]) -> None:
        """Bring it to where these pulls lead; what it has done of them already is not done again."""
        known = self._known(pulls)
        if self._begun(pulls, known):
            done = self.pulls.pop().steps
            self.after.pop()
            self._pull(pulls[known], done)
            known += 1
        elif known < len(self.pulls):
            self._back_to(known)
        for pull in pulls[known:]:
            self.move = _Move(self, pull)
            self._pull(pull, 0)

    def towards(self, pulls: Sequence[Pull], most: int) -> list[Pull]:
        """These pulls as far as `most` steps more lead, of one of them: for `follow`, turn by turn."""
        known = self._known(pulls)
        if known == len(pulls):
            return list(pulls)
        done = self.pulls[known].steps if self._begun(pulls, known) else 0
        return [*pulls[:known], replace(pulls[known], steps=min(pulls[known].steps, done + most))]

    def _known(self, pulls: Sequence[Pull]) -> int:
        """How many of these have been made already."""
        known = 0
        while known < min(len(pulls), len(self.pulls)) and pulls[known] == self.pulls[known]:
            known += 1
        return known

    def _begun(self, pulls: Sequence[Pull], known: int) -> bool:
        """Whether the one after those that are known is the last one here, with more steps."""
        last = known == len(self.pulls) - 1 and known < len(pulls)
        return last and self.move is not None and self.pulls[-1].goes_on_as(pulls[known])

    def picture(self) -> Tensor:
        """The picture as it is now, (1, channels, size, size)."""
        with torch.no_grad():
            return self.inside.run(self.z, None, self.changed)[0]

    def changed(self, index: int, units: Tensor) -> Tensor:
        """What the units of a layer do after all changes (a `Change`)."""
        units = self.change(index, units) if self.change else units
        if index != self.layer:
            return units
        most, least = torch.maximum(self.most, units), torch.minimum(self.least, units)
        return torch.minimum(torch.maximum(units + self.delta, least), most)

    def _back_to(self, count: int) -> None:
        self.after, self.pulls, self.move = self.after[: count + 1], self.pulls[:count], None
        self.delta = self.after[-1].delta

    def _pull(self, pull: Pull, done: int) -> None:
        """Make the steps of a pull from the `done`-th on."""
        for _ in range(pull.steps - done):
            self.move.step()
        self.pulls.append(pull)
        points = tuple(map(tuple, self.move.points.tolist()))
        self.after.append(_State(self.delta, points, self.move.arrived, self.move.stuck))


@dataclass(frozen=True)
class _State:
    """What has been changed after a pull, and where its points are."""

    delta: Tensor
    points: tuple[Place, ...]
    arrived: bool
    stuck: bool


class _Move:
    """A pull that is being made: its optimiser, and where its points are."""

    def __init__(self, drag: Drag, pull: Pull):
        self.drag, self.unit, self.holds = drag, drag.unit, pull.holds
        pairs = torch.tensor(pull.pairs, dtype=torch.float32)
        self.points, self.targets = pairs[:, 0].clone(), pairs[:, 1]
        self.ways = pairs
        self.around = _disc(AROUND * self.unit, max(self.unit, 0.5))
        self.search = _disc(max(SEARCH * self.unit, 2.0), max(self.unit, 0.5))
        with torch.no_grad():
            picture, units = self._run()
            self.scale = units[-1].std().clamp(min=1e-6)
            self.start = self._features(picture, units)
            self.first = [self._at(self.start, point[None]) for point in self.points]
        rate = RATE * float(units[drag.layer].std().clamp(min=1e-3))
        self.where = self._near(self.drag.delta.shape[-1])
        self.far = self._quiet(self.start.shape[-1])
        self.added = torch.zeros_like(drag.delta, requires_grad=True)
        self.base = drag.delta
        self.optimiser = torch.optim.Adam([self.added], rate)
        self.nearest, self.idle, self.steps = self.gap, 0, 0

    @property
    def gap(self) -> float:
        """The largest distance of a point from its target, in pixels."""
        return float((self.targets - self.points).norm(dim=1).max())

    @property
    def arrived(self) -> bool:
        return self.gap <= max(NEAR * self.unit, 0.75)

    @property
    def stuck(self) -> bool:
        return self.idle >= PATIENCE

    def step(self) -> None:
        """Find the points again in what is drawn now, and move what is around them on, unless all have arrived."""
        if self.arrived or self.stuck:
            return
        with torch.enable_grad():
            self.drag.delta = self.base + self.added * self.where
            features = self._features(*self._run())
            if self.steps:
                self._track(features.detach())
            self.steps += 1
            if not self.arrived:
                self._optimise(features)
        self.drag.delta = (self.base + self.added * self.where).detach()

    def _optimise(self, features: Tensor) -> None:
        """Motion supervision: of features around a point, towards its target, by a pixel at most."""
        changed = (features - self.start).abs().mean(1)[0]
        loss = KEEP * (changed * self.far).sum() / self.far.sum().clamp(min=1)
        for point, target in zip(self.points, self.targets, strict=True):
            way = target - point
            way = way / (way.norm() / self.unit).clamp(min=1.0)
            here = point + self.around
            moved = self._at(features, here + way) - self._at(features, here).detach()
            loss = loss + moved.abs().mean()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()

    def _track(self, features: Tensor) -> None:
        for index, (point, first) in enumerate(zip(self.points, self.first, strict=True)):
            places = point + self.search
            # Among equals, as in a plane of one colour, it is where it was.
            differences = (self._at(features, places) - first).norm(dim=1) + 1e-4 * self.search.norm(
                dim=1
            )
            self.points[index] = places[differences.argmin()]
        self.idle = 0 if self.gap < self.nearest - 0.25 * self.unit else self.idle + 1
        self.nearest = min(self.nearest, self.gap)

    def _run(self) -> tuple[Tensor, list[Tensor]]:
        return self.drag.inside.run(self.drag.z, None, self.drag.changed)

    def _features(self, picture: Tensor, units: list[Tensor]) -> Tensor:
        """What is compared: (1, F, side, side), the last layer's units and the picture's colours."""
        side = min(FEATURES, self.drag.inside.generator.size)
        seen = F.interpolate(units[-1], (side, side), mode="bilinear") / self.scale
        return torch.cat([seen, COLOURS * F.adaptive_avg_pool2d(picture, side)], 1)

    def _at(self, features: Tensor, places: Tensor) -> Tensor:
        """Features (P, F) at places (P, 2) in pixels of the picture, interpolated."""
        grid = places / self.drag.inside.generator.size * 2 - 1
        found = F.grid_sample(features, grid[None, None], padding_mode="border", align_corners=False)
        return found[0, :, 0].T

    def _near(self, side: int) -> Tensor:
        """Where units may change, (side, side) from 0 to 1: near the ways, not where something is held."""
        near = ((REACH * self.unit - self._distance(side)) / (FADE * self.unit)).clamp(0, 1)
        return near * (1 - self._held(side))

    def _quiet(self, side: int) -> Tensor:
        """Where the picture is to stay, (side, side) of 0 and 1."""
        return torch.maximum((self._distance(side) > QUIET * self.unit).float(), self._held(side))

    def _held(self, side: int) -> Tensor:
        held = torch.zeros(side, side)
        for place in self.holds:
            distance = (self._places(side) - torch.tensor(place)).norm(dim=-1)
            held = torch.maximum(
                held, (distance <= HOLD_SHARE * self.drag.inside.generator.size).float()
            )
        return held

    def _distance(self, side: int) -> Tensor:
        """How far each cell's middle is from the nearest way, in pixels of the picture."""
        places, found = self._places(side), []
        for start, end in self.ways:
            way = end - start
            share = ((places - start) @ way / way.square().sum().clamp(min=1e-6)).clamp(0, 1)
            found.append((places - start - share[..., None] * way).norm(dim=-1))
        return torch.stack(found).amin(0)

    def _places(self, side: int) -> Tensor:
        """The middles of side × side cells, in pixels of the picture: (side, side, 2)."""
        line = (torch.arange(side) + 0.5) * self.drag.inside.generator.size / side
        return torch.stack(torch.meshgrid(line, line, indexing="xy"), -1)


def _disc(radius: float, step: float) -> Tensor:
    """Places (P, 2) on a grid around the origin, within a radius."""
    count = int(radius / step)
    line = torch.arange(-count, count + 1) * step
    places = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).flatten(0, 1)
    return places[places.norm(dim=1) <= radius + 1e-6]
