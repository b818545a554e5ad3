"""The command line, `python -m gan COMMAND`: all commands, each of which declares its own arguments."""

import argparse
import sys
import warnings

from gan.cli import (
    breed,
    critic,
    directions,
    dissect,
    drag,
    evaluate,
    export,
    invert,
    latent_map,
    methods,
    mix,
    report,
    sample,
    train,
)
from gan.settings.config import SettingsWarning

COMMANDS = (
    train,
    sample,
    breed,
    invert,
    directions,
    dissect,
    drag,
    critic,
    latent_map,
    mix,
    export,
    evaluate,
    report,
    methods,
)


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake is one line on stderr, like those that the commands find."""

    def error(self, message: str):
        self.exit(2, f"error: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one clear line when the input was wrong."""
    options = parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            options.run(options)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0


def _show_warning(message: Warning, category: type, *place: object, **more: object) -> None:
    """Our own warnings are one line for people, like the errors."""
    if category is SettingsWarning:
        print(f"note: {message}", file=sys.stderr)
    else:
        sys.stderr.write(warnings.formatwarning(message, category, *place[:2]))


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; `options.run(options)` runs the one that was named."""
    top = Parser(prog="python -m gan", description="GANscope without its page.")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add_arguments(subparsers)
    return top
