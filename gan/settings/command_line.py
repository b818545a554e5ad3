"""Settings as command-line options: a config as `python -m gan train …`, and NAME=VALUE read back."""

import argparse
import dataclasses
import shlex

from gan.settings.config import OWN, TrainConfig


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


def read_changes(text: str | None) -> tuple[dict, dict]:
    """The lines of "Changed": (settings with a field of their own, the rest); ValueError if unclear."""
    lines = (text or "").splitlines()
    chosen = dict(parse_choice(line) for line in lines if line.strip())
    own = {name: chosen.pop(name) for name in OWN if name in chosen}
    return own, chosen
