"""The work of Find: someone's picture becomes the generator's square, then its z is looked for."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.images.inversion_target import EDGE_MODES, inversion_target
from gan.latent.breeding import rounded
from gan.latent.encoder import read_encoder
from gan.latent.inversion import features_for, invert
from gan.models.generator import Generator
from gan.models.lenet import LeNet, load_lenet
from gan.models.render import ReproducibleRenderer
from gan.models.storage import find_generator, read_image_generator

LOOKS = 60  # about as many states of a search are told


def search(
    content: bytes,
    source: str,
    roots: list[Path] | None,
    edges: str,
    light: str,
    steps: int,
    starts: int,
    seed: int,
) -> Iterator[dict]:
    """Look for the z of an encoded picture; yields the square at once, then each state of the search.

    `source` and `roots` name the generator (gan.models.storage.load_generator). `edges` says what becomes
    of a picture that is no square: one of EDGE_MODES, whose colour also stands behind transparent parts.
    `light` is one of gan.images.inversion_target.LIGHTS.

    The dicts hold {size, channels, given} and from the second on {step, steps, z, picture, mse, curve}
    as well: pictures as raw uint8 (size, size, channels) in base64, z rounded as links round it, mse of
    pixels in [0, 1], curve [[step, mse], …] so far; `steps` falls to `step` if the search ends early.
    For 32×32 grey `reads` holds {given, found}: [digit, probability] by our classifier. ValueError, a
    sentence, for a picture that is refused.
    """
    folder = find_generator(source, roots)
    generator = read_image_generator(folder)
    pixels = square(content, generator, edges, light)
    told = {"size": generator.size, "channels": generator.channels, "given": packed(pixels)}
    yield told
    target = to_float(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None])
    features = features_for(generator)
    lenet = load_lenet() if features else None
    every = max(1, steps // LOOKS)
    curve = []
    guess, renderer = read_encoder(folder, generator), ReproducibleRenderer(generator)
    for found in invert(generator, target, steps, starts, seed, every, features, guess):
        now = state(generator, renderer, target, found.z, lenet)
        curve = [*curve, [found.step, now["mse"]]]
        yield told | now | {"step": found.step, "steps": found.steps, "curve": curve}


def square(content: bytes, generator: Generator, edges: str, light: str) -> np.ndarray:
    """The picture in `content` as uint8 (size, size, channels) of `generator`."""
    try:
        return inversion_target(content, generator.size, generator.channels, *EDGE_MODES[edges], light)
    except ValueError as reason:
        raise ValueError(f"This picture cannot be used: it is {reason}.") from None


@torch.no_grad()
def state(
    generator: Generator, renderer: ReproducibleRenderer, target: Tensor, z: Tensor, lenet: LeNet | None
) -> dict:
    """What is told of z (1, z_dim), rounded: itself, its picture, its mse, what both are read as."""
    z = rounded(z)
    images = generator(z)
    told = {
        "z": z[0].tolist(),
        "picture": packed(renderer(z)[0]),
        "mse": (images - target).square().mean().item() / 4,
    }
    if lenet:
        told["reads"] = {"given": read(lenet, target), "found": read(lenet, images)}
    return told


def read(lenet: LeNet, images: Tensor) -> list:
    """[digit, probability] of one picture (1, 1, 32, 32)."""
    chance, digit = lenet(images).softmax(1)[0].max(0)
    return [digit.item(), round(chance.item(), 4)]


def packed(pixels: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels)).decode("ascii")
