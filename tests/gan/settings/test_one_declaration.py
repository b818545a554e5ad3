"""A setting is declared in one place: a copy of the program with one more field has it everywhere."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
METHOD = "gan/settings/hyperparameters.py"
# Where the field goes: a line that stands once in the file.
PLACE = "    # fmt: on\n\n    points: dict | None"
DECLARED = (
    '    d_dropout: float = setting(0.0, number(0, 0.9), "dropout in D", "share of features", '
    "none_at_zero=True, shapes_networks=True)\n"
)
WITH_OPTION = DECLARED.replace("none_at_zero=True", "none_at_zero=True, option=True")

SHARED = """
import json
from gan.cli.parser import parser
from gan.settings.command_line import read_changes, read_options, train_command
from gan.settings.config import SETTINGS, TrainConfig, method_of
from gan.settings.diff import differences

def refusal(make):
    try:
        make()
    except ValueError as error:
        return str(error)

def options(*words):
    return read_options(parser().parse_args(["train", "--data", "shapes", *words]))

found = {
    "set": method_of(options("--set", "d_dropout=0.25")).d_dropout,
    "refused": refusal(lambda: options("--set", "d_dropout=2")),
    "differs": differences(options("--set", "d_dropout=0.25"), options()),
    "field": hasattr(options(), "d_dropout"),
}
"""
AS_CHANGE = """
config = TrainConfig("shapes", changes={"d_dropout": 0.25})
found["lines"] = read_changes("d_dropout=0.25")
from demo.routes.point_requests import read_config
found["page"] = method_of(read_config({"d_dropout": 0.25})).d_dropout
from demo.tabs.train.fields import OTHER_SETTINGS
found["picked"] = "d_dropout" in OTHER_SETTINGS
from gan.training.point_trainer import AUTOGRAD_ONLY
found["plain step"] = "d_dropout" in AUTOGRAD_ONLY
from gan.training.trainer_state import SHAPING
found["shaping"] = "d_dropout" in SHAPING
"""
AS_OPTION = """
config = options("--d-dropout", "0.25")
from gan.training.resolve import resolve
found["resolved"] = resolve(TrainConfig("shapes")).d_dropout
found["option"] = config.d_dropout
found["refused as field"] = refusal(lambda: TrainConfig(d_dropout=2))
found["lines"] = read_changes("d_dropout=0.25")
"""
ENDED = """
found["again"] = TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
found["command"] = train_command(config)
found["read back"] = read_options(parser().parse_args(found["command"].split()[3:])) == config
print(json.dumps(found))
"""


@pytest.fixture
def program(tmp_path):
    """`program(line, code)`: what `code` prints, as JSON, in a copy whose `Method` has one more line."""

    def run(line: str, code: str) -> dict:
        for package in ("gan", "demo"):
            shutil.copytree(
                ROOT / package,
                tmp_path / package,
                ignore=lambda folder, names: [
                    name for name in names if "." in name and not name.endswith(".py")
                ],
            )
        path = tmp_path / METHOD
        source = path.read_text(encoding="utf-8")
        assert source.count(PLACE) == 1
        path.write_text(source.replace(PLACE, line + PLACE), encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout.splitlines()[-1])

    return run


def assert_known(found: dict) -> None:
    """What holds of the new choice, whether it has an option of its own or not."""
    assert found["set"] == 0.25
    assert found["refused"] == "d_dropout must be from 0 to 0.9, not 2."
    assert found["differs"] == ["dropout in D: 0.25, not none"]
    assert found["again"] and found["read back"]


def test_a_new_choice_is_one_line(program):
    found = program(DECLARED, SHARED + AS_CHANGE + ENDED)
    assert not found["field"]
    assert_known(found)
    assert found["lines"] == [{}, {"d_dropout": 0.25}]
    assert found["command"].endswith("--set d_dropout=0.25")
    assert found["page"] == 0.25
    # The menu of other choices offers it; the written-out step of points leaves it to the plain one; and
    # a session that it would give other networks is begun again.
    assert found["picked"] and found["plain step"] and found["shaping"]


def test_an_option_of_its_own_is_one_word_more(program):
    found = program(WITH_OPTION, SHARED + AS_OPTION + ENDED)
    assert found["field"]
    assert_known(found)
    assert found["option"] == 0.25
    assert found["resolved"] == 0
    assert found["refused as field"] == "d_dropout must be from 0 to 0.9, not 2."
    assert found["lines"] == [{"d_dropout": 0.25}, {}]
    assert found["command"].endswith("--d-dropout 0.25")
