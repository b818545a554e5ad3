"""What starting from a model brings on 100 pictures: the same seconds from nothing, and from a shipped model.

    python -m benchmarks.fine_tuning --seconds 60 --out sheets
    python -m benchmarks.fine_tuning --cifar10 path/to/cifar10 --label 7 --seeds 0 1 2
    python -m benchmarks.fine_tuning --faces-from runs/faces --set freeze_d=2

Two sets of 100 pictures: drawn faces that all wear a beanie, and, with --cifar10, photographs of one class. The
distance (sliced Wasserstein) is to 1,000 other pictures of the same kind, which nobody trains on, with the floor of
1,000 more; "the 100 themselves" is what repeating the training pictures gets. Both runs have the same seed, method and
seconds. A sheet for each set shows real pictures, then samples of both. Run it on an idle machine.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan.common.files import write_bytes
from gan.data.image_tensors import to_float, to_numpy
from gan.data.load import load_images
from gan.drawn.factors import name_values
from gan.drawn.registry import DRAWN, factors
from gan.images.encode import grid, png
from gan.metrics.judge import Judge, draw_fakes
from gan.models.progressive import averaged_to
from gan.models.storage import read_generator
from gan.settings.command_line import with_choices
from gan.training.loop import train

COUNT, JUDGED, SHOWN = 100, 1000, 32
STYLE = ("hair", "beanie")
SHEET_SCALE = 2


@dataclass(frozen=True)
class Goal:
    """100 pictures to learn from, 2,000 others to judge by (both uint8 NCHW), and the model to start from."""

    name: str
    pictures: Tensor
    others: Tensor
    model: str


def faces(model: str) -> Goal:
    """Drawn faces of one style, picked by their factors."""
    drawing, (factor, value) = DRAWN["faces"], STYLE
    wanted = COUNT + 2 * JUDGED
    index = drawing.factors[factor].index(value)
    # Far from the seeds of the data that models train on, 0 and 1.
    picked = factors("faces", 60 * wanted, seed=1234)
    rows = np.flatnonzero(picked[factor] == index)[:wanted]
    scenes = name_values(drawing.all_factors, {name: each[rows] for name, each in picked.items()})
    drawn = [np.asarray(drawing.paint(scene, drawing.size).convert("RGB")) for scene in scenes]
    return _goal(f"faces with a {value}", np.stack(drawn), model)


def photographs(folder: str, label: int, model: str) -> Goal:
    """Photographs of one class of CIFAR-10."""
    images = load_images(folder, 32, 3)
    of_class = (images.labels == label).nonzero()[:, 0]
    chosen = images.pixels[of_class[: COUNT + 2 * JUDGED]].permute(0, 2, 3, 1).numpy()
    return _goal(f"photographs of {images.classes[label] if images.classes else label}", chosen, model)


def _goal(name: str, pictures: np.ndarray, model: str) -> Goal:
    tensor = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous()
    return Goal(name, tensor[:COUNT], tensor[COUNT:], model)


def write_pictures(folder: Path, pictures: Tensor) -> None:
    for index, picture in enumerate(pictures.permute(0, 2, 3, 1).numpy()):
        write_bytes(folder / f"{index:03}.png", png(picture))


def trained(folder: Path, start: str, seed: int, options) -> tuple[int, Tensor]:
    """Steps, and `JUDGED` fakes in [-1, 1], as large as the pictures in `folder`, of a run on these from `start`."""
    settings = {"data": str(folder), "method": options.method, "seed": seed, "start_from": start}
    settings |= {"seconds": options.seconds} | ({} if start else options.shape)
    choices = options.set if start else []
    out = Path(tempfile.mkdtemp(dir=folder.parent))
    for snapshot in train(with_choices(choices, **settings), out):
        last = snapshot
    print("   ", *last.notes, *map(str, last.findings), sep="\n    ", flush=True)
    return last.step, averaged_to(draw_fakes(read_generator(out), JUDGED), options.shape["size"])


def measure(goal: Goal, options) -> Iterator[str]:
    """Lines with the distances of a goal; writes its sheet."""
    judge = Judge("sliced_wasserstein", goal.others[:JUDGED], goal.others[JUDGED:])
    repeated = judge.distance(to_float(goal.pictures).repeat(JUDGED // COUNT, 1, 1, 1))
    yield f"{goal.name}: floor {judge.floor:.4f}, the 100 themselves {repeated:.4f}"
    options.shape = {"size": goal.pictures.shape[-1], "channels": goal.pictures.shape[1]}
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(Path(folder) / "pictures", goal.pictures)
        for seed in options.seeds:
            rows, distances = [goal.pictures[:SHOWN].permute(0, 2, 3, 1).numpy()], []
            for start in ("", goal.model):
                steps, fakes = trained(Path(folder) / "pictures", start, seed, options)
                distances.append(judge.distance(fakes))
                rows.append(to_numpy(fakes[:SHOWN]))
                yield f"  seed {seed}, from {start or 'nothing'}: {distances[-1]:.4f} after {steps} steps"
            above = [distance - judge.floor for distance in distances]
            yield f"  above the floor: {above[1] / above[0]:.2f} of what it is from nothing"
            sheets = [grid(row, columns=16) for row in rows]
            if options.out:
                name = f"{goal.name.replace(' ', '-')}-{seed}.png"
                write_bytes(Path(options.out) / name, png(_stacked(sheets), scale=SHEET_SCALE))


def _stacked(sheets: list[np.ndarray]) -> np.ndarray:
    """Sheets below each other, with a grey band between them."""
    band = np.full((6, *sheets[0].shape[1:]), 128, np.uint8)
    return np.concatenate([part for sheet in sheets for part in (sheet, band)][:-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--method", default="quick")
    parser.add_argument(
        "--set", action="append", default=[], help="NAME=VALUE, of the runs from a model"
    )
    parser.add_argument(
        "--faces-from", default="faces", help="model for the faces; empty: leave them out"
    )
    parser.add_argument("--photos-from", default="photos")
    parser.add_argument("--cifar10", help="folder with CIFAR-10, for the photographs")
    parser.add_argument("--label", type=int, default=7, help="their class (7: horses)")
    parser.add_argument("--out", help="folder for the sheets of samples")
    options = parser.parse_args()
    goals = [faces(options.faces_from)] if options.faces_from else []
    if options.cifar10:
        goals.append(photographs(options.cifar10, options.label, options.photos_from))
    for goal in goals:
        for line in measure(goal, options):
            print(line, flush=True)


if __name__ == "__main__":
    main()
