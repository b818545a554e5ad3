"""`python -m gan methods`: the catalogue."""

import argparse
import dataclasses
import json

from gan.cli.arguments import add_command
from gan.settings.catalogue import METHODS, groups


def methods(options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps([dataclasses.asdict(method) for method in METHODS.values()], indent=2))
        return
    for group, members in groups().items():
        print(f"{group}\n")
        for method in members:
            print(f"  {method.name:24} {method.summary}")
            print(f"  {'':24} cures: {method.cures}")
            print(f"  {'':24} risks: {method.risks}")
            print(f"  {'':24} {method.paper}\n")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers, methods, "List the training methods.", "methods --json", model=False
    )
    command.add_argument("--json", action="store_true", help="as JSON")
