"""Python and a command line that reproduce what the page shows.

A key picture is a seed (int) or any latent, packed as text (gan.latent.text). No PyTorch.
"""

import json
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from gan.common import checks
from gan.latent.limits import MAX_FRAMES, MAX_KEYS, MAX_TRUNCATION, MODES
from gan.latent.text import unpack
from gan.settings.command_line import train_command
from gan.settings.config import MAX_SEED, TrainConfig


class Snippet(NamedTuple):
    """The same thing as Python code and as a command line."""

    python: str
    command: str


def picture(model: str, key: int | str, truncation: float = 1.0, scale: int = 8) -> Snippet:
    """The picture of one key, written to picture.png, enlarged `scale` times.

    Truncation applies to a seed; a packed latent is drawn as it is. ValueError for bad input.
    """
    _check(model, [key], scale)
    truncation = checks.number("truncation", truncation, 0, MAX_TRUNCATION)
    z = _latents([key], truncation)
    python = f"""{_imports([key], "png", *["truncate"] * (truncation != 1))}

generator = load_generator({_text(model)})
z = {z}
picture = render(generator, z)[0]  # uint8 (height, width, channels)
write_bytes("picture.png", png(picture, scale={scale}))
"""
    named = ["--seeds", key, "--truncation", f"{truncation:g}"] if _is_seed(key) else ["--z", key]
    return Snippet(python, _line("sample", model, *named, "--scale", scale, "--out", "picture.png"))


def walk(
    model: str,
    keys: Sequence[int | str],
    frames: int = 60,
    mode: str = "slerp",
    closed: bool = False,
    form: str = "gif",
    scale: int = 8,
) -> Snippet:
    """The interpolation through 2 to 64 keys, written to walk.gif or walk.mp4. ValueError for bad input."""
    _check(model, keys, scale)
    checks.integer("number of key pictures", len(keys), 2, MAX_KEYS)
    checks.choice("mode", mode, MODES)
    checks.choice("format", form, ("gif", "mp4"))
    checks.flag("closed", closed)
    frames = checks.integer("frames", frames, max(2, len(keys)), MAX_FRAMES)
    python = f"""{_imports(keys, "film", "walk")}

generator = load_generator({_text(model)})
z = walk({_latents(keys)}, {frames}, {mode!r}, closed={closed})
write_bytes("walk.{form}", film(render(generator, z), {form!r}, scale={scale}))
"""
    options = ["--frames", frames, "--mode", mode, *(["--closed"] if closed else [])]
    named = ["interpolate", model, "--keys", *keys, *options]
    return Snippet(python, _line(*named, "--scale", scale, "--out", f"walk.{form}"))


def training(config: TrainConfig) -> Snippet:
    """A training run with this config, its weights in runs/again."""
    defaults = TrainConfig().to_dict()
    changed = {name: value for name, value in config.to_dict().items() if value != defaults[name]}
    changed = {"data": config.data, "method": config.method} | changed
    settings = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    python = f"""from gan import TrainConfig, train

config = TrainConfig({settings})
for snapshot in train(config, out="runs/again"):
    print(snapshot.step, snapshot.d_loss, snapshot.g_loss, snapshot.quality)
"""
    return Snippet(python, f"{train_command(config)} --out runs/again")


def _check(model: str, keys: Sequence[int | str], scale: int) -> None:
    checks.text("model", model, max_length=500)
    checks.integer("scale", scale, 1, 32)
    for key in keys:
        if isinstance(key, str):
            unpack(key)
        else:
            checks.integer("seed", key, 0, MAX_SEED)


def _is_seed(key: int | str) -> bool:
    return not isinstance(key, str)


def _imports(keys: Sequence[int | str], *more: str) -> str:
    """The import lines: `more`, and what every picture and `_latents` need."""
    names = {"load_generator", "render", "write_bytes", *more}
    names |= {"seed_latents" if _is_seed(key) else "unpack_latent" for key in keys}
    if all(map(_is_seed, keys)):
        return f"from gan import {', '.join(sorted(names))}"
    # A latent that is not a seed's is put together with `torch.stack`.
    return f"import torch\nfrom gan import {', '.join(sorted(names - {'truncate'}))}"


def _latents(keys: Sequence[int | str], truncation: float = 1.0) -> str:
    """An expression for the latents of the keys, float32 (K, z_dim)."""
    if all(map(_is_seed, keys)):
        seeds = f"seed_latents({list(keys)}, generator.z_dim)"
        return seeds if truncation == 1 else f"truncate({seeds}, {truncation:g})"
    rows = [
        f"seed_latents([{key}], generator.z_dim)[0]"
        if _is_seed(key)
        else f"torch.from_numpy(unpack_latent({key!r}))"
        for key in keys
    ]
    return f"torch.stack([{', '.join(rows)}])"


def _line(command: str, model: str, *parts: object) -> str:
    return shlex.join(["python", "-m", "gan", command, "--model", model, *map(str, parts)])


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
