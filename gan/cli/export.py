"""`python -m gan export` and `push`: a model as files, or on the Hugging Face Hub."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from gan.cli.arguments import add_command
from gan.models.registry import DISCRIMINATOR_FILE

FORMATS = ("folder", "zip", "onnx", "card")


def export(options: argparse.Namespace) -> None:
    """Write a model as a folder for the Hub, a zip of it, ONNX, or its card alone."""
    from gan.common import checks
    from gan.common.files import check_output_file, check_output_folder, write_bytes
    from gan.export import package
    from gan.models.storage import find_generator, load_generator

    form = checks.choice("format", options.format, FORMATS)
    if options.discriminator and form not in ("folder", "zip"):
        raise ValueError(f"--discriminator goes into a folder or a zip, not {form}.")
    generator = load_generator(options.model)  # so that no damaged file is exported
    folder = find_generator(options.model)
    name = folder.resolve().name
    named = {"folder": f"{name}-export", "card": "README.md"}.get(form, f"{name}.{form}")
    out = Path(options.out or named)
    (check_output_folder if form == "folder" else check_output_file)(out)
    if form == "onnx":
        write_bytes(out, package.onnx(generator))
    elif form == "card":
        write_bytes(out, package.card_of(folder).encode())
    else:
        files = package.model_files(folder)
        if options.discriminator:
            from gan.training.discriminator_file import discriminator_file

            files[DISCRIMINATOR_FILE] = discriminator_file(folder)
        if form == "folder":
            package.write_folder(out, files)
        else:
            write_bytes(out, package.zipped(files, out.stem))
    print(f"{options.model} as {form} in {out}")


def push(options: argparse.Namespace) -> None:
    from gan.export import hub, package
    from gan.models.storage import find_generator, load_generator

    repo = hub.check_repo(options.to)
    load_generator(options.model)
    files = package.model_files(find_generator(options.model), repo)
    print(hub.push(files, repo, _token(), not options.public))


def _token() -> str:
    """From HF_TOKEN, else typed unseen: as an argument it would stay in the shell's history."""
    if token := os.environ.get("HF_TOKEN"):
        return token
    if not sys.stdin.isatty():
        raise ValueError(
            "Set HF_TOKEN to a token that may write, or start this in a terminal to type it."
        )
    return getpass.getpass("Token of the Hub, with the right to write (it is not shown): ")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        export,
        "Write a model to take away: a folder ready for the Hub, a zip, ONNX, or its card.",
        "export --model runs/first --format onnx --out first.onnx",
    )
    forms = f"{', '.join(FORMATS)} (default: folder)"
    command.add_argument("--format", default="folder", help=forms)
    command.add_argument("--out", help="folder or file to write (default: named after the model)")

    with_d = "of a run: with its discriminator, so that others may fine-tune it (train --start-from)"
    command.add_argument("--discriminator", action="store_true", help=with_d)

    command = add_command(
        subparsers,
        push,
        "Put a model on the Hugging Face Hub. The token comes from HF_TOKEN, or is asked for.",
        "push --model runs/first --to name/model",
    )
    command.add_argument("--to", required=True, help="where to: owner/model")
    command.add_argument("--public", action="store_true", help="for everyone to see (default: private)")
