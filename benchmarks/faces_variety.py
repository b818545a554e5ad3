"""Is every factor of the drawn faces alive in a generator's pictures, or has one collapsed?

    python -m benchmarks.faces_variety --model faces

The program draws the faces itself, so it knows what each shows. A small network learns to name the
factors (its accuracy on unseen faces is printed: a factor that it cannot name says nothing), then
names those of the generator's pictures. For each factor: the total variation distance between the
shares of its values among fakes and among drawn faces (0: the same, 1: disjoint), the same between
two drawn sets (the floor), and the rarest value's share relative to what it should be.
"""

import argparse
import json

import numpy as np
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.metrics.judge import draw_fakes
from gan.models.face_attributes import (
    CHOICES,
    EPOCHS,
    FaceAttributeClassifier,
    drawn,
    fit_namer,
    name_all,
)
from gan.models.storage import load_generator

TESTED_ON = 4_000


def named(namer: FaceAttributeClassifier, images: Tensor) -> dict[str, Tensor]:
    """The value of each discrete factor that each face shows."""
    told = name_all(namer, images)
    return {name: told[name].argmax(1) for name in CHOICES}


def shares(values: Tensor, size: int) -> np.ndarray:
    return (values.bincount(minlength=size) / len(values)).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="faces")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    namer = fit_namer(options.epochs)
    test, truth = drawn(TESTED_ON, seed=101)
    of_drawn = named(namer, to_float(test))
    of_others = named(namer, to_float(drawn(TESTED_ON, seed=102)[0]))
    of_fakes = named(namer, draw_fakes(load_generator(options.model), TESTED_ON))
    for name, values in CHOICES.items():
        expected, floor, found = (
            shares(each[name], len(values)) for each in (of_drawn, of_others, of_fakes)
        )
        relative = found / expected
        row = {
            "factor": name,
            "accuracy": round((of_drawn[name] == truth[name]).float().mean().item(), 3),
            "distance": round(float(np.abs(found - expected).sum() / 2), 3),
            "floor": round(float(np.abs(floor - expected).sum() / 2), 3),
            "rarest": values[int(relative.argmin())],
            "rarest_share": round(float(relative.min()), 2),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
