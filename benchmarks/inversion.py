"""GAN inversion: the share of pictures that is reconstructed, generated and held-out ones, and the time.

    GANSCOPE_DATA=data python -m benchmarks.inversion --model digits --data mnist --count 200

"own" are pictures of random latents; "held out" are test pictures of --data, whose digits are also
classified by the LeNet before and after. `begun` is the mse before the first step; with more --steps,
what remains is due to the generator and not the search. --sheet NAME writes the first pictures of each
kind, targets above results, as NAME-own.png and NAME-held-out.png.
"""

import argparse
import json
import statistics
import time

import torch
from torch import Tensor

from gan.common.files import write_bytes
from gan.data.image_tensors import to_float, to_uint8
from gan.data.load import load_images
from gan.images import encode
from gan.latent.encoder import read_encoder
from gan.latent.inversion import InversionState, features_for, invert
from gan.models.generator import Generator
from gan.models.storage import find_generator, read_image_generator

BATCH = 16
# Different from the seeds of the search, and from 246,813,579, on which it was tuned.
OWN_SEED, PICK_SEED = 975_318_642, 27


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="digits")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--count", type=int, default=200, help="pictures of each kind")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--starts", type=int, default=16)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--without-encoder", action="store_true", help="even where there is one")
    parser.add_argument("--only", choices=("own", "held out"), help="one kind instead of both")
    parser.add_argument("--sheet", help="beginning of the names of pictures to write")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = find_generator(options.model)
    generator = read_image_generator(folder)
    options.encoder = None
    if not options.without_encoder:
        options.encoder = read_encoder(folder, generator)
    if options.only != "held out":
        report("own", generator, generate_targets(generator, options.count), None, options)
    if options.only != "own":
        report("held out", generator, *held_out_targets(generator, options), options)


@torch.no_grad()
def generate_targets(generator: Generator, count: int) -> Tensor:
    rng = torch.Generator().manual_seed(OWN_SEED)
    return generator(torch.randn(count, generator.z_dim, generator=rng))


def held_out_targets(generator: Generator, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    images = load_images(options.data, generator.size, generator.channels, split="test")
    rng = torch.Generator().manual_seed(PICK_SEED)
    picked = torch.randperm(len(images), generator=rng)[: options.count]
    return to_float(images.pixels[picked]), images.labels[picked]


def report(
    kind: str, generator: Generator, targets: Tensor, labels: Tensor | None, options: argparse.Namespace
) -> None:
    """Print one row: shares of reconstructed pictures, and the time of a batch of 16."""
    firsts, lasts, seconds, busy = [], [], [], []
    for batch in targets.split(BATCH):
        start, start_busy = time.perf_counter(), time.process_time()
        first, *_, last = search(generator, batch, options)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - start_busy)
        firsts.append(first)
        lasts.append(last)
    mse = torch.cat([found.mse for found in lasts])
    begun = torch.cat([found.mse for found in firsts])
    whole = len(targets) // BATCH  # the last batch may be smaller
    row = {
        "kind": kind,
        "count": len(targets),
        "steps": options.steps,
        "starts": options.starts,
        "threads": options.threads,
        "encoder": options.encoder is not None,
        "mse_median": round(mse.median().item(), 6),
        "mse_mean": round(mse.mean().item(), 6),
        "mse_worst": round(mse.max().item(), 6),
        "begun": round(begun.median().item(), 6),
        **{f"mse<={limit:g}": share(mse <= limit) for limit in (1e-4, 5e-4, 1e-3, 0.015)},
        "ended": statistics.median(found.step for found in lasts),
        "norm": round(torch.cat([f.z.square().mean(1).sqrt() for f in lasts]).mean().item(), 3),
        "seconds_of_16": median(seconds[:whole]),
        "cpu_seconds_of_16": median(busy[:whole]),
    }
    if labels is not None and features_for(generator):
        row |= classification(targets, torch.cat([found.images for found in lasts]), mse, labels)
    print(json.dumps(row), flush=True)
    if options.sheet:
        pairs = torch.stack([targets[:BATCH], lasts[0].images]).flatten(0, 1)
        sheet = encode.png(encode.grid(to_uint8(pairs), columns=min(BATCH, len(targets))), 3)
        write_bytes(f"{options.sheet}-{kind.replace(' ', '-')}.png", sheet)


def search(generator: Generator, batch: Tensor, options: argparse.Namespace) -> list[InversionState]:
    guides = {"features": features_for(generator), "encoder": options.encoder}
    return list(invert(generator, batch, options.steps, options.starts, **guides))


def classification(targets: Tensor, images: Tensor, mse: Tensor, labels: Tensor) -> dict:
    """Accuracy of the LeNet on the target digits and on the results."""
    from gan.models.lenet import load_lenet

    lenet = load_lenet()
    given, found = lenet(targets).argmax(1), lenet(images).argmax(1)
    return {
        "given_read_right": share(given == labels),
        "found_read_right": share(found == labels),
        "found_read_as_given": share(found == given),
        "near_and_right": share((mse <= 0.015) & (found == labels)),
    }


def median(values: list[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def share(which: Tensor) -> float:
    return round(which.float().mean().item(), 4)


if __name__ == "__main__":
    main()
