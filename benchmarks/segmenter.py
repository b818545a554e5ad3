"""The part segmenter on fakes, whose parts nobody knows: on fakes of drawings whose parts are known.

    python -m benchmarks.segmenter --model faces --sheet fakes.png

Drawn faces that no network was trained on are inverted: what the generator makes of one is a fake, with its blur and
grain, whose parts lie about where those of the drawing do. Where it differs from the drawing the segmenter is blamed
too, so that this is less than its IoU on fakes. Rows: the drawings themselves, all fakes, the half that came nearest,
and, as what chance gives, fakes against the parts of another drawing.
"""

import argparse

import numpy as np
import torch
from torch import Tensor

from gan.common.files import write_bytes
from gan.data.image_tensors import to_float, to_uint8
from gan.drawn.faces import PARTS
from gan.images import encode
from gan.latent.encoder import read_encoder
from gan.latent.inversion import invert
from gan.models.part_segmenter import PartSegmenter, faces_with_parts, load_segmenter, part_ious
from gan.models.storage import find_generator, read_image_generator

BATCH, SHOWN = 16, 8
SEED = 201  # of faces that the segmenter has not seen either
COLOURS = "e6e6e6 f0be96 5a3c28 1e1e1e 2878f0 9628c8 dc283c 32aa5a"  # of PARTS, on the sheet


def fakes_of(pixels: Tensor, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """What the generator makes of pictures, uint8, and how far that is from each, the mean square of [0, 1]."""
    folder = find_generator(options.model)
    generator = read_image_generator(folder)
    encoder, fakes, errors = read_encoder(folder, generator), [], []
    for some in pixels.split(BATCH):
        *_, last = invert(generator, to_float(some), options.steps, options.starts, encoder=encoder)
        fakes.append(torch.from_numpy(to_uint8(last.images)).permute(0, 3, 1, 2))
        errors.append(last.mse)
        print(f"{sum(map(len, fakes))} of {len(pixels)}", flush=True)
    return torch.cat(fakes), torch.cat(errors)


@torch.no_grad()
def sheet(segmenter: PartSegmenter, pixels: Tensor, fakes: Tensor, parts: Tensor) -> bytes:
    """Drawings, their parts, fakes, and the parts that are seen there, as PNG; a row each."""
    seen = segmenter(to_float(fakes)).argmax(1)
    colours = np.array([list(bytes.fromhex(one)) for one in COLOURS.split()], np.uint8)
    maps = [colours[each.numpy()] for each in (parts, seen)]
    pictures = [each.permute(0, 2, 3, 1).numpy() for each in (pixels, fakes)]
    rows = [pictures[0], maps[0], pictures[1], maps[1]]
    return encode.png(encode.grid(np.concatenate(rows), columns=len(pixels)), 1)


def report(name: str, segmenter: PartSegmenter, images: Tensor, parts: Tensor) -> None:
    ious = part_ious(segmenter, images, parts)
    print(f"{name:28}" + "  ".join(f"{part} {ious[part]:.2f}" for part in PARTS), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="faces")
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--starts", type=int, default=4)
    parser.add_argument("--sheet", help="write the first pictures and their parts as PNG")
    options = parser.parse_args()
    segmenter, size = load_segmenter(), read_image_generator(find_generator(options.model)).size
    pixels, parts = faces_with_parts(options.count, SEED, size)
    fakes, errors = fakes_of(pixels, options)
    near = errors.argsort()[: len(errors) // 2]
    print(
        f"mean square error: median {errors.median():.4f}, of the nearer half {errors[near].median():.4f}"
    )
    report("drawings", segmenter, pixels, parts)
    report("their fakes", segmenter, fakes, parts)
    report("the half that is nearest", segmenter, fakes[near], parts[near])
    report("parts of another drawing", segmenter, fakes, parts.roll(1, 0))
    if options.sheet:
        first = near[:SHOWN]
        write_bytes(options.sheet, sheet(segmenter, pixels[first], fakes[first], parts[first]))


if __name__ == "__main__":
    main()
