"""The catalogue: each named method is a row of choices, its paper, what it cures and what it risks."""

from gan.common import checks
from gan.settings.catalogue import architectures as arch
from gan.settings.catalogue import basics, conditional, discriminators, improved_gan, losses, stability
from gan.settings.hyperparameters import Method

PARTS = (basics, losses, stability, improved_gan, discriminators, arch, conditional)
METHODS: dict[str, Method] = {method.name: method for part in PARTS for method in part.METHODS}


def find_method(name: object) -> Method:
    """The method called `name`; ValueError that lists all names otherwise."""
    return METHODS[checks.choice("method", name, METHODS)]


def groups() -> dict[str, list[Method]]:
    """The methods by group, both in the order of the catalogue."""
    found: dict[str, list[Method]] = {}
    for method in METHODS.values():
        found.setdefault(method.group, []).append(method)
    return found
