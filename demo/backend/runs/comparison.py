"""Comparisons: up to four configs with the same data and seed, trained one after another."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from demo.backend import recordings
from demo.backend.jobs.exports import without_upload_id
from demo.backend.runs.comparison_verdict import verdict
from demo.backend.runs.payload import method_title, payload, yield_on_change
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.backend.work.queue import STOP
from gan.settings.command_line import read_changes
from gan.settings.config import TrainConfig
from gan.settings.diff import differences

SIDE_NAMES = "ABCD"
# Title -> (method, changes) of each side.
PRESETS = {
    "Class-conditional, or not": [("quick", ""), ("quick", "labels=ignored")],
    "Does momentum help?": [("quick", ""), ("quick", "beta1=0.5")],
    "Four losses": [("minimax", ""), ("nonsaturating", ""), ("lsgan", ""), ("hinge", "")],
    "Lipschitz critics: clipping, gradient penalty, spectral norm": [
        ("wgan", ""),
        ("wgan_gp", ""),
        ("sngan", ""),
    ],
    "With and without weight averaging (EMA)": [("quick", ""), ("quick", "ema_images=0")],
    "DCGAN (2015) and its successors": [("dcgan", ""), ("r3gan", ""), ("quick", "")],
}
# What the form is set to at first. Steps: in equal seconds, sides with cheaper steps make more of them.
FIRST_QUESTION = next(iter(PRESETS))
FIRST = {"data": "glyphs", "steps": 300, "seed": 0}
NO_SIDE = ("", "")


def sides_of(question: str) -> list[tuple[str, str]]:
    """(method, changes) of all sides for a question of `PRESETS`, `NO_SIDE` for those that it leaves out."""
    sides = PRESETS[question]
    return [*sides, *[NO_SIDE] * (len(SIDE_NAMES) - len(sides))]


def read_sides(shared: dict, sides: Sequence[tuple[str | None, str | None]]) -> list[TrainConfig]:
    """One config per side that has a method, from the `shared` settings and (method, changes) of each.

    ValueError, naming the side, if one is invalid, and if there are fewer than two.
    """
    TrainConfig(**shared)  # an error in the shared settings names no side
    configs = []
    for name, (method, lines) in zip(SIDE_NAMES, sides, strict=True):
        if not method:
            continue
        try:
            settings, changed = read_changes(lines)
            configs.append(TrainConfig(**shared, **settings, method=method, changes=changed))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if len(configs) < 2:
        raise ValueError("Choose a method for two sides at least.")
    return configs


async def compare(
    runs: Runs, configs: Sequence[TrainConfig], owner: str, title: str = ""
) -> AsyncIterator[dict]:
    """Train each config in turn and yield payloads; stopping a run ends the comparison.

    `title` is shown for the data, where their name is an id. One after another, because parallel
    runs would share the cores unevenly. Runs of others may be trained in between.
    """
    done: list[Run] = []
    for config in configs:
        try:
            run = runs.start(config, owner, title)
        except ValueError:
            # The queue may be full by now: the finished sides stay on the page.
            if done:
                yield comparison_payload(runs, done)
            raise
        done.append(run)
        # Closed at once when the page is left, so that the run loses its watcher.
        async with aclosing(yield_on_change([run])) as seen:
            async for _ in seen:
                yield comparison_payload(runs, done, configs[len(done) :])
        if run.requested == STOP:
            break
    yield comparison_payload(runs, done)


async def watch_runs(runs: Runs, chosen: Sequence[Run]) -> AsyncIterator[dict]:
    """Yield payloads of existing runs, until all of them have ended."""
    async with aclosing(yield_on_change(chosen)) as seen:
        async for _ in seen:
            yield comparison_payload(runs, chosen)


def find_runs(runs: Runs, names: object) -> list[Run]:
    """The runs with these ids, a list or "a,b"; ValueError for none, too many or unknown ones."""
    if isinstance(names, str):
        names = names.split(",")
    names = list(dict.fromkeys(map(str, names))) if isinstance(names, list) else []
    if not 1 <= len(names) <= len(SIDE_NAMES):
        raise ValueError(f"Choose 1 to {len(SIDE_NAMES)} runs to see beside each other.")
    return [runs.find(name) for name in names]


def idle_payload() -> dict:
    """The payload before anything is compared, with the route to a recorded comparison, or None."""
    sides = [{"name": name, "state": "idle"} for name in SIDE_NAMES[:2]]
    return {"sides": sides, "recording": recordings.address(recordings.COMPARISON)}


def comparison_payload(runs: Runs, done: Sequence[Run], to_come: Sequence[TrainConfig] = ()) -> dict:
    """Everything that the page shows: each side's run, or its plan, its differences from side A, and the verdict.

    The verdict is empty until all have ended.
    """
    configs = [*(run.config for run in done), *to_come]
    sides = [payload(runs, run) for run in done]
    sides += [{"state": "planned", "method": method_title(config)} for config in to_come]
    for name, side, config in zip(SIDE_NAMES, sides, configs, strict=False):
        # Without the ids of uploads: whoever knows one may read them.
        side |= {
            "name": name,
            "differs": differences(without_upload_id(config), without_upload_id(configs[0])),
        }
    over = not to_come and not any(run.active for run in done)
    return {"sides": sides, "verdict": verdict(sides, configs) if over else ""}
