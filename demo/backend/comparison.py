"""Compare: the same data and seed, learned in up to four ways, one run after another."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from demo.backend.exports import shown as public
from demo.backend.run import Run
from demo.backend.run_payload import changes, method_title, payload
from demo.backend.run_queue import Runs
from demo.backend.work_queue import STOP
from gan.settings.command_line import read_changes
from gan.settings.config import TrainConfig
from gan.settings.diff import differences

SIDE_NAMES = "ABCD"
# What to begin with: (method, changes) of each side.
PRESETS = {
    "Told the classes, or not": [("quick", ""), ("quick", "labels=ignored")],
    "Does momentum help?": [("quick", ""), ("quick", "beta1=0.5")],
    "Four losses": [("minimax", ""), ("nonsaturating", ""), ("lsgan", ""), ("hinge", "")],
    "A critic kept smooth, three ways": [("wgan", ""), ("wgan_gp", ""), ("sngan", "")],
    "What the average hides": [("quick", ""), ("quick", "ema_images=0")],
    "The recipe of 2015 and its heirs": [("dcgan", ""), ("r3gan", ""), ("quick", "")],
}


def read_sides(shared: dict, sides: Sequence[tuple[str | None, str | None]]) -> list[TrainConfig]:
    """One config a side that has a method: `shared` settings, and its own changes.

    ValueError, which names the side, if one is wrong, and if there are fewer than two.
    """
    TrainConfig(**shared)  # what is wrong for all is no side's fault
    configs = []
    for name, (method, lines) in zip(SIDE_NAMES, sides, strict=True):
        if not method:
            continue
        try:
            own, changed = read_changes(lines)
            configs.append(TrainConfig(**shared, **own, method=method, changes=changed))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if len(configs) < 2:
        raise ValueError("Choose a method for two sides at least.")
    return configs


async def compare(
    runs: Runs, configs: Sequence[TrainConfig], owner: str, title: str = ""
) -> AsyncIterator[dict]:
    """Train each config in turn and yield what the page shows; a run that is stopped ends it all.

    `title` is what their data are called, where their name says nothing.

    One after another, because on a small machine runs beside each other would share its cores
    unevenly. Others who wait come in between.
    """
    done: list[Run] = []
    for config in configs:
        try:
            run = runs.start(config, owner, title)
        except ValueError:
            # The queue may have filled meanwhile: what was learned so far stays.
            if done:
                yield shown(runs, done)
            raise
        done.append(run)
        # Closed at once when the page is left, so that the run hears of it.
        async with aclosing(changes([run])) as seen:
            async for _ in seen:
                yield shown(runs, done, configs[len(done) :])
        if run.requested == STOP:
            break
    yield shown(runs, done)


async def show(runs: Runs, chosen: Sequence[Run]) -> AsyncIterator[dict]:
    """Runs of before beside each other, and what becomes of those that still go on."""
    async with aclosing(changes(chosen)) as seen:
        async for _ in seen:
            yield shown(runs, chosen)


def find_runs(runs: Runs, names: object) -> list[Run]:
    """The runs of a list of names or of "a,b"; ValueError for none, for too many, and for others."""
    if isinstance(names, str):
        names = names.split(",")
    names = list(dict.fromkeys(map(str, names))) if isinstance(names, list) else []
    if not 1 <= len(names) <= len(SIDE_NAMES):
        raise ValueError(f"Choose 1 to {len(SIDE_NAMES)} runs to see beside each other.")
    return [runs.find(name) for name in names]


def idle() -> dict:
    """What is shown before anything is compared."""
    return {"sides": [{"name": name, "state": "idle"} for name in SIDE_NAMES[:2]]}


def shown(runs: Runs, done: Sequence[Run], to_come: Sequence[TrainConfig] = ()) -> dict:
    """All that the page shows: each side's run, or its plan, and how it differs from the first."""
    configs = [*(run.config for run in done), *to_come]
    sides = [payload(runs, run) for run in done]
    sides += [{"state": "planned", "method": method_title(config)} for config in to_come]
    for name, side, config in zip(SIDE_NAMES, sides, configs, strict=False):
        # Of handed-in files not the id: it is a secret of its page.
        side |= {"name": name, "differs": differences(public(config), public(configs[0]))}
    return {"sides": sides}
