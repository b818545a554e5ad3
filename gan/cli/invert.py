"""`python -m gan invert` and `encoder`: the latent of a picture, and the network that guesses it."""

import argparse
from pathlib import Path

import numpy as np


def invert(options: argparse.Namespace) -> None:
    """Find the z whose picture is nearest to one in a file; write both pictures, and z as JSON."""
    import time

    import torch

    from gan.common.files import write_bytes, write_json
    from gan.data.archives import read_file
    from gan.data.image_tensors import to_float
    from gan.images import encode
    from gan.images.inversion_target import inversion_target
    from gan.latent.encoder import read_encoder
    from gan.latent.inversion import features_for
    from gan.latent.inversion import invert as search
    from gan.models.render import render
    from gan.models.storage import find_generator, read_image_generator

    beside = Path(options.out).with_suffix(".json")
    if beside == Path(options.out):
        raise ValueError("--out names a picture, such as found.png; z goes into a .json beside it.")
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
    write_bytes(options.out, encode.png(encode.grid(pair, columns=2), options.scale))
    write_json(beside, {"model": options.model, "mse": mse, "z": found.z[0].tolist()})
    print(f"mse {mse:.3g} in {seconds:.1f} s; given and found in {options.out}, z in {beside}")


def encoder(options: argparse.Namespace) -> None:
    """Train what guesses z from a picture, and keep it beside the model's weights."""
    import os

    from gan.common.files import digest, find_folder
    from gan.latent.encoder import NAME, fit_encoder, write_encoder
    from gan.models.registry import shipped
    from gan.models.storage import find_generator, read_image_generator
    from gan.training.device import choose_device

    if options.model not in shipped() and not find_folder(options.model):
        raise ValueError("An encoder is kept beside a model's weights: name a folder that holds one.")
    folder = find_generator(options.model)
    if not os.access(folder, os.W_OK):
        raise ValueError(f"Nothing may be written into {folder}: copy the model elsewhere first.")
    # Of the weights as they are now: they may be others when the training has ended.
    weights, generator = digest(folder / "model.safetensors"), read_image_generator(folder)
    encoder = fit_encoder(generator.to(choose_device()), options.steps, options.seed)
    write_encoder(folder, encoder, weights)
    print(f"in {folder / NAME}")
