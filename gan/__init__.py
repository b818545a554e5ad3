"""The science of GANscope: models, losses, training, latent tools, metrics.

    from gan import TrainConfig, load_generator, seed_latents, train

What is listed in `__all__` is the public API; each name is imported when it is first used, so importing
`gan` is cheap. Images inside are float32 NCHW in [-1, 1]; at the border (snapshots, files, the page) uint8
NHWC. This package never imports Gradio.
"""

import importlib
import os
from collections.abc import Callable

# Both are read by the libraries below PyTorch, the first when PyTorch is imported, the second at the
# first matrix product; what the user has set stays.
# Threads that wait for each other spin a little, then sleep: spinning on, as is GNU OpenMP's default,
# they take the cores that other programs need, and a step beside one may take a hundred times as long.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
# The order of a sum does not depend on where in memory its terms happen to lie, so that the same
# computation gives the same digits each time. It costs nothing that can be measured.
os.environ.setdefault("MKL_CBWR", "AUTO")

# Name -> the module that has it, under the same name or the one after the colon.
_PUBLIC = {
    "TrainConfig": "gan.settings.config",
    "film": "gan.images.video",
    "keep_class": "gan.latent.classes",
    "load_generator": "gan.models.storage",
    "move": "gan.latent.moves",
    "png": "gan.images.encode",
    "render": "gan.models.render",
    "seed_latents": "gan.latent.vectors",
    "to_uint8": "gan.data.image_tensors",
    "train": "gan.training.loop",
    "truncate": "gan.latent.vectors",
    "unpack_latent": "gan.latent.text:unpack",
    "walk": "gan.latent.vectors",
    "with_class": "gan.latent.classes",
    "write_bytes": "gan.common.files",
}
__all__ = list(_PUBLIC)


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'gan' has no attribute {name!r}")
    module, _, original = _PUBLIC[name].partition(":")
    return getattr(importlib.import_module(module), original or name)


def _old_names(package: str, *names: str) -> Callable[[str], object]:
    """`__getattr__` of a package that was a module until 0.1: its `names` are those of `gan` now."""

    def lookup(name: str) -> object:
        if name in names:
            return __getattr__(name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return lookup
