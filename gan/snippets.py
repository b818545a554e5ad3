"""What is on the page, as a few lines of Python and as a command line that make it again.

A key picture is a seed (int) or any latent, packed as text (gan.exact). No PyTorch.
"""

import json
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from gan import checks
from gan.commands import written
from gan.config import MAX_SEED, TrainConfig
from gan.exact import unpack

# As in gan.latent, which imports PyTorch.
MODES = ("slerp", "lerp")
MAX_KEYS = 64


class Again(NamedTuple):
    """The same thing twice."""

    python: str
    command: str


def picture(model: str, key: int | str, truncation: float = 1.0, scale: int = 8) -> Again:
    """The picture of one key, written to picture.png, each pixel drawn `scale` times as large.

    Truncation is that of a seed; a packed latent is drawn as it is.
    """
    _check(model, [key], scale)
    truncation = checks.number("truncation", truncation, 0, 2)
    z = _latents([key], truncation)
    python = f"""{_imports([key], truncation, pictures="png")}

generator = load_generator({_text(model)})
z = {z}
picture = render(generator, z)[0]  # uint8 (height, width, channels)
write_bytes("picture.png", png(picture, scale={scale}))
"""
    named = ["--seeds", key, "--truncation", f"{truncation:g}"] if _is_seed(key) else ["--z", key]
    return Again(python, _line("sample", model, *named, "--scale", scale, "--out", "picture.png"))


def walk(
    model: str,
    keys: Sequence[int | str],
    frames: int = 60,
    mode: str = "slerp",
    closed: bool = False,
    form: str = "gif",
    scale: int = 8,
) -> Again:
    """The walk through two or more keys, written to walk.gif or walk.mp4."""
    _check(model, keys, scale)
    checks.integer("number of key pictures", len(keys), 2, MAX_KEYS)
    checks.choice("mode", mode, MODES)
    checks.choice("format", form, ("gif", "mp4"))
    checks.flag("closed", closed)
    frames = checks.integer("frames", frames, max(2, len(keys)), 600)
    python = f"""{_imports(keys, films="film", latent="walk")}

generator = load_generator({_text(model)})
z = walk({_latents(keys)}, {frames}, {mode!r}, closed={closed})
write_bytes("walk.{form}", film(render(generator, z), {form!r}, scale={scale}))
"""
    options = ["--frames", frames, "--mode", mode, *(["--closed"] if closed else [])]
    named = ["interpolate", model, "--keys", *keys, *options]
    return Again(python, _line(*named, "--scale", scale, "--out", f"walk.{form}"))


def training(config: TrainConfig) -> Again:
    """A run with these settings, its weights in runs/again."""
    defaults = TrainConfig().to_dict()
    told = {name: value for name, value in config.to_dict().items() if value != defaults[name]}
    told = {"data": config.data, "method": config.method} | told
    settings = ", ".join(f"{name}={value!r}" for name, value in told.items())
    python = f"""from gan.config import TrainConfig
from gan.training import train

config = TrainConfig({settings})
for snapshot in train(config, out="runs/again"):
    print(snapshot.step, snapshot.d_loss, snapshot.g_loss, snapshot.quality)
"""
    return Again(python, f"{written(config)} --out runs/again")


def _check(model: str, keys: Sequence[int | str], scale: int) -> None:
    checks.text("model", model, longest=500)
    checks.integer("scale", scale, 1, 32)
    for key in keys:
        if isinstance(key, str):
            unpack(key)
        else:
            checks.integer("seed", key, 0, MAX_SEED)


def _is_seed(key: int | str) -> bool:
    return not isinstance(key, str)


def _imports(keys: Sequence[int | str], truncation: float = 1.0, **more: str) -> str:
    """What is used: `more` maps modules to a name in each, beside what `_latents` needs."""
    names = {"checkpoints": ["load_generator"], "files": ["write_bytes"], "rendering": ["render"]}
    for module, name in more.items():
        names.setdefault(module, []).append(name)
    seeded = [_is_seed(key) for key in keys]
    if any(seeded):
        names["latent"] = ["seed_latents", *["truncate"] * (truncation != 1), *names.get("latent", [])]
    if not all(seeded):
        names["exact"] = ["unpack"]
    lines = [f"from gan.{module} import {', '.join(names[module])}" for module in sorted(names)]
    # Only a latent that is not a seed's is put together with `torch.stack`.
    return "\n".join(lines if all(seeded) else ["import torch", *lines])


def _latents(keys: Sequence[int | str], truncation: float = 1.0) -> str:
    """An expression for the latents of the keys, float32 (K, z_dim)."""
    if all(map(_is_seed, keys)):
        seeds = f"seed_latents({list(keys)}, generator.z_dim)"
        return seeds if truncation == 1 else f"truncate({seeds}, {truncation:g})"
    rows = [
        f"seed_latents([{key}], generator.z_dim)[0]"
        if _is_seed(key)
        else f"torch.from_numpy(unpack({key!r}))"
        for key in keys
    ]
    return f"torch.stack([{', '.join(rows)}])"


def _line(command: str, model: str, *parts: object) -> str:
    return shlex.join(["python", "-m", "gan", command, "--model", model, *map(str, parts)])


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
