"""The tutorial's program: it runs as a file and as a notebook, and learns; each bug is one change of it."""

import json
import subprocess
import sys

import pytest

from demo.lessons.bugs import BUGS, PROGRAM, changed_lines, find, program
from demo.lessons.notebook import as_notebook


def test_the_file_runs_as_it_is(tmp_path):
    copy = tmp_path / "tutorial_gan.py"
    copy.write_text(program(), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, copy], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == [
        f"step {step}" for step in range(200, 1001, 200)
    ]
    assert (tmp_path / "samples.pgm").stat().st_size == len(b"P5 128 128 255\n") + 128 * 128


def test_the_notebook_runs_cell_by_cell(tmp_path, monkeypatch):
    notebook = json.loads(as_notebook(program().replace("steps=1000", "steps=3")))
    assert (notebook["nbformat"], notebook["cells"][0]["cell_type"]) == (4, "markdown")
    code = [each["source"] for each in notebook["cells"] if each["cell_type"] == "code"]
    assert [cell.split("\n")[0].split("(")[0] for cell in code[1:]] == [
        "def real_images", "class Generator", "class Discriminator", "def train", 'if __name__ == "__main__":',
    ]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for cell in code:
        exec(cell, names)
    assert (tmp_path / "samples.pgm").is_file()


def test_it_is_short():
    lines = program().splitlines()
    assert len(lines) < 90 and max(map(len, lines)) <= 110


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_is_a_change_of_lines_that_are_there(bug):
    for line, _ in bug.changes:
        assert program().count(line) == 1
    lines = changed_lines(bug.name)
    assert [each["text"] for each in lines] == program(bug.name).splitlines()
    changed = [each for each in lines if each["changed"]]
    assert 1 <= len(changed) <= 2
    compile(program(bug.name), "tutorial_gan.py", "exec")


def test_without_a_bug_no_line_is_changed():
    lines = changed_lines()
    assert [each["text"] for each in lines] == PROGRAM.read_text(encoding="utf-8").splitlines()
    assert not any(each["changed"] for each in lines)


def test_a_bug_that_there_is_not():
    with pytest.raises(ValueError, match="There is no bug 'none': choose uint8, wrong_network"):
        find("none")
