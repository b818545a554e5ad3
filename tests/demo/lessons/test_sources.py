"""The lines of `gan` that lessons show are those that run."""

import importlib
import inspect
import textwrap

import pytest

from demo.lessons.sources import SHOWN, source_of


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_what_runs(name):
    module, _, function = name.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:  # a method of a class
        module, _, owner_name = module.rpartition(".")
        owner = getattr(importlib.import_module(module), owner_name)
    shown = source_of(name)
    lines, number = inspect.getsourcelines(getattr(owner, function))
    assert shown["code"] == textwrap.dedent("".join(lines)).rstrip("\n")
    assert shown["line"] == number
    assert shown["file"] == f"{module.replace('.', '/')}.py"


def test_nothing_else_is_shown():
    for name in ("gan.common.files.digest", "os.system", "gan.training.losses", ""):
        with pytest.raises(ValueError, match="No lesson shows"):
            source_of(name)
