"""`TrainConfig`: everything that decides how a run goes, as plain data with a JSON round trip."""

import dataclasses
from dataclasses import dataclass, field

from gan.common import checks
from gan.data.point_clouds import is_points
from gan.images.decode import FIT_MODES, parse_colour
from gan.settings.catalogue import find_method
from gan.settings.method import CHECKS, IMAGE_FAMILIES, Method, changed, check, for_points
from gan.settings.rules import check_together

MAX_SEED = 2**32 - 1
DEFAULT_SECONDS = 60.0
SIZES = (32, 64)
CHANNELS = (1, 3)


@dataclass(frozen=True)
class TrainConfig:
    """What to train on, how, and for how long.

    `None` means "what the data or the method suggests"; `resolve` fills it in. The budget is `steps`
    (generator updates) or `seconds` (of training, 60 if neither is given), not both. `limit` takes
    the first so many images; `fit` ("crop" or "pad") and `background` ("#rrggbb") say how pictures
    that are not square become so (gan.images.decode). `save_every` is in steps (gan.training.loop.train); `None`
    saves only at the end. `changes` holds what is chosen otherwise than the method does and has no
    field here (gan.settings.method.Method).
    All values are checked on construction: ValueError says what is wrong.
    """

    data: str = "faces"
    method: str = "quick"
    steps: int | None = None
    seconds: float | None = None
    seed: int = 0
    size: int | None = None
    channels: int | None = None
    limit: int | None = None
    fit: str = "crop"
    background: str = "#ffffff"
    save_every: int | None = None
    model: str | None = None
    width: int | None = None
    d_width: int | None = None
    z_dim: int | None = None
    batch: int | None = None
    n_critic: int | None = None
    g_lr: float | None = None
    d_lr: float | None = None
    ema_images: int | None = None
    precision: str | None = None
    changes: dict = field(default_factory=dict)

    def __post_init__(self):
        find_method(self.method)
        checks.text("data", self.data, max_length=500)
        object.__setattr__(self, "changes", _check_changes(self.changes))
        if self.steps is not None and self.seconds is not None:
            raise ValueError("Give the budget in steps or in seconds, not both.")
        if self.steps is None and self.seconds is None:
            object.__setattr__(self, "seconds", DEFAULT_SECONDS)
        for name, checked in _CHECKS.items():
            value = getattr(self, name)
            if value is not None or name in _GIVEN:
                # Whole floats (JSON, web forms) become ints, so that equal settings are equal.
                object.__setattr__(self, name, checked(name, value))
        method_of(self)

    def to_dict(self) -> dict:
        """The settings as JSON-ready values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "TrainConfig":
        """The inverse of `to_dict`; ValueError for a setting that does not exist."""
        known = {field.name for field in dataclasses.fields(cls)}
        if not isinstance(values, dict) or not values.keys() <= known:
            raise ValueError(f"The settings of a run are: {', '.join(sorted(known))}.")
        return cls(**values)


def method_of(config: TrainConfig) -> Method:
    """The method of a config with everything that the config chooses otherwise.

    ValueError with the reason if the choices contradict each other or the data.
    """
    method = find_method(config.method)
    points = is_points(config.data)
    if points:
        method = for_points(method)
    own = {name: getattr(config, name) for name in OWN if getattr(config, name) is not None}
    method = changed(method, config.changes | own)
    if points != (method.model == "mlp"):
        right = "mlp" if points else ", ".join(IMAGE_FAMILIES)
        raise ValueError(f"The model {method.model} is not for {config.data}: choose {right}.")
    return check_together(method)


def _check_changes(changes: object) -> dict:
    if not isinstance(changes, dict):
        raise ValueError('changes must map settings to values, such as {"spectral_norm": true}.')
    for name in changes:
        if name in OWN:
            raise ValueError(f"{name} is a setting of its own: it does not belong in changes.")
    return {name: check(name, value) for name, value in sorted(changes.items(), key=str)}


def _one_of(numbers: tuple[int, ...]):
    return lambda name, value: checks.choice(name, checks.integer(name, value, 1, 4096), numbers)


def _integer(low: int, high: int):
    return lambda name, value: checks.integer(name, value, low, high)


def _colour(name: str, value: object) -> str:
    parse_colour(value)
    return value.lower()


# What is never left to the data or the method.
_GIVEN = ("seed", "fit", "background")
# Choices of the method that have a field of their own here.
OWN = (
    "model", "width", "d_width", "z_dim", "batch", "n_critic", "g_lr", "d_lr", "ema_images",
    "precision",
)  # fmt: skip
_CHECKS = {
    "steps": _integer(1, 10_000_000),
    "seconds": lambda name, value: checks.number(name, value, 1, 7 * 24 * 3600),
    "seed": _integer(0, MAX_SEED),
    "size": _one_of(SIZES),
    "channels": _one_of(CHANNELS),
    "limit": _integer(2, 200_000),
    "fit": lambda name, value: checks.choice(name, value, FIT_MODES),
    "background": _colour,
    "save_every": _integer(1, 10_000_000),
    **{name: CHECKS[name] for name in OWN},
}
