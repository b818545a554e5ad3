"""What is declared of each setting is what the checks and the help of `train` do."""

import pytest

from gan.cli.parser import parser
from gan.settings.config import ALL_SETTINGS, SETTINGS, TrainConfig
from gan.settings.hyperparameters import CHOICES


def test_every_setting_is_declared_once_with_a_label():
    fields = set(TrainConfig.__dataclass_fields__) - {"changes"}
    assert SETTINGS.keys() == fields
    assert ALL_SETTINGS.keys() == fields | CHOICES.keys()
    assert all(each.label and each.applies for each in ALL_SETTINGS.values())
    assert [name for name, each in ALL_SETTINGS.items() if each.applies == ("points",)] == [
        "depth", "d_depth", "activation", "noise",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ALL_SETTINGS)
def test_what_is_declared_is_what_is_checked(name):
    declared = ALL_SETTINGS[name]
    kind, low, high = declared.kind.name, declared.kind.low, declared.kind.high
    if declared.default is not None:
        assert declared.check(declared.default) == declared.default
    if kind in ("integer", "number"):
        assert (declared.check(low), declared.check(high)) == (low, high)
        for beyond in (low - 1, high + 1, True, "1", None, float("nan")):
            with pytest.raises(ValueError, match=name):
                declared.check(beyond)
    elif kind == "choice":
        choices = list(declared.kind.choices)
        assert [declared.check(value) for value in choices] == choices
        with pytest.raises(ValueError, match=name):
            declared.check("no such choice")
    else:
        assert kind in ("flag", "text")
        with pytest.raises(ValueError, match=name):
            declared.check(7)


def test_help_has_every_option_with_its_limits(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["train", "--help"])
    # Without the line breaks, which fall where they may.
    shown = "".join(capsys.readouterr().out.split())
    for name, declared in SETTINGS.items():
        assert f"--{name.replace('_', '-')}" in shown
        for words in (declared.help, declared.kind.allowed()):
            assert "".join(words.split()) in shown
    assert "(4to128)" in shown and "default:faces" in shown
