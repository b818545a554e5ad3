"""Python and a command line that reproduce what the page shows, and what they need to run.

A key picture is a seed (int) or any latent, packed as text (gan.latent.text). No PyTorch.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gan.common import checks
from gan.export import needs
from gan.latent.limits import MAX_FRAMES, MAX_KEYS, MAX_TRUNCATION, MODES, REACH, SET_KEYS
from gan.latent.text import MAX_ABS, MAX_NUMBERS, unpack
from gan.models.class_names import MAX_LENGTH
from gan.settings.command_line import train_command
from gan.settings.config import MAX_SEED, TrainConfig


class Snippet(NamedTuple):
    """The same thing as Python code and as a command line; `needs` says in words what both need to run."""

    python: str
    command: str
    needs: str = needs.PACKAGE


PACKED = "# No seed has this latent (it was bred, found or kept with moved sliders): its numbers as base64, z:…"


def picture(
    model: str,
    key: int | str,
    truncation: float = 1.0,
    scale: int = 8,
    moves: Mapping[str, Mapping[str, float]] | None = None,
    numbers: Mapping[int | str, float] | None = None,
    need: str = "",
    class_name: str = "",
) -> Snippet:
    """The picture of one key, written to picture.png, enlarged `scale` times.

    The class, truncation and then moves apply to a seed; a packed latent is drawn as it is. `moves` has amounts from
    -3 to 3 by set and name of a direction, `numbers` values of single numbers of z by index. `class_name` is the name
    or index of a class, "" for that which z has. `need` says what `model` needs to be found, if anything. ValueError
    for bad input.
    """
    _check(model, [key], scale)
    truncation = checks.number("truncation", truncation, 0, MAX_TRUNCATION)
    moves, numbers = _read_moves(moves or {}), _read_numbers(numbers or {})
    class_name = _check_class(class_name)
    if not _is_seed(key) and (moves or numbers or truncation != 1 or class_name):
        raise ValueError("Class, truncation and moves belong to a seed: a latent is drawn as it is.")
    moved, changed = bool(moves or numbers), bool(moves or numbers or truncation != 1)
    more = ["png", *["truncate"] * (truncation != 1), *["move"] * moved]
    lines = [f"z = {_latents([key], truncation, class_name)}"]
    if moved:
        lines.append(f"z = move({_text(model)}, z, {_move_arguments(moves, numbers)})")
    if class_name:
        more += ["with_class", *["keep_class"] * changed]
        lines.insert(0, _class_line(class_name))
        lines += ["z = keep_class(z, generator.classes, chosen)"] * changed
    python = f"""{needs.as_comments(need)}{_imports([key], *more)}

generator = load_generator({_text(model)})
{_comment([key])}{chr(10).join(lines)}
picture = render(generator, z)[0]  # uint8 (height, width, channels)
write_bytes("picture.png", png(picture, scale={scale}))
"""
    named = ["--seeds", key, "--truncation", repr(truncation)] if _is_seed(key) else ["--z", key]
    named += [*_move_options(moves, numbers), *_class_options(class_name)]
    line = _line("sample", model, *named, "--scale", scale, "--out", "picture.png")
    return Snippet(python, line, needs.in_words(need))


def walk(
    model: str,
    keys: Sequence[int | str],
    frames: int = 60,
    mode: str = "slerp",
    closed: bool = False,
    form: str = "gif",
    scale: int = 8,
    need: str = "",
    class_name: str = "",
) -> Snippet:
    """The interpolation through 2 to 64 keys, written to walk.gif or walk.mp4. ValueError for bad input.

    With `class_name`, the name or index of a class, all keys are brought into it, and the walk stays there.
    """
    _check(model, keys, scale)
    class_name = _check_class(class_name)
    checks.integer("number of key pictures", len(keys), 2, MAX_KEYS)
    checks.choice("mode", mode, MODES)
    checks.choice("format", form, ("gif", "mp4"))
    checks.flag("closed", closed)
    frames = checks.integer("frames", frames, max(2, len(keys)), MAX_FRAMES)
    more = ["film", "walk", *["with_class"] * bool(class_name)]
    chosen = f"{_class_line(class_name)}\n" if class_name else ""
    python = f"""{needs.as_comments(need)}{_imports(keys, *more)}

generator = load_generator({_text(model)})
{_comment(keys)}{chosen}z = walk({_latents(keys, class_name=class_name)}, {frames}, {mode!r}, closed={closed})
write_bytes("walk.{form}", film(render(generator, z), {form!r}, scale={scale}))
"""
    options = ["--frames", frames, "--mode", mode, *(["--closed"] if closed else [])]
    named = ["interpolate", model, "--keys", *keys, *options, *_class_options(class_name)]
    line = _line(*named, "--scale", scale, "--out", f"walk.{form}")
    return Snippet(python, line, needs.in_words(need))


def training(config: TrainConfig) -> Snippet:
    """A training run with this config, its weights in runs/again. The name of its data is that of no local path."""
    defaults = TrainConfig().to_dict()
    changed = {name: value for name, value in config.to_dict().items() if value != defaults[name]}
    changed = {"data": config.data, "method": config.method} | changed
    settings = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    need = needs.training_needs(config)
    python = f"""{needs.as_comments(*need)}from gan import TrainConfig, train

config = TrainConfig({settings})
for snapshot in train(config, out="runs/again"):
    print(snapshot.step, snapshot.d_loss, snapshot.g_loss, snapshot.quality)
"""
    return Snippet(python, f"{train_command(config)} --out runs/again", needs.in_words(*need))


def report(model: str, data: str, samples: int, seed: int = 0, need: str = "") -> Snippet:
    """The report card of a model judged by `data`, as a command; its Python part is empty. ValueError for bad input."""
    checks.text("model", model, max_length=500)
    checks.text("data", data, max_length=500)
    checks.integer("samples", samples, 1, MAX_SEED)
    checks.integer("seed", seed, 0, MAX_SEED)
    options = ["--data", data, "--samples", samples, "--seed", seed, "--out", "report.html"]
    return Snippet("", _line("report", model, *options), needs.in_words(need, needs.data_needed(data)))


def _check(model: str, keys: Sequence[int | str], scale: int) -> None:
    checks.text("model", model, max_length=500)
    checks.integer("scale", scale, 1, 32)
    for key in keys:
        if isinstance(key, str):
            unpack(key)
        else:
            checks.integer("seed", key, 0, MAX_SEED)


def _read_moves(moves: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """`moves` in the order of sets, without those by 0."""
    if not isinstance(moves, Mapping) or not all(isinstance(each, Mapping) for each in moves.values()):
        raise ValueError('moves must look like {"named": {"dark skin": 1.5}}.')
    for key in moves:
        checks.choice("set of directions", key, SET_KEYS)
    read = {}
    for key in (each for each in SET_KEYS if each in moves):
        for name, amount in moves[key].items():
            checks.text("name of a direction", name, max_length=24)
            if by := checks.number(f"amount of {name}", amount, -REACH, REACH):
                read.setdefault(key, {})[name] = by
    return read


def _read_numbers(numbers: Mapping[int | str, float]) -> dict[int, float]:
    """`numbers` with their indices as int: keys of JSON are texts."""
    if not isinstance(numbers, Mapping):
        raise ValueError('numbers must look like {"12": 0.5}.')
    read = {}
    for key, value in numbers.items():
        index = int(key) if isinstance(key, str) and checks.is_digits(key, 4) else key
        index = checks.integer("index of a number of z", index, 0, MAX_NUMBERS - 1)
        read[index] = checks.number(f"number {index} of z", value, -MAX_ABS, MAX_ABS)
    return read


def _move_arguments(moves: dict[str, dict[str, float]], numbers: dict[int, float]) -> str:
    arguments = [f"{key}={json.dumps(rows, ensure_ascii=False)}" for key, rows in moves.items()]
    return ", ".join([*arguments, *[f"numbers={numbers}"] * bool(numbers)])


def _move_options(moves: dict[str, dict[str, float]], numbers: dict[int, float]) -> list[str]:
    options = []
    for key, rows in moves.items():
        prefix = "" if key == SET_KEYS[0] else f"{key}:"
        options += [part for name, by in rows.items() for part in ("--move", f"{prefix}{name}={by}")]
    return options + [
        part for index, value in numbers.items() for part in ("--number", f"{index}={value}")
    ]


def _check_class(class_name: str) -> str:
    return checks.text("class_name", class_name, MAX_LENGTH) if class_name != "" else ""


def _class_line(class_name: str) -> str:
    return f"chosen = generator.class_index({_text(class_name)})"


def _class_options(class_name: str) -> list[str]:
    # As one argument a name may begin with a dash.
    return [f"--class={class_name}"] if class_name else []


def _comment(keys: Sequence[int | str]) -> str:
    return "" if all(map(_is_seed, keys)) else f"{PACKED}\n"


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


def _latents(keys: Sequence[int | str], truncation: float = 1.0, class_name: str = "") -> str:
    """An expression for the latents of the keys, float32 (K, z_dim); of the class `chosen` if there is a name."""
    latents = _stacked(keys)
    if class_name:
        latents = f"with_class({latents}, generator.classes, chosen)"
    return latents if truncation == 1 else f"truncate({latents}, {truncation!r})"


def _stacked(keys: Sequence[int | str]) -> str:
    if all(map(_is_seed, keys)):
        return f"seed_latents({list(keys)}, generator.z_dim)"
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
