"""What a model that a run starts from decides of its settings. Free of PyTorch."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from gan.settings.catalogue import find_method
from gan.settings.config import SETTINGS, TrainConfig
from gan.settings.hyperparameters import for_family


def short_name(start_from: str) -> str:
    """A model's name, without the folders above it."""
    path = Path(start_from)
    return path.name if path.is_absolute() or path.expanduser().is_dir() else start_from


def with_settings(config: TrainConfig, values: Mapping[str, object], name: str) -> TrainConfig:
    """`config` with the settings by name that the networks of the model called `name` have.

    ValueError where it has chosen another value.
    """
    fields, changes = {}, dict(config.changes)
    method = for_family(find_method(config.method), values.get("model", config.model))
    for setting, value in values.items():
        chosen = getattr(config, setting) if setting in SETTINGS else changes.get(setting)
        if chosen not in (None, value):
            raise ValueError(
                f"{setting} = {chosen} does not fit start_from = {name}, which has {setting} = {value}: leave "
                f"{setting} out, or start from another model or from nothing."
            )
        if setting in SETTINGS:
            fields[setting] = value
        elif value != getattr(method, setting):
            changes[setting] = value
    return dataclasses.replace(config, **fields, changes=changes)
