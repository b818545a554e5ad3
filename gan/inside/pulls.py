"""Pulls of points: what `gan.inside.drag` follows, and their limits. Free of PyTorch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gan.common import checks
from gan.inside.limits import MAX_HOLDS, MAX_POINTS, MAX_PULLS, MAX_STEPS, MAX_TOTAL_STEPS

Place = tuple[float, float]


@dataclass(frozen=True)
class Pull:
    """Points (x, y) in pixels and where each is to go, all at once, in at most `steps` steps.

    Around `holds` nothing is to change meanwhile.
    """

    pairs: tuple[tuple[Place, Place], ...]
    steps: int
    holds: tuple[Place, ...] = ()

    def goes_on_as(self, other: "Pull") -> bool:
        """Whether `other` is this one with more steps."""
        return self.steps < other.steps and self == replace(other, steps=self.steps)


def check_pulls(pulls: Sequence[Pull], size: int) -> None:
    """ValueError for too many pulls, points, steps or holds, and for places outside of a picture of this size."""
    if len(pulls) > MAX_PULLS:
        raise ValueError(f"At most {MAX_PULLS} pulls, not {len(pulls)}.")
    for pull in pulls:
        if len(pull.holds) > MAX_HOLDS:
            raise ValueError(f"At most {MAX_HOLDS} places can be held, not {len(pull.holds)}.")
        checks.integer("steps of a pull", pull.steps, 0, MAX_STEPS)
        if not 1 <= len(pull.pairs) <= MAX_POINTS:
            raise ValueError(f"A pull has 1 to {MAX_POINTS} points, not {len(pull.pairs)}.")
    if sum(pull.steps for pull in pulls) > MAX_TOTAL_STEPS:
        raise ValueError(f"All pulls together have at most {MAX_TOTAL_STEPS} steps.")
    ways = [place for pull in pulls for pair in pull.pairs for place in pair]
    held = [place for pull in pulls for place in pull.holds]
    for place in (*ways, *held):
        for number in place:
            checks.number("place in the picture", number, 0, size)
