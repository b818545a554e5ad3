"""The fields of Train's form, as gan/settings declares their settings: labels, words below them, values."""

from gan.settings.config import METHOD_OVERRIDES, SETTINGS
from gan.settings.declare import IMAGES
from gan.settings.method import CHOICES

AS_SUGGESTED = "as suggested"  # what fields of the form show where nothing was chosen
# Fields that a number is typed into, in the order of the form.
TYPED = ("width", "batch", "g_lr", "d_lr", "n_critic", "z_dim", "ema_images", "limit", "steps")
# Settings of a method that have a field of a config and none of the form: they go among the changes.
UNTYPED = tuple(name for name in METHOD_OVERRIDES if name not in TYPED)
# What the menu of other choices offers; of what is None nobody knows what to begin with.
PICKED = tuple(
    name
    for name, choice in CHOICES.items()
    if name not in TYPED and IMAGES in choice.applies and choice.default is not None
)


def label(name: str) -> str:
    """What stands above the field of a setting."""
    return _sentence(SETTINGS[name].heading)


def info(name: str) -> str:
    """What stands beside its label: what it is, and the range of its numbers."""
    declared = SETTINGS[name]
    limits = f" ({declared.kind.allowed()})" if name in (*TYPED, "seed") else ""
    return f"{_sentence(declared.help)}{limits}."


def options(name: str) -> list[tuple[str, object]]:
    """(title, value) of what a setting may be chosen from, and what suits the data first."""
    values = SETTINGS[name].kind.choices
    return [(AS_SUGGESTED, AS_SUGGESTED), *((title, value) for value, title in values.items())]


def as_labelled(sentence: str) -> str:
    """A sentence of `gan` on a setting, with the form's label in place of the setting's name."""
    name, _, rest = sentence.partition(" ")
    return f"{label(name)} {rest}" if name in TYPED else sentence


def typed_number(name: str, text: str | None) -> float | None:
    """What was typed into a field of numbers; None if it was left empty."""
    try:
        return float(text) if text else None
    except (TypeError, ValueError):
        raise ValueError(f"{label(name)} must be a number, or empty for what suits the data.") from None


def spelled(value: object) -> str:
    """A value as a field or a line `name=value` has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
