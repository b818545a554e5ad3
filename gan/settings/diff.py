"""What differs between two runs' settings, in words."""

from gan.settings.config import ALL_SETTINGS, TrainConfig, method_of
from gan.settings.declare import Setting
from gan.settings.hyperparameters import CHOICES


def differences(config: TrainConfig, other: TrainConfig) -> list[str]:
    """What `config` does otherwise than `other`, one "name: value, not value" each.

    Methods are compared by their choices, not by their names: two names for the same are alike.
    """
    mine, theirs = _values(config), _values(other)
    return [
        f"{declared.heading}: {_in_words(declared, mine[name])}, not {_in_words(declared, theirs[name])}"
        for name, declared in ALL_SETTINGS.items()
        if declared.compared and mine[name] != theirs[name] and _matters(declared, mine, theirs)
    ]


def _values(config: TrainConfig) -> dict:
    """Every setting of a config, with its method's choices filled in."""
    method = method_of(config)
    values = {name: getattr(method if name in CHOICES else config, name) for name in ALL_SETTINGS}
    return values | {"d_depth": method.depth_of_d}


def _matters(declared: Setting, mine: dict, theirs: dict) -> bool:
    """Whether both sides use what a setting belongs to: else that one's absence is enough."""
    owners = declared.belongs_to
    return not owners or all(any(side[owner] for owner in owners) for side in (mine, theirs))


def _in_words(declared: Setting, value: object) -> str:
    if value is None:
        return "all" if declared.name == "limit" else "as suggested"
    if isinstance(value, bool):
        return "on" if value else "off"
    if value == "" or (value == 0 and declared.none_at_zero):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("_", " ") if declared.kind.name == "choice" else str(value)
