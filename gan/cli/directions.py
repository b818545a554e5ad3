"""`python -m gan directions`: find a generator's named directions and save them."""

import argparse
from pathlib import Path

from gan.cli.arguments import add_command
from gan.common import checks
from gan.models.registry import WEIGHTS_FILE


def directions(options: argparse.Namespace) -> None:
    """Write the named directions of a model, where the page finds them: beside its weights."""
    from gan.common.files import check_output_file
    from gan.latent.direction_files import NAME, read_directions, with_former, write_directions
    from gan.latent.named_directions import find_named, trained_on
    from gan.models.storage import find_generator, load_generator

    samples = checks.integer("samples", options.samples, 8, 4096)
    generator = load_generator(options.model)
    folder = find_generator(options.model)
    out = Path(options.out or folder / NAME)
    check_output_file(out)
    found = find_named(generator, options.data or trained_on(folder), samples)
    sets = tuple(each for each in found if each.directions)
    if not sets:
        raise ValueError("No direction of this model does what its name says: nothing was written.")
    try:
        before = read_directions(folder, generator.z_dim)
    except ValueError:  # made for other weights, or damaged
        before = ()
    write_directions(out, with_former(sets, before), folder / WEIGHTS_FILE)
    for each in sets:
        print(f"{each.title}: {', '.join(one.name for one in each.directions)}")
    print(f"in {out}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        directions,
        "Find the directions of a model that have names, and keep them for the page.",
        "directions --model runs/first --out runs/first/directions.json",
    )
    data = "what it was trained on, which says what there is to name (default: as its train.json says)"
    command.add_argument("--data", help=data)
    samples = "places that are looked at, 8 to 4,096: more are steadier and take longer (default: 128)"
    command.add_argument("--samples", type=int, default=128, help=samples)
    command.add_argument("--out", help="file to write (default: directions.json beside the weights)")
