"""All settings as JSON-ready values, for pages and other programs that ask for them."""

from gan.settings.config import ALL_SETTINGS, SETTINGS


def describe() -> list[dict]:
    """What is declared of each setting, in order: those of a run, then the choices of a method.

    Each is {name, kind, default, low, high, choices, label, help, unit, applies, field}. `kind` is
    "integer", "number", "flag", "choice" or "text"; `low`, `high` and `choices` are None where a kind has
    none; `default` is that of the declaration, which methods and data may change; `applies` lists
    "images" and "points"; `field`: whether `TrainConfig` has a field for it, or it goes into `changes`.
    """
    return [
        {
            "name": name,
            "kind": declared.kind.name,
            "default": declared.default,
            "low": declared.kind.low,
            "high": declared.kind.high,
            "choices": declared.kind.choices and list(declared.kind.choices),
            "label": declared.label,
            "help": declared.help,
            "unit": declared.unit,
            "applies": list(declared.applies),
            "field": name in SETTINGS,
        }
        for name, declared in ALL_SETTINGS.items()
    ]
