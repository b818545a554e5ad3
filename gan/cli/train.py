"""`python -m gan train`: train, with a progress bar, and leave weights and pictures in a folder."""

import argparse
import itertools
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gan.cli.arguments import add_command
from gan.data.point_clouds import is_points
from gan.data.point_csv import write_points
from gan.settings.command_line import add_options, read_options
from gan.settings.config import TrainConfig
from gan.training.snapshot import Snapshot


def train(options: argparse.Namespace) -> None:
    """Train, with a progress bar on stderr, and leave weights and pictures in --out, also if it is stopped."""
    from gan.common import ranks

    with ranks.joined():
        if ranks.rank() == 0:
            _lead(options)
        else:
            _follow(options)


def _follow(options: argparse.Namespace) -> None:
    """Train as another process than the first of a run that torchrun has started; the first speaks for all."""
    from gan.common import ranks
    from gan.training.loop import train as snapshots

    try:
        with StopSignals() as signals:
            steps = snapshots(
                read_options(options), resume=options.resume, stop=lambda: signals.received > 0
            )
            for _ in steps:
                pass
    except ranks.SaidElsewhere:
        # torchrun ends all processes once one has failed: the first may still be saying why.
        time.sleep(1.0)
        raise SystemExit(2) from None


def _lead(options: argparse.Namespace) -> None:
    from gan.cli.run_files import RunFiles
    from gan.common.files import write_bytes
    from gan.training.loop import train as snapshots

    config = read_options(options)
    out = Path(options.out or _free_folder(config))
    files = RunFiles(config, out, options.film, options.resume)
    how = {"resume": options.resume, "overwrite": options.overwrite, "keep_at": options.keep_at}
    run = snapshots(config, out=out, **how)
    first = next(run)  # errors in settings or data come before a bar is shown
    for note in (*files.notes, *first.notes):
        print(note, file=sys.stderr)
    path = out / ("samples.csv" if is_points(config.data) else "samples.png")
    with StopSignals() as signals:
        try:
            for snapshot in _with_bar(itertools.chain([first], run)):
                files.add(snapshot)
                if signals.received:
                    break
            run.close()  # writes the weights
        finally:
            write_bytes(path, _file_of(snapshot.samples))
            files.write()
    for finding in snapshot.findings:
        print(finding, file=sys.stderr)
    quality = files.quality
    measured = (
        f"{quality.metric} {quality.distance:.4g} (floor {quality.floor:.4g})"
        if quality
        else "nothing measured"
    )
    print(
        f"{snapshot.step} steps in {snapshot.seconds:.1f} s, {measured}; weights and {path.name} in {path.parent}"
    )
    if signals.received:
        print(f"stopped; go on with: --resume --out {out}", file=sys.stderr)
        raise SystemExit(128 + signals.received)


def _with_bar(run: Iterator[Snapshot]) -> Iterator[Snapshot]:
    """The snapshots of a run, with a bar on stderr and a line when a save fails: there may be time to make room."""
    from tqdm import tqdm

    bar = tqdm(total=1.0, bar_format="{percentage:3.0f}% |{bar:24}| {elapsed}<{remaining} {postfix}")
    said = False
    with bar:
        for number, snapshot in enumerate(run):
            if number == 0:
                # What was done before a run was resumed does not tell how long the rest takes.
                bar.initial = bar.n = bar.last_print_n = snapshot.progress
            bar.update(snapshot.progress - bar.n)
            bar.set_postfix_str(
                f"step {snapshot.step}, {snapshot.images_per_second:.0f} images/s, "
                f"D {snapshot.d_loss:.2f}, G {snapshot.g_loss:.2f}"
            )
            failed = [finding for finding in snapshot.findings if finding.kind == "unsaved"]
            if failed and not said:
                bar.write(str(failed[0]), file=sys.stderr)
            said = said or bool(failed)
            yield snapshot


class StopSignals:
    """While entered, the first Ctrl-C, SIGTERM or SIGHUP is only noted in `received`; a second one interrupts.

    Not under torchrun, which passes a signal on, may do so twice, and kills what has not ended half a minute later.
    """

    SIGNALS = tuple(
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    )

    def __enter__(self) -> "StopSignals":
        from gan.common import ranks

        self.received, self.alone = 0, ranks.size() == 1
        self.before = {number: signal.signal(number, self._note) for number in self.SIGNALS}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        if self.received and self.alone:
            raise KeyboardInterrupt
        self.received = number


def _free_folder(config: TrainConfig) -> str:
    """The first of runs/DATA-METHOD-1, -2, ... that does not exist; with a start, runs/DATA-METHOD-from-MODEL-1."""
    start = f"-from-{Path(config.start_from).name}" if config.start_from else ""
    name = f"{Path(config.data).stem}-{config.method}{start}"
    return next(path for n in itertools.count(1) if not os.path.exists(path := f"runs/{name}-{n}"))


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
    command.add_argument("--out", help="folder (default: runs/DATA-METHOD-1, or the next free number)")
    command.add_argument("--overwrite", action="store_true", help="replace the run in --out")
    command.add_argument("--resume", action="store_true", help="go on with the run in --out")
    keep = "also keep the generator after these steps, each a model of its own in OUT/steps/STEP"
    command.add_argument("--keep-at", type=int, nargs="+", default=[], metavar="STEP", help=keep)
    film = "also write the run's pictures as a film, to a .gif or .mp4"
    command.add_argument("--film", metavar="FILE", help=film)
