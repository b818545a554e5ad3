"""What each command of `python -m gan` does, on arguments that argparse has already split."""

import argparse
import dataclasses
import itertools
import json
import shlex
import sys
from pathlib import Path

import numpy as np

from gan import checks
from gan.config import TrainConfig
from gan.methods import METHODS, groups
from gan.point_text import write_points
from gan.points import are_points


def train(options: argparse.Namespace) -> None:
    """Train, with a progress bar on stderr, and leave weights and pictures in --out."""
    from tqdm import tqdm

    from gan.files import write_bytes
    from gan.keeping import Kept
    from gan.training import train as snapshots

    config = chosen(options)
    kept = Kept(config, options.film)
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
    path = Path(options.out) / ("samples.csv" if are_points(config.data) else "samples.png")
    write_bytes(path, _file_of(snapshot.samples))
    kept.write(options.out)
    quality = snapshot.quality
    print(
        f"{snapshot.step} steps in {snapshot.seconds:.1f} s, {quality.metric} "
        f"{quality.distance:.4g} (floor {quality.floor:.4g}); weights and {path.name} in {path.parent}"
    )


def chosen(options: argparse.Namespace) -> TrainConfig:
    """The settings that the options of `train` ask for."""
    own = {field.name for field in dataclasses.fields(TrainConfig)} - {"changes"}
    return with_choices(options.set, **{name: getattr(options, name) for name in own})


def written(config: TrainConfig) -> str:
    """The command line that trains as a config says; `chosen` reads it back."""
    values = dataclasses.asdict(config)
    changes = values.pop("changes")
    parts = ["python", "-m", "gan", "train"]
    for name, value in values.items():
        # What is seldom chosen is said only where it is.
        seldom = name in ("fit", "background") and value == getattr(TrainConfig, name)
        if value is not None and not seldom:
            parts += [f"--{name.replace('_', '-')}", str(value)]
    for name, value in changes.items():
        parts += ["--set", f"{name}={str(value).lower()}"]
    return shlex.join(parts)


def with_choices(texts: list[str], **settings) -> TrainConfig:
    """A config of `settings` and of choices written "name=value", which win."""
    own = {field.name for field in dataclasses.fields(TrainConfig)} - {"changes"}
    changes = dict(parse_choice(text) for text in texts)
    for name in own & changes.keys():
        settings[name] = changes.pop(name)
    return TrainConfig(**settings, changes=changes)


def parse_choice(text: str) -> tuple[str, bool | float | str]:
    """ "name=value" -> the name, and the value as true, false, a number or text."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals):
        raise ValueError(f"--set takes name=value, such as spectral_norm=true, not {text[:40]!r}.")
    if value in ("true", "false"):
        return name, value == "true"
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _file_of(samples: np.ndarray) -> bytes:
    """Pictures as one PNG, points as CSV."""
    from gan import pictures

    if samples.ndim == 4:
        return pictures.png(pictures.grid(samples), scale=2)
    return write_points(samples).encode()


def sample(options: argparse.Namespace) -> None:
    """Draw the pictures of seeds into one grid."""
    from gan import pictures
    from gan.checkpoints import load_generator
    from gan.files import write_bytes
    from gan.latent import seed_latents, truncate
    from gan.rendering import render

    generator = load_generator(options.model)
    if options.z:
        z = latents_of(options.z, generator.z_dim)
    else:
        z = seed_latents(parse_seeds(options.seeds), generator.z_dim)
    images = render(generator, truncate(z, options.truncation))
    write_bytes(options.out, pictures.png(pictures.grid(images), options.scale))
    print(f"{len(z)} pictures in {options.out}")


def latents_of(keys: list[str], z_dim: int):
    """Keys, each a seed or a packed latent (gan.exact), as float32 (len(keys), z_dim)."""
    import torch

    from gan.exact import PREFIX, unpack
    from gan.latent import seed_latents

    rows = []
    for key in keys:
        if not key.startswith(PREFIX) and not (key.isdecimal() and len(key) <= 10):
            raise ValueError(
                f"A key is a seed such as 7, or a latent as the page writes it: {key[:40]!r}."
            )
        row = unpack(key) if key.startswith(PREFIX) else seed_latents([int(key)], z_dim)[0]
        if len(row) != z_dim:
            raise ValueError(f"This model's latents have {z_dim} numbers, not {len(row)}.")
        rows.append(torch.as_tensor(row))
    return torch.stack(rows)


def parse_seeds(text: str) -> list[int]:
    """ "0-63" or "1,5,9-12" -> the seeds, at most 4,096; ValueError for anything else."""
    from gan.config import MAX_SEED

    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        # No more digits than a seed has: Python refuses to read thousands of them.
        if not (first.isdecimal() and last.isdecimal() and len(first) <= 10 and len(last) <= 10):
            raise ValueError(f"seeds must look like 7 or 0-63 or 1,5,9-12, not {text[:40]!r}.")
        start = checks.integer("seed", int(first), 0, MAX_SEED)
        stop = checks.integer("seed", int(last), start, MAX_SEED)
        if len(seeds) + stop - start >= 4096:
            raise ValueError("At most 4,096 seeds go into one grid.")
        seeds.extend(range(start, stop + 1))
    return seeds


def interpolate(options: argparse.Namespace) -> None:
    """Write the walk through seeds or latents as an animation, GIF or MP4."""
    from gan.checkpoints import load_generator
    from gan.files import write_bytes
    from gan.films import film
    from gan.latent import truncate, walk
    from gan.rendering import render

    form = film_form(options.out)
    ends = [str(seed) for seed in (options.seed_from, options.seed_to) if seed is not None]
    if len(ends) not in (0, 2) or bool(ends) == bool(options.keys):
        raise ValueError("Give the ends with --from and --to, or all key pictures with --keys.")
    generator = load_generator(options.model)
    keys = truncate(latents_of(options.keys or ends, generator.z_dim), options.truncation)
    path = walk(keys, options.frames, options.mode, options.closed)
    write_bytes(options.out, film(render(generator, path), form, options.scale))
    print(f"{options.frames} frames in {options.out}")


def film_form(name: str) -> str:
    """mp4 if a file's name ends so, else gif."""
    return "mp4" if name.lower().endswith(".mp4") else "gif"


def invert(options: argparse.Namespace) -> None:
    """Find the z whose picture is nearest to one in a file; write both pictures, and z as JSON."""
    import time

    import torch

    from gan import pictures
    from gan.checkpoints import find_generator, generator_in
    from gan.data import to_float
    from gan.encoder import read_encoder
    from gan.files import write_bytes, write_json
    from gan.given import given_picture
    from gan.inversion import features_for
    from gan.inversion import invert as search
    from gan.own_files import read_file
    from gan.rendering import render

    beside = Path(options.out).with_suffix(".json")
    if beside == Path(options.out):
        raise ValueError("--out names a picture, such as found.png; z goes into a .json beside it.")
    folder = find_generator(options.model)
    generator = generator_in(folder)
    try:
        wanted = (generator.size, generator.channels, options.fit, options.background, options.light)
        pixels = given_picture(read_file(options.picture), *wanted)
    except ValueError as error:
        raise ValueError(f"--picture {options.picture}: {str(error).rstrip('.')}.") from error
    target = to_float(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None])
    guess, start = read_encoder(folder, generator), time.perf_counter()
    *_, found = search(
        generator,
        target,
        options.steps,
        options.starts,
        options.seed,
        features=features_for(generator),
        encoder=guess,
    )
    seconds, mse = time.perf_counter() - start, found.mse.item()
    pair = np.stack([pixels, render(generator, found.z)[0]])
    write_bytes(options.out, pictures.png(pictures.grid(pair, columns=2), options.scale))
    write_json(beside, {"model": options.model, "mse": mse, "z": found.z[0].tolist()})
    print(f"mse {mse:.3g} in {seconds:.1f} s; given and found in {options.out}, z in {beside}")


def encoder(options: argparse.Namespace) -> None:
    """Train what guesses z from a picture, and keep it beside the model's weights."""
    import os

    from gan.checkpoints import find_generator, generator_in
    from gan.encoder import NAME, fit_encoder, write_encoder
    from gan.files import digest, find_folder
    from gan.sources import shipped
    from gan.training import choose_device

    if options.model not in shipped() and not find_folder(options.model):
        raise ValueError("An encoder is kept beside a model's weights: name a folder that holds one.")
    folder = find_generator(options.model)
    if not os.access(folder, os.W_OK):
        raise ValueError(f"Nothing may be written into {folder}: copy the model elsewhere first.")
    # Of the weights as they are now: they may be others when the training has ended.
    weights, generator = digest(folder / "model.safetensors"), generator_in(folder)
    encoder = fit_encoder(generator.to(choose_device()), options.steps, options.seed)
    write_encoder(folder, encoder, weights)
    print(f"in {folder / NAME}")


def evaluate(options: argparse.Namespace) -> None:
    """Print the quality of a model as one JSON object."""
    from gan.checkpoints import load_generator
    from gan.evaluation import evaluate as measure

    generator = load_generator(options.model)
    result = measure(generator, options.data, options.samples)
    print(json.dumps({"model": options.model, "data": options.data, **result}))


def methods(options: argparse.Namespace) -> None:
    """Print the catalogue."""
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
