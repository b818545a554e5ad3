"""`python -m gan map`: the map of a generator's latent space."""

import argparse
from pathlib import Path

from gan.cli.arguments import add_command

PICTURE = "map.png"


def map(options: argparse.Namespace) -> None:
    """Draw the pictures of many seeds, lay them out so that like lies beside like, and write the map."""
    from gan.common.files import check_output_folder, write_bytes
    from gan.images.encode import png
    from gan.latent.named_directions import trained_on
    from gan.maps.latent_map import draw_map, laid_out
    from gan.maps.map_file import NAME, SHEET, write_map
    from gan.models.registry import WEIGHTS_FILE, training_config_of
    from gan.models.storage import find_generator, load_generator

    check_output_folder(options.out)
    folder = find_generator(options.model)
    data, training = options.data or trained_on(folder), training_config_of(str(folder))
    # Real pictures are cut as they were for its training.
    how = {"fit": training.fit, "background": training.background} if training else {}
    generator = load_generator(options.model)
    said = ""
    for progress in draw_map(generator, data, options.samples, options.reals, **how):
        if progress.doing != said:
            said = progress.doing
            print(said, flush=True)
    made = progress.made
    out = Path(options.out)
    write_map(out, made, folder / WEIGHTS_FILE)
    write_bytes(out / PICTURE, png(laid_out(made)))
    real = len(made.places) - made.fakes
    print(f"{made.fakes:,} pictures and {real:,} real ones in {out}: {NAME}, {SHEET}, {PICTURE}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        map,
        "Lay thousands of a generator's pictures out in the plane, like beside like.",
        "map --model faces --out faces-map",
    )
    samples = "pictures of the generator, those of seeds 0, 1, …: 50 to 4,000 (default: 1000)"
    command.add_argument("--samples", type=int, default=1000, help=samples)
    reals = "real pictures among them, 0 to 4,000 (default: 500)"
    command.add_argument("--reals", type=int, default=500, help=reals)
    data = "what it was trained on (default: as its train.json says)"
    command.add_argument("--data", help=data)
    command.add_argument("--out", default="map", help="folder to write (default: map)")
