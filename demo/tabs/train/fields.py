"""The fields of Train's form, from the declarations in gan/settings: labels, infos, choices, values."""

from gan.settings.config import METHOD_OVERRIDES, SETTINGS
from gan.settings.declare import IMAGES
from gan.settings.hyperparameters import CHOICES

AS_SUGGESTED = "as suggested"  # shown by fields without a value: the default for data and method
# Text fields for numbers, in the order of the form.
TYPED = ("width", "batch", "g_lr", "d_lr", "n_critic", "z_dim", "ema_images", "limit", "steps")
# Settings that a config has as fields, but not the form: shown among the changes.
UNTYPED = tuple(name for name in METHOD_OVERRIDES if name not in TYPED)
# Settings in the menu of other ones; without those whose default is None, which have no value to start from.
OTHER_SETTINGS = tuple(
    name
    for name, choice in CHOICES.items()
    if name not in TYPED and IMAGES in choice.applies and choice.default is not None
)


def label(name: str) -> str:
    """The label of a setting's field."""
    return _capitalised(SETTINGS[name].heading)


def info(name: str) -> str:
    """The help text of a setting, with the range of a number."""
    declared = SETTINGS[name]
    limits = f" ({declared.kind.allowed()})" if name in (*TYPED, "seed") else ""
    return f"{_capitalised(declared.help)}{limits}."


def options(name: str) -> list[tuple[str, object]]:
    """(title, value) of a setting's choices; the default of the data comes first."""
    values = SETTINGS[name].kind.choices
    return [(AS_SUGGESTED, AS_SUGGESTED), *((title, value) for value, title in values.items())]


def as_labelled(sentence: str) -> str:
    """An error message of `gan`, with the form's label instead of the setting's name."""
    name, _, rest = sentence.partition(" ")
    return f"{label(name)} {rest}" if name in TYPED else sentence


def typed_number(name: str, text: str | None) -> float | None:
    """The number typed into a field, None if empty; ValueError if it is not a number."""
    try:
        return float(text) if text else None
    except (TypeError, ValueError):
        raise ValueError(f"{label(name)} must be a number, or empty for the default.") from None


def as_text(value: object) -> str:
    """A value as text, as in a field or a line `name=value`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
