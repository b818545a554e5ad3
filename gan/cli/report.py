"""`python -m gan report`: judge a model, with a card in a file and a verdict on the screen."""

import argparse
import sys
from pathlib import Path

from gan.cli.arguments import add_command, add_seed


def report(options: argparse.Namespace) -> None:
    """Judge a generator; the card goes into --out, the verdict to stdout, progress to stderr."""
    from gan.common.files import check_output_file
    from gan.models.registry import training_config_of
    from gan.models.storage import load_generator
    from gan.report.as_dict import as_dict
    from gan.report.pipeline import report as measure
    from gan.report.render import KINDS, write_card

    if Path(options.out).suffix.lower() not in KINDS:
        raise ValueError(f"--out must end in {', '.join(KINDS)}, not be {Path(options.out).name!r}.")
    check_output_file(options.out)
    learnt = training_config_of(options.model)
    data = options.data or (learnt.data if learnt else None)
    if data is None:
        raise ValueError("Nothing says what this model learnt from: name it with --data.")
    generator = load_generator(options.model)
    for progress in measure(generator, data, options.samples, options.seed, learnt):
        print(f"{100 * progress.part:3.0f} % {progress.doing}", file=sys.stderr)
    card = progress.card
    write_card(options.out, card, options.model)
    for row in as_dict(card, options.model)["measures"]:
        if row["value"] is not None:
            said, real, level = row["said"], row["real_said"], row["level_said"]
            print(f"{row['title']:28} {said:>9}   real {real:>9}   {level}")
    print("\n".join([card.verdict.headline, card.verdict.good, *map(str, card.verdict.findings)]))
    print(f"The card is in {options.out}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        report,
        "Judge a generator: a report card with a verdict in words.",
        "report --model digits --data mnist --out report.html",
    )
    command.add_argument("--data", help="what to judge it by (default: what it was trained on)")
    command.add_argument("--samples", type=int, default=2000, help="10 to 5,000 (default: 2,000)")
    add_seed(command)
    out = "file to write: .json, .html or .png (default: report.html)"
    command.add_argument("--out", default="report.html", help=out)
