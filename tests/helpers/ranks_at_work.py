"""What processes of one run do in tests/gan/training/test_ranks.py: a function a question, in float64."""

import os
from pathlib import Path

SHAPES = {"data": "shapes", "size": 32, "channels": 1, "limit": 40}
POINTS = {"data": "ring", "limit": 200}
AUGMENTED = {"augment": "color,translation,cutout", "instance_noise": 0.3}
# Each has something that depends on the whole batch, or random numbers of its own.
STEPS = {
    "batch norm, conditional, auxiliary": SHAPES
    | {"method": "conditional", "changes": {"auxiliary": 1.0}},
    "r1 through batch norm": SHAPES
    | {"method": "r1", "changes": {"d_norm": "batch", "penalty_every": 1}},
    "r1 and minibatch stddev": SHAPES | {"method": "r1", "changes": {"minibatch_stddev": True}},
    "augmented, vat, confidence": SHAPES
    | {"method": "vat", "changes": {**AUGMENTED, "confidence": 0.1, "minibatch_stddev": True}},
    "wgan_gp": SHAPES | {"method": "wgan_gp", "n_critic": 2},
    "dragan": SHAPES | {"method": "dragan"},
    "unrolled through batch norm": SHAPES | {"method": "unrolled", "changes": {"d_norm": "batch"}},
    "feature matching": SHAPES | {"method": "feature_matching"},
    "minibatch discrimination": SHAPES | {"method": "minibatch_discrimination"},
    "virtual batch norm": SHAPES | {"method": "virtual_batch_norm"},
    "spectral norm, orthogonal": SHAPES | {"method": "biggan"},
    "pairs": SHAPES | {"method": "r3gan"},
    "points by hand": POINTS | {"method": "r3gan"},
    "points, batch norm": POINTS | {"method": "nonsaturating", "changes": {"d_norm": "batch"}},
    "points, historical averaging": POINTS | {"method": "historical_averaging"},
}


def begin(rank: int, ranks: int, port: int) -> None:
    """As torchrun begins a process."""
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    os.environ.update(
        {name: str(each) for name, each in {"RANK": rank, "WORLD_SIZE": ranks, **where}.items()}
    )
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    from gan.training import quality_meter, trainer

    # Distances are of float32.
    quality_meter.QualityMeter.measure = lambda self, generator: (None, float("inf"))
    as_float32 = trainer.to_float
    trainer.to_float = lambda pixels: as_float32(pixels).double()


def work(rank: int, ranks: int, port: int, folder: Path) -> None:
    begin(rank, ranks, port)
    import torch

    from gan.common.ranks import joined

    with joined():
        found = {name: after_steps(case) for name, case in STEPS.items()}
        found["run"] = whole_run(folder)
        if ranks > 1:
            found |= {each.__name__: each(rank, folder) for each in (stopped, closed, refusals)}
            torch.save(found, folder / f"{rank} of {ranks}")
            found["lost"] = lost(rank)
    torch.save(found, folder / f"{rank} of {ranks}")


def config(**settings):
    from gan.settings.config import TrainConfig

    return TrainConfig(**({"seed": 1, "width": 4, "batch": 8, "precision": "float32"} | settings))


def in_float64(config):
    import dataclasses

    from gan.training.dataset import load_data

    images = load_data(config)
    pixels = images.pixels
    return dataclasses.replace(images, pixels=pixels.double() if pixels.is_floating_point() else pixels)


def after_steps(case: dict) -> dict:
    """What G and D say after two steps, and the means of losses."""
    import torch

    from gan.common import ranks
    from gan.training.point_trainer import trainer_for
    from gan.training.resolve import resolve

    resolved = resolve(config(steps=2, **case))
    images = in_float64(resolved)
    trainer = trainer_for(resolved, images.pixels, torch.device("cpu"), images.labels)
    for progress in (0.0, 0.5):
        trainer.step(progress)
    z = torch.randn(4, resolved.z_dim, generator=torch.Generator().manual_seed(0))
    with torch.no_grad(), ranks.alone():
        drawn = trainer.g_ema(z)
        labels = trainer.g.classes_of(z) if trainer.classes else None
        judged = trainer.d.eval()(drawn, labels=labels)
    return {
        "drawn": drawn,
        "judged": judged,
        "means": torch.tensor(list(trainer.take_means().values())),
    }


def whole_run(folder: Path) -> dict:
    """A run of six steps; and one that is stopped after three, with which the test goes on."""
    import torch

    from gan.training.loop import train

    place = folder / f"over {os.environ['WORLD_SIZE']}"
    part = list(train(config(steps=6, **POINTS), place, load=in_float64, stop=After(3)))
    whole = list(train(config(steps=6, **POINTS), load=in_float64))
    return {
        "steps": [snapshot.step for snapshot in whole],
        "samples": torch.tensor(whole[-1].samples) if whole else None,
        "files": sorted(path.name for path in place.iterdir()) if part else [],
    }


def resumed(folder: Path, ranks: int, out: Path) -> None:
    """In one process: the run of `ranks` goes on."""
    begin(0, 1, 0)
    import torch

    from gan.training.loop import train

    last = list(
        train(config(steps=6, **POINTS), folder / f"over {ranks}", resume=True, load=in_float64)
    )[-1]
    torch.save(torch.tensor(last.samples), out)


class After:
    """Asked before each step, it wants to stop after so many."""

    def __init__(self, steps: int):
        self.steps, self.taken = steps, -1

    def __call__(self) -> bool:
        self.taken += 1
        return self.taken == self.steps


def stopped(rank: int, folder: Path) -> list[int]:
    """Rank 1 wants to stop after four steps; the last step of each."""
    from gan.training.loop import train

    stop = After(4 if rank else 10_000)
    steps = [each.step for each in train(config(steps=10_000, **POINTS), load=in_float64, stop=stop)]
    return [stop.taken, *steps[-1:]]


def closed(rank: int, folder: Path) -> list[int]:
    """Rank 0 leaves its iterator; the steps that each has taken."""
    from gan.training import loop
    from gan.training.trainer import Trainer

    taken, step = [], Trainer.step
    counted = lambda self, *progress: (taken.append(1), step(self, *progress))  # noqa: E731
    settings = config(steps=100_000, method="wgan_gp", **POINTS)  # of the trainer that is counted
    Trainer.step = counted
    try:
        for snapshot in loop.train(settings, load=in_float64):
            if snapshot.step:
                break
    finally:
        Trainer.step = step
    return [len(taken)]


def refusals(rank: int, folder: Path) -> list[str]:
    """What each says that cannot go on: of a batch, of data that one lacks, and of different data."""
    import dataclasses

    from gan.training.loop import train

    def lacking(settings):
        if rank == 1:
            raise ValueError("The second machine lacks the data.")
        return in_float64(settings)

    def other(settings):
        images = in_float64(settings)
        return dataclasses.replace(images, pixels=images.pixels + rank)

    said = []
    for settings, load in (({"batch": 7}, in_float64), ({}, lacking), ({}, other)):
        try:
            list(train(config(steps=3, **POINTS, **settings), load=load))
        except ValueError as error:
            said.append(f"{type(error).__name__}: {error}")
    return said


def lost(rank: int) -> str:
    """Rank 1 is killed in the middle."""
    from gan.training.loop import train

    def leave():
        if rank == 1:
            os._exit(0)
        return False

    try:
        list(train(config(steps=1000, method="wgan_gp", **POINTS), load=in_float64, stop=leave))
    except ValueError as error:
        return str(error)
