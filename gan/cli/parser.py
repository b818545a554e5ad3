"""The command line, `python -m gan COMMAND`: the arguments of each command."""

import argparse
import sys

from gan.cli import breed, directions, evaluate, export, invert, methods, report, sample, train
from gan.data.point_clouds import CLOUDS
from gan.settings.catalogue import METHODS
from gan.settings.config import MAX_SEED, TrainConfig
from gan.settings.method import FAMILIES


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake is told in one line, as those that the commands find."""

    def error(self, message: str):
        self.exit(2, f"error: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one clear line when the input was wrong."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="python -m gan", description="GANscope without its page.")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND")
    _train(subparsers)
    _sample(subparsers)
    _interpolate(subparsers)
    _breed(subparsers)
    _combine(subparsers)
    _invert(subparsers)
    _encoder(subparsers)
    _directions(subparsers)
    _export(subparsers)
    _push(subparsers)
    _evaluate(subparsers)
    _report(subparsers)
    _methods(subparsers)
    return top


def _command(subparsers, run, summary: str, example: str) -> argparse.ArgumentParser:
    command = subparsers.add_parser(
        run.__name__,
        help=summary,
        description=summary,
        epilog=f"example:\n  python -m gan {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _train(subparsers) -> None:
    command = _command(
        subparsers,
        train.train,
        "Train a new generator.",
        "train --data faces --method quick --seconds 60 --seed 0 --out runs/first",
    )
    data = (
        "faces, shapes, glyphs, mnist, cifar10, a folder or zip of pictures, or a Hub id (default: "
        "faces); or points: " + ", ".join(CLOUDS) + ', or a CSV file with one "x, y" a line'
    )
    command.add_argument("--data", default=TrainConfig.data, help=data)
    methods = f"one of {', '.join(METHODS)} (default: quick)"
    command.add_argument("--method", default=TrainConfig.method, help=methods)
    command.add_argument("--seconds", type=float, help="budget in seconds (default: 60)")
    command.add_argument("--steps", type=int, help="budget in generator updates, instead of seconds")
    command.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED:,} (default: 0)")
    command.add_argument("--out", default="runs/latest", help="folder (default: runs/latest)")
    command.add_argument("--resume", action="store_true", help="go on with the run in --out")
    command.add_argument(
        "--save-every", type=int, help="checkpoint every so many steps, at first sooner"
    )
    command.add_argument("--size", type=int, help="side of the pictures: 32 or 64")
    command.add_argument("--channels", type=int, help="1 (grey) or 3 (colour)")
    command.add_argument("--limit", type=int, help="use the first so many pictures")
    fit = "how pictures become square: crop (their middle) or pad (all of it); default: crop"
    command.add_argument("--fit", default=TrainConfig.fit, help=fit)
    background = "colour beside padded and behind transparent pictures (default: #ffffff)"
    white = TrainConfig.background
    command.add_argument("--background", default=white, metavar="#RRGGBB", help=background)
    command.add_argument("--model", help=f"network family: {', '.join(FAMILIES)}")
    command.add_argument("--width", type=int, help="channels of G (and D) beside the picture")
    command.add_argument("--d-width", type=int, help="channels of D, where it has its own number")
    command.add_argument("--z-dim", type=int, help="length of the latent vector")
    command.add_argument("--batch", type=int, help="pictures in one update")
    command.add_argument("--n-critic", type=int, help="D updates for one G update")
    command.add_argument("--g-lr", type=float, help="learning rate of the generator")
    command.add_argument("--d-lr", type=float, help="learning rate of the discriminator")
    command.add_argument("--ema-images", type=int, help="half-life of the average, in images")
    film = "also write the run's pictures as a film, to a .gif or .mp4"
    command.add_argument("--film", metavar="FILE", help=film)
    precision = "float32, bfloat16, or fastest: bfloat16 where it is in hardware"
    command.add_argument("--precision", help=precision)
    change = "choose one thing otherwise than the method does, as spectral_norm=true; may be repeated"
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=change)


def _add_model(command: argparse.ArgumentParser) -> None:
    model = "a shipped name (digits, faces, photos), a folder, or a Hub id"
    command.add_argument("--model", required=True, help=model)


def _add_pictures(command: argparse.ArgumentParser, out: str) -> None:
    truncation = "0 to 2: below 1 more typical, above 1 more varied (default: 1)"
    command.add_argument("--truncation", type=float, default=1.0, help=truncation)
    scale = "draw each pixel this large (default: 2)"
    command.add_argument("--scale", type=int, default=2, help=scale)
    command.add_argument("--out", default=out, help=f"file to write (default: {out})")


def _sample(subparsers) -> None:
    command = _command(
        subparsers,
        sample.sample,
        "Draw the pictures of some seeds into one grid.",
        "sample --model digits --seeds 0-63 --truncation 1.0 --out grid.png",
    )
    _add_model(command)
    command.add_argument("--seeds", default="0-63", help="as 7, 0-63 or 1,5,9-12 (default: 0-63)")
    latents = "in place of seeds: latents as the page's command lines hold them"
    command.add_argument("--z", nargs="+", metavar="z:TEXT", help=latents)
    _add_pictures(command, "grid.png")


def _interpolate(subparsers) -> None:
    command = _command(
        subparsers,
        sample.interpolate,
        "Walk from the picture of one seed to that of another, or through several.",
        "interpolate --model faces --from 1 --to 2 --frames 30 --mode slerp --out walk.gif",
    )
    _add_model(command)
    command.add_argument("--from", dest="seed_from", type=int, help="first seed")
    command.add_argument("--to", dest="seed_to", type=int, help="last seed")
    keys = "in place of --from and --to: two or more seeds, or latents as the page writes them"
    command.add_argument("--keys", nargs="+", metavar="KEY", help=keys)
    command.add_argument("--frames", type=int, default=30, help="2 to 600 (default: 30)")
    command.add_argument("--mode", default="slerp", help="slerp or lerp (default: slerp)")
    command.add_argument("--closed", action="store_true", help="return to the first picture")
    _add_pictures(command, "walk.gif")


def _breed(subparsers) -> None:
    command = _command(
        subparsers,
        breed.breed,
        "Draw the children of a picture, or of two, into one grid.",
        "breed --model faces --seed 42 --difference 0.5 --children 16 --out children.png",
    )
    _add_model(command)
    command.add_argument("--seed", type=int, help="the parent's seed")
    command.add_argument("--other", type=int, help="a second parent's seed: the children are mixtures")
    command.add_argument("--recipe", help="or a recipe from the page, such as 42.c0d35s1i7.c1d35s2")
    _add_litter(command, 0.4, "children.png")


def _combine(subparsers) -> None:
    command = _command(
        subparsers,
        breed.combine,
        "Add what some pictures have and others lack to one: plus - minus + onto, each averaged.",
        "combine --model faces --plus 29,57,83,105 --minus 2,13,62,67 --onto 44 --out sum.png",
    )
    _add_model(command)
    for name, what in (
        ("plus", "have it"), ("minus", "lack it"), ("onto", "are to get it"),
    ):  # fmt: skip
        command.add_argument(f"--{name}", required=True, help=f"seeds of pictures that {what}, as 3,14")
    _add_litter(command, 0.1, "sum.png")


def _add_litter(command: argparse.ArgumentParser, difference: float, out: str) -> None:
    between = f"0 (twins) to 1 (strangers), in hundredths (default: {difference:g})"
    command.add_argument("--difference", type=float, default=difference, help=between)
    command.add_argument("--children", type=int, default=16, help="1 to 64 (default: 16)")
    command.add_argument("--litter", type=int, default=0, help="another number, others (default: 0)")
    command.add_argument("--scale", type=int, default=2, help="draw each pixel this large (default: 2)")
    command.add_argument("--out", default=out, help=f"file to write (default: {out})")


def _invert(subparsers) -> None:
    command = _command(
        subparsers,
        invert.invert,
        "Find the latent whose picture is nearest to a given one.",
        "invert --model digits --picture seven.png --out found.png",
    )
    _add_model(command)
    command.add_argument("--picture", required=True, help="the picture file to look for")
    fit = "a picture that is no square: crop its middle, or pad it (default: crop)"
    command.add_argument("--fit", default="crop", help=fit)
    ground = "colour to pad with, and behind what is transparent (default: #000000)"
    command.add_argument("--background", default="#000000", help=ground)
    light = (
        "kept, swapped (dark and light), or paper: a digit on paper, made like MNIST's (default: kept)"
    )
    command.add_argument("--light", default="kept", help=light)
    command.add_argument("--steps", type=int, default=300, help="1 to 5,000 (default: 300)")
    starts = "places that the search begins at, 1 to 32 (default: 16)"
    command.add_argument("--starts", type=int, default=16, help=starts)
    command.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED:,} (default: 0)")
    command.add_argument("--scale", type=int, default=4, help="draw each pixel this large (default: 4)")
    out = "picture to write, given beside found; z goes into a .json beside it (default: found.png)"
    command.add_argument("--out", default="found.png", help=out)


def _encoder(subparsers) -> None:
    command = _command(
        subparsers,
        invert.encoder,
        "Train what guesses a picture's latent, so that searches begin nearer and end sooner.",
        "encoder --model runs/first --steps 5000",
    )
    _add_model(command)
    command.add_argument("--steps", type=int, default=16000, help="of 64 pictures (default: 16000)")
    command.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED:,} (default: 0)")


def _directions(subparsers) -> None:
    command = _command(
        subparsers,
        directions.directions,
        "Find the directions of a model that have names, and keep them for the page.",
        "directions --model runs/first --out runs/first/directions.json",
    )
    _add_model(command)
    data = "what it was trained on, which says what there is to name (default: as its train.json says)"
    command.add_argument("--data", help=data)
    samples = "places that are looked at, 8 to 4,096: more are steadier and take longer (default: 128)"
    command.add_argument("--samples", type=int, default=128, help=samples)
    command.add_argument("--out", help="file to write (default: directions.json beside the weights)")


def _export(subparsers) -> None:
    command = _command(
        subparsers,
        export.export,
        "Write a model to take away: a folder ready for the Hub, a zip, ONNX, or its card.",
        "export --model runs/first --format onnx --out first.onnx",
    )
    _add_model(command)
    forms = f"{', '.join(export.FORMATS)} (default: folder)"
    command.add_argument("--format", default="folder", help=forms)
    command.add_argument("--out", help="folder or file to write (default: named after the model)")


def _push(subparsers) -> None:
    command = _command(
        subparsers,
        export.push,
        "Put a model on the Hugging Face Hub. The token comes from HF_TOKEN, or is asked for.",
        "push --model runs/first --to name/model",
    )
    _add_model(command)
    command.add_argument("--to", required=True, help="where to: owner/model")
    command.add_argument("--public", action="store_true", help="for everyone to see (default: private)")


def _evaluate(subparsers) -> None:
    command = _command(
        subparsers,
        evaluate.evaluate,
        "Measure a generator against real pictures; one JSON object on stdout.",
        "evaluate --model digits --data mnist --samples 10000",
    )
    _add_model(command)
    command.add_argument("--data", required=True, help="what it was trained on")
    command.add_argument("--samples", type=int, default=10_000, help="2 to 50,000 (default: 10,000)")


def _report(subparsers) -> None:
    command = _command(
        subparsers,
        report.report,
        "Judge a generator: a report card with a verdict in words.",
        "report --model digits --data mnist --out report.html",
    )
    _add_model(command)
    command.add_argument("--data", help="what to judge it by (default: what it was trained on)")
    command.add_argument("--samples", type=int, default=2000, help="10 to 5,000 (default: 2,000)")
    command.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED:,} (default: 0)")
    out = "file to write: .json, .html or .png (default: report.html)"
    command.add_argument("--out", default="report.html", help=out)


def _methods(subparsers) -> None:
    command = _command(subparsers, methods.methods, "List the training methods.", "methods --json")
    command.add_argument("--json", action="store_true", help="as JSON")
