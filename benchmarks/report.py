"""The report card's detection rate for planted faults, its false alarms on real pictures, and its time.

    GANSCOPE_DATA=data python -m benchmarks.report --data mnist glyphs shapes faces cifar10
    GANSCOPE_DATA=data python -m benchmarks.report --models digits:mnist faces:faces

Each fault of benchmarks/planted_faults.py is evaluated `--seeds` times with different pictures; "nothing" is
real pictures, for which there should be no findings. Prints JSON lines; `found` counts findings by kind.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

import torch

from benchmarks.planted_faults import FAULTS, plant
from gan.common.files import read_json
from gan.data.image_tensors import Images
from gan.data.load import load_images
from gan.data.sources import HUB, natural_shape
from gan.models.registry import WEIGHTS_FOLDER
from gan.models.storage import load_generator
from gan.report.pipeline import SAMPLES, judge, report
from gan.report.reference_data import ReferenceData, load_reference
from gan.settings.config import TrainConfig


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="*", default=[])
    parser.add_argument("--models", nargs="*", default=[], metavar="MODEL:DATA")
    parser.add_argument("--faults", nargs="*", default=FAULTS, choices=FAULTS)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for data in options.data:
        seeds = range(options.first, options.first + options.seeds)
        evaluate_faults(data, options.faults, options.samples, seeds)
    for named in options.models:
        evaluate_model(*named.split(":", 1), options.samples, options.threads)


def evaluate_faults(data: str, faults: list[str], samples: int, seeds: range) -> None:
    size, channels = natural_shape(data)
    train = load_images(data, size, channels)
    for fault in faults:
        found, clock = Counter(), time.process_time()
        values = {}
        for seed in seeds:
            reals, unseen = split_real(data, size, channels, samples, seed)
            fakes = plant(fault, train, unseen, len(reals.reference), seed)
            *_, last = judge(fakes, reals, seed)
            found.update(finding.kind for finding in last.card.verdict.findings)
            values = {
                each.name: [round(each.value, 3), round(each.real, 3)]
                for each in last.card.measures.values()
            }
        row = {
            "data": data,
            "fault": fault,
            "seeds": [seeds.start, seeds.stop - 1],
            "samples": len(fakes),
            "found": dict(found),
        }
        row |= {"processor_s": round((time.process_time() - clock) / len(seeds), 1), "last": values}
        print(json.dumps(row), flush=True)


def split_real(
    data: str, size: int, channels: int, samples: int, seed: int
) -> tuple[ReferenceData, Images]:
    """The reference data of a report card, and real pictures that are not among them."""
    if data in HUB:
        # A third of the 10,000 test pictures each: reference, held out, planted.
        reals = load_reference(data, size, channels, min(samples, 3000), seed)
        known = {each.tobytes() for each in torch.cat([reals.reference, reals.held]).numpy()}
        test = load_images(data, size, channels, split="test")
        free = torch.tensor([each.tobytes() not in known for each in test.pixels.numpy()])
        return reals, Images(data, test.pixels[free], test.labels[free])
    reals = load_reference(data, size, channels, samples, seed)
    return reals, load_images(data, size, channels, 2 * samples, seed=1000 + seed)


def evaluate_model(name: str, data: str, samples: int, threads: int) -> None:
    wall, clock = time.perf_counter(), time.process_time()
    generator = load_generator(name)
    path = (WEIGHTS_FOLDER if (WEIGHTS_FOLDER / name).is_dir() else Path()) / name / "train.json"
    training = TrainConfig.from_dict(read_json(path))
    *_, last = report(generator, data, samples, training=training)
    card = last.card
    row = {"model": name, "data": data, "samples": card.samples, "threads": threads}
    row |= {
        "wall_s": round(time.perf_counter() - wall, 1),
        "processor_s": round(time.process_time() - clock, 1),
    }
    row["measures"] = {
        each.name: [round(each.value, 4), round(each.real, 4)] for each in card.measures.values()
    }
    row["verdict"] = [card.verdict.headline, card.verdict.good, *map(str, card.verdict.findings)]
    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
