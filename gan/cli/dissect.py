"""`python -m gan dissect`: which units of a generator draw which part."""

import argparse
from pathlib import Path

from gan.cli.arguments import add_command
from gan.common import checks
from gan.models.registry import WEIGHTS_FILE

SHOWN = 5  # units of a part


def dissect(options: argparse.Namespace) -> None:
    """Score all units with all parts, write the best beside the weights, and print some."""
    from gan.common.files import check_output_file
    from gan.inside.dissection import best_layer, units_of
    from gan.inside.dissection import dissect as find_units
    from gan.inside.dissection_file import NAME, write_dissection
    from gan.inside.layers import Inside
    from gan.inside.parts import parts_of
    from gan.latent.named_directions import trained_on
    from gan.models.storage import find_generator, load_generator

    samples = checks.integer("samples", options.samples, 10, 2000)
    folder = find_generator(options.model)
    out = Path(options.out or folder / NAME)
    check_output_file(out)
    inside = Inside(load_generator(options.model))
    parts = parts_of(inside, options.data or trained_on(folder))
    scores = find_units(inside, parts, samples)
    write_dissection(out, parts.names, scores, folder / WEIGHTS_FILE)
    for part in parts.names:
        if any(score.part == part for score in scores):
            layer = best_layer(scores, part)
            best = units_of(scores, part, layer, SHOWN)
            side = inside.layers[layer].side
            units = ", ".join(f"{one.unit} ({one.iou:.2f})" for one in best)
            print(f"{part}: layer {layer} ({side}×{side}), units {units}")
    print(f"in {out}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        dissect,
        "Find out which units of a generator draw which part.",
        "dissect --model faces --out faces-dissection.json",
    )
    data = "what it was trained on, which says which parts there are (default: as its train.json says)"
    command.add_argument("--data", help=data)
    samples = "pictures that are looked at, 10 to 2,000 (default: 200)"
    command.add_argument("--samples", type=int, default=200, help=samples)
    command.add_argument("--out", help="file to write (default: dissection.json beside the weights)")
