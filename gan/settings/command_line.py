"""Settings as options of `python -m gan train`: their declarations as arguments, and configs both ways."""

import argparse
import dataclasses
import shlex

from gan.settings.config import METHOD_OVERRIDES, SETTINGS, TrainConfig, split
from gan.settings.declare import FLAG, Setting


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for each field of `TrainConfig`, and `--set NAME=VALUE` for any other choice."""
    for name, declared in SETTINGS.items():
        default = getattr(TrainConfig, name)
        typed = {"type": declared.kind.type, "metavar": declared.metavar}
        if declared.kind is FLAG:
            typed = {"action": argparse.BooleanOptionalAction}
        parser.add_argument(_option(name), default=default, help=_help(declared, default), **typed)
    change = "choose one thing otherwise than the method does, as spectral_norm=true; may be repeated"
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=change)


def read_options(options: argparse.Namespace) -> TrainConfig:
    return with_choices(options.set, **{name: getattr(options, name) for name in SETTINGS})


def train_command(config: TrainConfig) -> str:
    """The command line that trains with a config; `read_options` is its inverse."""
    values = dataclasses.asdict(config)
    changes = values.pop("changes")
    parts = ["python", "-m", "gan", "train"]
    for name, value in values.items():
        # Settings of one kind of data are seldom changed: their defaults would only make it longer.
        seldom = SETTINGS[name].only_for and value == getattr(TrainConfig, name)
        if value is None or seldom:
            continue
        if SETTINGS[name].kind is FLAG:
            parts.append(_option(name) if value else _option(f"no_{name}"))
        else:
            parts += [_option(name), str(value)]
    for name, value in changes.items():
        parts += ["--set", f"{name}={str(value).lower()}"]
    return shlex.join(parts)


def with_choices(texts: list[str], **settings) -> TrainConfig:
    """A config of `settings` and of choices written "name=value", which win."""
    fields, changes = split(dict(parse_choice(text) for text in texts))
    return TrainConfig(**(settings | fields), changes=changes)


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


def read_changes(text: str | None) -> tuple[dict, dict]:
    """The lines of "Changed": (settings with a field of their own, the rest); ValueError if unclear.

    Only choices of the method count: data, budget and the like have their own fields on the page.
    """
    lines = (text or "").splitlines()
    choices = dict(parse_choice(line) for line in lines if line.strip())
    overrides = {name: choices.pop(name) for name in METHOD_OVERRIDES if name in choices}
    return overrides, choices


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _help(declared: Setting, default: object) -> str:
    """As "width of G: channels beside the picture (4 to 128)"."""
    limits = [declared.kind.allowed(), "" if default is None else f"default: {default}"]
    limits = "; ".join(filter(None, limits))
    words = f"{declared.summary} ({limits})" if limits else declared.summary
    return words.replace("%", "%%")  # argparse fills in %(names)s
