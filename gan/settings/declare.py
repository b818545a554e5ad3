"""One declaration for each setting: a dataclass field, from which checks, options of `train`, words for
differences and the page's form are read (`settings_of`)."""

from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields, replace
from functools import cache

from gan.common import checks

IMAGES, POINTS = "images", "points"


@dataclass(frozen=True)
class Kind:
    """The values that a setting may have.

    `name` is "integer", "number", "flag", "choice" or "text". `check(name, value)` returns the value in
    its proper type, or raises ValueError. `low` and `high` bound numbers, both included; `choices` maps
    each value of a choice to its title.
    """

    name: str
    check: Callable[[str, object], object]
    low: float | None = None
    high: float | None = None
    choices: dict | None = None

    @property
    def type(self) -> type:
        """What text on a command line is read as."""
        if self.name == "choice":
            return type(next(iter(self.choices)))
        return {"integer": int, "number": float, "flag": bool}.get(self.name, str)

    def allowed(self) -> str:
        """What is allowed, in words: "4 to 128", "adam or rmsprop"; empty for text."""
        if self.name == "flag":
            return "true or false"
        if self.choices:
            *first, last = (
                f"{value} for {title}" if title != str(value) else title
                for value, title in self.choices.items()
            )
            return f"{', '.join(first)} or {last}"
        if self.low is not None:
            form = "," if self.name == "integer" else "g"
            return f"{self.low:{form}} to {self.high:{form}}"
        return ""


def integer(low: int, high: int, check: Callable | None = None) -> Kind:
    """Whole numbers from `low` to `high`; `check` replaces the usual check of that."""
    within = check or (lambda name, value: checks.integer(name, value, low, high))
    return Kind("integer", within, low, high)


def number(low: float, high: float) -> Kind:
    """Finite numbers from `low` to `high`."""
    return Kind("number", lambda name, value: checks.number(name, value, low, high), low, high)


def one_of(choices: Iterable) -> Kind:
    """One of some words or whole numbers; a dict gives each a title."""
    titled = choices if isinstance(choices, dict) else {each: str(each) for each in choices}
    whole = isinstance(next(iter(titled)), int)

    def check(name: str, value: object) -> object:
        # Whole floats, as JSON and web forms have them, are as good.
        return checks.choice(name, checks.integer(name, value, 1, 4096) if whole else value, titled)

    return Kind("choice", check, choices=titled)


def text(check: Callable[[str, object], str]) -> Kind:
    """Text in a form that `check` knows."""
    return Kind("text", check)


FLAG = Kind("flag", checks.flag)


@dataclass(frozen=True)
class Setting:
    """See `setting`."""

    kind: Kind
    label: str
    help: str = ""
    unit: str = ""
    none_at_zero: bool = False
    belongs_to: tuple[str, ...] = ()
    only_for: str = ""
    reason: str = ""
    option: bool = False
    compared: bool = True
    shapes_networks: bool = False
    metavar: str | None = None
    # From the field.
    name: str = ""
    default: object = None
    annotation: object = None

    @property
    def applies(self) -> tuple[str, ...]:
        """The kinds of data that it is for."""
        return (self.only_for,) if self.only_for else (IMAGES, POINTS)

    @property
    def off_by_default(self) -> bool:
        """Whether it switches something on: a flag, or a strength of which 0 means none."""
        return self.none_at_zero or self.kind.name == "flag"

    @property
    def heading(self) -> str:
        """What a value is called, as in "half-life of G's average, in images"."""
        return f"{self.label}, in {self.unit}" if self.unit else self.label

    @property
    def summary(self) -> str:
        """As "width of G: channels beside the picture"; of "seed: …" the name says the first part."""
        named = self.heading if self.heading != self.name else ""
        return ": ".join(filter(None, (named, self.help))) or self.heading

    def check(self, value: object) -> object:
        """`value` in its proper type; ValueError that names the setting otherwise."""
        return self.kind.check(self.name, value)


def setting(default: object, kind: Kind, label: str, help: str = "", **more) -> Field:
    """A field of a dataclass that declares a setting.

    label: what people call it, as within a sentence; also the label in a form.
    help: what `label` leaves open; allowed values and defaults are added to it.
    unit: of its numbers.
    none_at_zero: 0 means that there is none of it.
    belongs_to: it matters only where one of these settings is not 0.
    only_for: IMAGES or POINTS, where it is for one kind of data; `reason` says why choices for POINTS
        are refused for images.
    option: a choice of a method that is a field of `TrainConfig`, and an option of `train`, too.
    compared: whether two runs that differ in it alone learn differently.
    shapes_networks: another value may ask for parameters of other shapes.
    metavar: what stands for a value in the help of `train`.
    """
    return field(default=default, metadata={"setting": Setting(kind, label, help, **more)})


@cache
def settings_of(cls: type) -> dict[str, Setting]:
    """The settings that a dataclass declares, by name, in their order."""
    return {
        each.name: replace(
            each.metadata["setting"], name=each.name, default=each.default, annotation=each.type
        )
        for each in fields(cls)
        if "setting" in each.metadata
    }
