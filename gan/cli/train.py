"""`python -m gan train`: train, with a progress bar, and leave weights and pictures in a folder."""

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np

from gan.cli.arguments import add_command
from gan.data.point_clouds import is_points
from gan.data.point_csv import write_points
from gan.settings.command_line import add_options, read_options


def train(options: argparse.Namespace) -> None:
    """Train, with a progress bar on stderr, and leave weights and pictures in --out."""
    from tqdm import tqdm

    from gan.cli.run_files import RunFiles
    from gan.common.files import write_bytes
    from gan.training.loop import train as snapshots

    config = read_options(options)
    files = RunFiles(config, options.film)
    run = snapshots(config, out=options.out, resume=options.resume)
    first = next(run)  # errors in settings or data come before a bar is shown
    for note in first.notes:
        print(note, file=sys.stderr)
    bar = tqdm(total=1.0, bar_format="{percentage:3.0f}% |{bar:24}| {elapsed}<{remaining} {postfix}")
    with bar:
        for snapshot in itertools.chain([first], run):
            files.add(snapshot)
            bar.update(snapshot.progress - bar.n)
            bar.set_postfix_str(
                f"step {snapshot.step}, {snapshot.images_per_second:.0f} images/s, "
                f"D {snapshot.d_loss:.2f}, G {snapshot.g_loss:.2f}"
            )
    for finding in snapshot.findings:
        print(finding, file=sys.stderr)
    path = Path(options.out) / ("samples.csv" if is_points(config.data) else "samples.png")
    write_bytes(path, _file_of(snapshot.samples))
    files.write(options.out)
    quality = snapshot.quality
    print(
        f"{snapshot.step} steps in {snapshot.seconds:.1f} s, {quality.metric} "
        f"{quality.distance:.4g} (floor {quality.floor:.4g}); weights and {path.name} in {path.parent}"
    )


def _file_of(samples: np.ndarray) -> bytes:
    """Pictures as one PNG, points as CSV."""
    from gan.images import encode

    if samples.ndim == 4:
        return encode.png(encode.grid(samples), scale=2)
    return write_points(samples).encode()


def add_arguments(subparsers) -> None:
    """The command `train`, with an option for each setting (gan/settings/declare.py)."""
    command = add_command(
        subparsers,
        train,
        "Train a new generator.",
        "train --data faces --method quick --seconds 60 --seed 0 --out runs/first",
        model=False,
    )
    add_options(command)
    command.add_argument("--out", default="runs/latest", help="folder (default: runs/latest)")
    command.add_argument("--resume", action="store_true", help="go on with the run in --out")
    film = "also write the run's pictures as a film, to a .gif or .mp4"
    command.add_argument("--film", metavar="FILE", help=film)
