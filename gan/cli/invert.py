"""`python -m gan invert` and `encoder`: the latent of a picture, and the network that predicts it."""

import argparse
from pathlib import Path

import numpy as np

from gan.cli.arguments import add_command, add_seed
from gan.images.decode import FIT_MODES
from gan.models.registry import WEIGHTS_FILE


def invert(options: argparse.Namespace) -> None:
    """Find the z whose picture is nearest to one in a file; write both pictures, and z as JSON."""
    import time

    import torch

    from gan.common.files import check_output_file, write_bytes, write_json
    from gan.data.archives import read_file
    from gan.data.image_tensors import to_float
    from gan.images import encode
    from gan.images.inversion_target import inversion_target
    from gan.latent.encoder import read_encoder
    from gan.latent.inversion import features_for
    from gan.latent.inversion import invert as search
    from gan.models.render import render
    from gan.models.storage import find_generator, read_image_generator

    form, beside = encode.image_format(options.out), Path(options.out).with_suffix(".json")
    check_output_file(options.out)
    check_output_file(beside)
    folder = find_generator(options.model)
    generator = read_image_generator(folder)
    try:
        wanted = (generator.size, generator.channels, options.fit, options.background, options.light)
        pixels = inversion_target(read_file(options.picture), *wanted)
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
    write_bytes(options.out, encode.image_file(encode.grid(pair, columns=2), form, options.scale))
    write_json(beside, {"model": options.model, "mse": mse, "z": found.z[0].tolist()})
    print(f"mse {mse:.3g} in {seconds:.1f} s; given and found in {options.out}, z in {beside}")


def encoder(options: argparse.Namespace) -> None:
    """Train the encoder, which predicts z from a picture, and save it beside the model's weights."""
    import os

    from gan.common.files import digest, find_folder
    from gan.latent.encoder import NAME, fit_encoder, write_encoder
    from gan.models.registry import shipped
    from gan.models.storage import find_generator, read_image_generator
    from gan.training.device import choose_device

    if options.model not in shipped() and not find_folder(options.model):
        raise ValueError("An encoder lies beside a model's weights: name a folder that holds one.")
    folder = find_generator(options.model)
    if not os.access(folder, os.W_OK):
        raise ValueError(f"Nothing may be written into {folder}: copy the model elsewhere first.")
    # Of the weights as they are now: they may be others when the training has ended.
    weights, generator = digest(folder / WEIGHTS_FILE), read_image_generator(folder)
    encoder = fit_encoder(generator.to(choose_device()), options.steps, options.seed)
    write_encoder(folder, encoder, weights)
    print(f"in {folder / NAME}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        invert,
        "Find the latent whose picture is nearest to a given one.",
        "invert --model digits --picture seven.png --out found.png",
    )
    command.add_argument("--picture", required=True, help="the picture file to look for")
    crop, pad = FIT_MODES
    fit = f"a picture that is no square: {crop} its middle, or {pad} it (default: {crop})"
    command.add_argument("--fit", default=crop, help=fit)
    ground = "colour to pad with, and behind what is transparent (default: #000000)"
    command.add_argument("--background", default="#000000", help=ground)
    light = (
        "kept, swapped (dark and light), or paper: a digit on paper, made like MNIST's (default: kept)"
    )
    command.add_argument("--light", default="kept", help=light)
    command.add_argument("--steps", type=int, default=300, help="1 to 5,000 (default: 300)")
    starts = "places that the search begins at, 1 to 32 (default: 16)"
    command.add_argument("--starts", type=int, default=16, help=starts)
    add_seed(command)
    command.add_argument("--scale", type=int, default=4, help="draw each pixel this large (default: 4)")
    out = "picture to write, given beside found; z goes into a .json beside it (default: found.png)"
    command.add_argument("--out", default="found.png", help=out)

    command = add_command(
        subparsers,
        encoder,
        "Train the encoder, which predicts a picture's latent, so that searches begin nearer and end sooner.",
        "encoder --model runs/first --steps 5000",
    )
    command.add_argument("--steps", type=int, default=16000, help="of 64 pictures (default: 16000)")
    add_seed(command)
