"""The job of the Find tab, GAN inversion: search for the latent whose picture is nearest to a given one."""

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
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.lenet import LeNet, load_lenet
from gan.models.render import ReproducibleRenderer
from gan.models.storage import find_generator, read_image_generator

MAX_STATES = 60  # about so many states of a search are sent


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
    """Search for the z of an encoded picture; yields the target at once, then states of the search.

    `source` and `roots` name the generator (gan.models.storage.load_generator). `edges` says how to
    make a picture square: one of EDGE_MODES, whose colour is also the background of transparent pixels.
    `light` is one of gan.images.inversion_target.LIGHTS.

    The dicts hold {size, channels, given, random} and from the second on {step, steps, z, picture, mse,
    curve} as well: pictures as raw uint8 (size, size, channels) in base64, z rounded as in links, mse of
    pixels in [0, 1], curve [[step, mse], …] so far; `steps` falls to `step` if the search ends early.
    `random` is {z, picture, mse} of the latent of `seed`, which is no start of the search: it shows what
    the search, whose starts are good guesses, gains. For 32×32 grey `reads` holds {given, found}:
    [digit, probability] by the LeNet, in `random` too. ValueError for a picture that is refused.
    """
    folder = find_generator(source, roots)
    generator = read_image_generator(folder)
    pixels = read_target(content, generator, edges, light)
    target = to_float(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None])
    features = features_for(generator)
    lenet = load_lenet() if features else None
    encoder, renderer = read_encoder(folder, generator), ReproducibleRenderer(generator)
    random = seed_latents([seed], generator.z_dim)
    target_facts = {
        "size": generator.size,
        "channels": generator.channels,
        "given": to_base64(pixels),
        "random": describe_state(generator, renderer, target, random, lenet),
    }
    yield target_facts
    every = max(1, steps // MAX_STATES)
    curve = []
    for found in invert(generator, target, steps, starts, seed, every, features, encoder):
        now = describe_state(generator, renderer, target, found.z, lenet)
        curve = [*curve, [found.step, now["mse"]]]
        yield target_facts | now | {"step": found.step, "steps": found.steps, "curve": curve}


def read_target(content: bytes, generator: Generator, edges: str, light: str) -> np.ndarray:
    """Decode a picture as the inversion target: uint8 (size, size, channels) of `generator`."""
    try:
        return inversion_target(content, generator.size, generator.channels, *EDGE_MODES[edges], light)
    except ValueError as reason:
        raise ValueError(f"This picture cannot be used: it is {reason}.") from None


@torch.no_grad()
def describe_state(
    generator: Generator, renderer: ReproducibleRenderer, target: Tensor, z: Tensor, lenet: LeNet | None
) -> dict:
    """One state of the search, for z (1, z_dim) after rounding: z, picture, mse, and the digits read."""
    z = rounded(z)
    images = generator(z)
    facts = {
        "z": z[0].tolist(),
        "picture": to_base64(renderer(z)[0]),
        "mse": (images - target).square().mean().item() / 4,
    }
    if lenet:
        facts["reads"] = {
            "given": classify_digit(lenet, target),
            "found": classify_digit(lenet, images),
        }
    return facts


def classify_digit(lenet: LeNet, images: Tensor) -> list:
    """[digit, probability] of one image, float (1, 1, 32, 32) in [-1, 1]."""
    chance, digit = lenet(images).softmax(1)[0].max(0)
    return [digit.item(), round(chance.item(), 4)]


def to_base64(pixels: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels)).decode("ascii")
