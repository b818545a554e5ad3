"""What a comparison says at its end: which settings came nearest to the real pictures, and how far to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gan.settings.config import TrainConfig
from gan.settings.diff import differences

ALIKE = 1.05  # distances within this factor of each other are called equal
SAME_STEPS = 1.02  # and so are numbers of steps
DONE = "Done."
FEW_SEEDS = "From one seed each this may be chance: repeat it with other seeds, then choose all under Runs so far."


@dataclass(frozen=True)
class Ended:
    """A side with its last distance to real pictures, greater than 0, and its number of steps."""

    name: str
    config: TrainConfig
    distance: float
    step: int


def verdict(sides: Sequence[dict], configs: Sequence[TrainConfig]) -> str:
    """The sentences on the sides' payloads, as `comparison_payload` makes them, and their configs.

    No settings are called better from one seed, and unequal numbers of steps are said. Where all have several
    seeds, the difference is judged beside the spread of the seeds.
    """
    ended = [
        Ended(side["name"], config, distance, side["points"]["step"][-1])
        for side, config in zip(sides, configs, strict=True)
        if (distance := _last_distance(side)) is not None
    ]
    # Distances are comparable only on the same data, in the same form.
    pairs = zip(sides, configs, strict=True)
    grounds = {(config.data, side["size"], side["channels"]) for side, config in pairs}
    if len(ended) < 2 or len(grounds) > 1:
        return DONE
    groups = sorted(_by_settings(ended), key=_mean)
    if len(groups) == 1:
        return f"Done: the same settings from {len(ended)} seeds. {_range(ended)}" + _steps(ended)
    if all(len(group) > 1 for group in groups):
        return _beside_seeds(*groups[:2]) + _steps(ended)
    return _nearest(sorted(ended, key=lambda side: side.distance)) + _steps(ended) + f" {FEW_SEEDS}"


def _last_distance(side: dict) -> float | None:
    known = [value for value in side["points"]["distance"] if value is not None]
    return known[-1] if known and known[-1] > 0 else None


def _by_settings(ended: Sequence[Ended]) -> list[list[Ended]]:
    """The sides in groups that differ in nothing but their seed."""
    groups: list[list[Ended]] = []
    for side in ended:
        for group in groups:
            first = group[0].config
            if not differences(replace(side.config, seed=first.seed), first):
                group.append(side)
                break
        else:
            groups.append([side])
    return groups


def _mean(group: Sequence[Ended]) -> float:
    return sum(side.distance for side in group) / len(group)


def _nearest(ended: Sequence[Ended]) -> str:
    best, after = ended[:2]
    factor = after.distance / best.distance
    if factor < ALIKE:
        return f"Done: {best.name} and {after.name} ended about equally near to the real pictures."
    return (
        f"Done: {best.name} ended nearest to the real pictures; {after.name}'s distance is "
        f"{float(f'{factor:.2g}'):,g} times as large."
    )


def _beside_seeds(best: Sequence[Ended], after: Sequence[Ended]) -> str:
    nearer, farther = _names(best), _names(after)
    if max(side.distance for side in best) < min(side.distance for side in after):
        return (
            f"Done: {nearer} all ended nearer to the real pictures than {farther}, whatever the seed."
        )
    return f"Done: {nearer} differ from {farther} by less than seeds alone make."


def _range(ended: Sequence[Ended]) -> str:
    distances = [side.distance for side in ended]
    factor = max(distances) / min(distances)
    return f"Chance alone makes the largest distance {float(f'{factor:.2g}'):,g} times the smallest."


def _steps(ended: Sequence[Ended]) -> str:
    steps = [side.step for side in ended]
    if max(steps) <= SAME_STEPS * min(steps):
        return ""
    counted = ", ".join(f"{side.name} {side.step:,}" for side in ended)
    return f" They made different numbers of steps: {counted}."


def _names(group: Sequence[Ended]) -> str:
    return " and ".join(side.name for side in group)
