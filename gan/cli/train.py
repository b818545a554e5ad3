"""`python -m gan train`: train, with a progress bar, and leave weights and pictures in a folder."""

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np

from gan.data.point_clouds import is_points
from gan.data.point_csv import write_points
from gan.settings.command_line import chosen


def train(options: argparse.Namespace) -> None:
    """Train, with a progress bar on stderr, and leave weights and pictures in --out."""
    from tqdm import tqdm

    from gan.cli.run_files import RunFiles
    from gan.common.files import write_bytes
    from gan.training.loop import train as snapshots

    config = chosen(options)
    kept = RunFiles(config, options.film)
    run = snapshots(config, out=options.out, resume=options.resume)
    first = next(run)  # what is wrong with settings or data is told before a bar is shown
    for said in first.notes:
        print(said, file=sys.stderr)
    bar = tqdm(total=1.0, bar_format="{percentage:3.0f}% |{bar:24}| {elapsed}<{remaining} {postfix}")
    with bar:
        for snapshot in itertools.chain([first], run):
            kept.add(snapshot)
            bar.update(snapshot.progress - bar.n)
            bar.set_postfix_str(
                f"step {snapshot.step}, {snapshot.images_per_second:.0f} images/s, "
                f"D {snapshot.d_loss:.2f}, G {snapshot.g_loss:.2f}"
            )
    for finding in snapshot.findings:
        print(finding, file=sys.stderr)
    path = Path(options.out) / ("samples.csv" if is_points(config.data) else "samples.png")
    write_bytes(path, _file_of(snapshot.samples))
    kept.write(options.out)
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
