"""The speedrun: the best pictures after a fixed number of processor seconds, on one core, from nothing.

    python -m benchmarks.speedrun --data faces --budget 60 --set model=wavelet --seeds 0 1 2 --out sheets/

Each seed is trained on one thread until the process has used the budget, whatever else the machine does; drawing the
data, previews and measuring do not count. Then 2,000 fakes are measured against 2,000 real pictures that no run has
seen, beside what 2,000 other real ones get. Records and rules: docs/speedrun.md.
"""

import argparse
import json
import time
from pathlib import Path

import torch

from benchmarks.fidelity import measure
from gan.data.image_tensors import to_uint8
from gan.images.encode import grid, png
from gan.latent.vectors import seed_latents
from gan.models.flops import multiply_adds
from gan.settings.command_line import with_choices
from gan.training.dataset import hold_out, load_data
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve


def run(settings: list[str], data: str, seed: int, budget: float, log_every: float):
    """The trainer after `budget` processor seconds, and its resolved config."""
    config = resolve(with_choices(settings, data=data, seed=seed, seconds=budget))
    images, _ = hold_out(load_data(config))
    trainer = trainer_for(config, images.pixels, torch.device("cpu"), images.labels)
    spent, due = 0.0, log_every
    while spent < budget:
        started = time.process_time()
        trainer.step(spent / budget)
        spent += time.process_time() - started
        if spent >= due:
            print(f"  {spent:.0f} s, {trainer.images:,} images", flush=True)
            due += log_every
    return trainer, config


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default="faces")
    parser.add_argument("--budget", type=float, default=60.0, help="processor seconds")
    parser.add_argument("--set", nargs="*", default=[], help="settings as NAME=VALUE")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0])
    parser.add_argument("--name", default="run")
    parser.add_argument("--out", help="folder for sheets of samples and log.jsonl")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for seed in options.seeds:
        trainer, config = run(options.set, options.data, seed, options.budget, options.budget / 4)
        row = {"name": options.name, "data": options.data, "set": options.set, "seed": seed,
               "budget": options.budget, "steps": trainer.steps, "images": trainer.images}  # fmt: skip
        trainer.g_ema.eval()
        row |= {"multiply_adds": multiply_adds(trainer.g_ema)} | measure(trainer.g_ema, config)
        print(json.dumps(row), flush=True)
        if options.out:
            folder = Path(options.out)
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            with torch.no_grad():
                samples = to_uint8(trainer.g_ema(seed_latents(range(64), config.z_dim)))
            (folder / f"{options.name}-{seed}.png").write_bytes(png(grid(samples, 8)))


if __name__ == "__main__":
    main()
