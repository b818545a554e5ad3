"""`TrainConfig`: everything that decides how a run goes, as plain data with a JSON round trip."""

import dataclasses
import re
import warnings
from dataclasses import dataclass, field

from gan.common import checks
from gan.data.point_clouds import CLOUDS, is_points
from gan.images.decode import FIT_MODES, parse_colour
from gan.settings.catalogue import METHODS, find_method
from gan.settings.declare import IMAGES, Setting, integer, number, one_of, setting, settings_of, text
from gan.settings.hyperparameters import (
    CHOICES,
    IMAGE_FAMILIES,
    Method,
    changed,
    check,
    for_family,
    for_points,
)
from gan.settings.rules import check_together

MAX_SEED = 2**32 - 1
DEFAULT_SECONDS = 60.0
SIZES = (32, 64, 128)
CHANNELS = {1: "grey", 3: "colour"}


def _source(name: str, value: object) -> str:
    checks.text(name, value, max_length=500)
    return value


def _model(name: str, value: object) -> str:
    return "" if value == "" else _source(name, value)


def _digest(name: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError(f"{name} must be a SHA-256: 64 digits from 0 to f.")
    return value


def _colour(name: str, value: object) -> str:
    parse_colour(value)
    return value.lower()


@dataclass(frozen=True)
class RunSettings:
    """What a run is about, beside its method: data, where it starts, budget, seed, pictures, checkpoints.

    What is no field here is a choice of the method, and declared in `Method`.
    """

    # fmt: off
    data: str = setting("faces", text(_source), "data",
        "faces, shapes, glyphs, mnist, cifar10, a folder or zip of pictures, or a Hub id; or points: "
        f'{", ".join(CLOUDS)}, or a CSV file with one "x, y" a line')
    method: str = setting("quick", one_of(tuple(METHODS)), "method", compared=False)
    steps: int | None = setting(None, integer(1, 10_000_000), "budget in steps",
        "instead of seconds; gives the same weights on every run")
    seconds: float | None = setting(None, number(1, 7 * 24 * 3600), "seconds",
        f"how long it may learn; {DEFAULT_SECONDS:g} where no budget is given")
    seed: int = setting(0, integer(0, MAX_SEED), "seed", "same seed and settings, same start")
    size: int | None = setting(None, one_of(SIZES), "size", "side of the pictures; larger ones take longer",
        only_for=IMAGES)
    channels: int | None = setting(None, one_of(CHANNELS), "channels", "grey is quicker",
        only_for=IMAGES)
    limit: int | None = setting(None, integer(2, 200_000), "pictures used",
        "the first so many of the data")
    fit: str = setting("crop", one_of(FIT_MODES), "pictures made square by",
        "crop keeps their middle, pad all of them", only_for=IMAGES)
    background: str = setting("#ffffff", text(_colour), "background of pictures",
        "colour beside padded and behind transparent ones", only_for=IMAGES, metavar="#RRGGBB")
    save_every: int | None = setting(None, integer(1, 10_000_000), "steps between checkpoints",
        "fewer at first; if not given, saved at the end only", compared=False)
    start_from: str = setting("", text(_model), "starts from",
        "new networks if not given; else those of a shipped model, a generator's folder or a Hub id",
        only_for=IMAGES)
    start_weights: str | None = setting(None, text(_digest), "weights that it starts from",
        "SHA-256 of model.safetensors there; others are then refused", only_for=IMAGES, compared=False)
    # fmt: on


METHOD_OVERRIDES = tuple(name for name, choice in CHOICES.items() if choice.option)
_Overrides = dataclasses.make_dataclass(
    "_Overrides",
    [(name, CHOICES[name].annotation | None, field(default=None)) for name in METHOD_OVERRIDES],
    frozen=True,
)


class SettingsWarning(UserWarning):
    """Some settings were passed over."""


@dataclass(frozen=True)
class TrainConfig(_Overrides, RunSettings):
    """What to train on, how, and for how long.

    Its fields are those of `RunSettings` and the choices of a method that are options (`METHOD_OVERRIDES`);
    `changes` holds any other choice that differs from the method's (gan.settings.hyperparameters.Method). `None`
    means "what the data or the method suggests"; `resolve` fills it in. The budget is `steps` (generator
    updates) or `seconds` (of training, 60 if neither is given), not both. All values are checked on
    construction: ValueError says what is wrong.
    """

    changes: dict = field(default_factory=dict)

    def __post_init__(self):
        if self.steps is not None and self.seconds is not None:
            raise ValueError("Give the budget in steps or in seconds, not both.")
        if self.steps is None and self.seconds is None:
            object.__setattr__(self, "seconds", DEFAULT_SECONDS)
        for name, declared in SETTINGS.items():
            value = getattr(self, name)
            if value is not None or getattr(TrainConfig, name) is not None:
                # Whole floats (JSON, web forms) become ints, so that equal settings are equal.
                object.__setattr__(self, name, declared.check(value))
        object.__setattr__(self, "changes", _check_changes(self.changes))
        method_of(self)

    def to_dict(self) -> dict:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "TrainConfig":
        """The inverse of `to_dict`; ValueError for a setting that does not exist."""
        known = {*SETTINGS, "changes"}
        if not isinstance(values, dict) or not values.keys() <= known:
            raise ValueError(f"The settings of a run are: {', '.join(sorted(known))}.")
        return cls(**values)

    @classmethod
    def from_file(cls, values: dict) -> "TrainConfig":
        """As `from_dict`, for what a file holds: settings of a newer version are passed over, with a warning."""
        if not isinstance(values, dict):
            return cls.from_dict(values)
        changes = values.get("changes")
        inner = (
            {name for name in changes if name not in CHOICES} if isinstance(changes, dict) else set()
        )
        unknown = sorted(values.keys() - {*SETTINGS, "changes"} | inner)
        if unknown:
            warnings.warn(
                f"Settings that this version does not know are passed over: {', '.join(unknown)}.",
                SettingsWarning,
                stacklevel=2,
            )
            values = {name: value for name, value in values.items() if name in {*SETTINGS, "changes"}}
            if inner:
                known = {name: value for name, value in changes.items() if name in CHOICES}
                values["changes"] = known
        return cls.from_dict(values)


# What is declared for each field of TrainConfig but `changes`.
SETTINGS: dict[str, Setting] = settings_of(RunSettings) | {
    name: CHOICES[name] for name in METHOD_OVERRIDES
}
# Every setting there is: of a run and of its method.
ALL_SETTINGS: dict[str, Setting] = settings_of(RunSettings) | CHOICES


def split(values: dict) -> tuple[dict, dict]:
    """(fields of TrainConfig, other choices of the method) among settings by name, unchecked."""
    fields = {name: value for name, value in values.items() if name in SETTINGS}
    return fields, {name: value for name, value in values.items() if name not in SETTINGS}


def method_of(config: TrainConfig) -> Method:
    """The method of a config with everything that the config chooses otherwise.

    ValueError with the reason if the choices contradict each other or the data.
    """
    method = find_method(config.method)
    points = is_points(config.data)
    method = for_points(method) if points else for_family(method, config.model)
    overrides = {name: getattr(config, name) for name in METHOD_OVERRIDES}
    overrides = {name: value for name, value in overrides.items() if value is not None}
    method = changed(method, config.changes | overrides)
    if points != (method.model == "mlp"):
        right = "mlp" if points else ", ".join(IMAGE_FAMILIES)
        raise ValueError(f"The model {method.model} is not for {config.data}: choose {right}.")
    check_together(method)
    if points and config.start_from:
        raise ValueError("start_from is for pictures: networks for points learn in seconds anyway.")
    if method.freeze_d and not config.start_from:
        raise ValueError(
            "freeze_d keeps what a discriminator has learned before: it needs start_from, a model to start from."
        )
    return method


def _check_changes(changes: object) -> dict:
    if not isinstance(changes, dict):
        raise ValueError('changes must map settings to values, such as {"spectral_norm": true}.')
    for name in changes:
        if name in METHOD_OVERRIDES:
            raise ValueError(f"{name} is a setting of its own: it does not belong in changes.")
    return {name: check(name, value) for name, value in sorted(changes.items(), key=str)}
