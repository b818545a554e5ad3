"""All settings as JSON, and the help of `train`, say what the checks do."""

import json

import pytest

from gan.cli.parser import parser
from gan.settings.config import ALL_SETTINGS, SETTINGS, TrainConfig
from gan.settings.describe import describe
from gan.settings.method import CHOICES

DESCRIBED = {each["name"]: each for each in describe()}


def test_every_setting_is_described_once_as_json():
    assert json.loads(json.dumps(list(DESCRIBED.values()))) == describe()
    fields = set(TrainConfig.__dataclass_fields__) - {"changes"}
    assert DESCRIBED.keys() == fields | CHOICES.keys()
    assert {name for name, each in DESCRIBED.items() if each["field"]} == fields
    assert all(each["label"] and each["applies"] for each in DESCRIBED.values())
    assert [name for name, each in DESCRIBED.items() if each["applies"] == ["points"]] == [
        "depth", "d_depth", "activation", "noise",
    ]  # fmt: skip


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_is_described_is_what_is_checked(name):
    described, declared = DESCRIBED[name], ALL_SETTINGS[name]
    if described["default"] is not None:
        assert declared.check(described["default"]) == described["default"]
    if described["kind"] in ("integer", "number"):
        low, high = described["low"], described["high"]
        assert (declared.check(low), declared.check(high)) == (low, high)
        for beyond in (low - 1, high + 1, True, "1", None, float("nan")):
            with pytest.raises(ValueError, match=name):
                declared.check(beyond)
    elif described["kind"] == "choice":
        assert [declared.check(value) for value in described["choices"]] == described["choices"]
        with pytest.raises(ValueError, match=name):
            declared.check("no such choice")
    else:
        assert described["kind"] in ("flag", "text")
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
