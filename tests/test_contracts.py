"""The import contracts of pyproject.toml can fail: each is shown an import that it must not allow."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.serving import ROOT

# (a module, an import that it must not have, the contract that says so)
FORBIDDEN = [
    ("gan/common/checks.py", "import gan.training.loop", "gan: a layer imports only those below it"),
    ("demo/backend/limits.py", "import demo.tabs.walk", "demo: a layer imports only those below it"),
    ("gan/data/sources.py", "import gradio", "gan never imports the page"),
    ("demo/workers/messages.py", "import gradio", "the processes beside the page never import Gradio"),
    ("gan/latent/text.py", "import torch", "the server never imports PyTorch"),
]


def broken(folder: Path) -> set[str]:
    """The names of the contracts that `lint-imports` finds broken in a copy of the repository."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    parted = [line.partition(" BROKEN") for line in done.stdout.splitlines()]
    found = {name for name, verdict, _ in parted if verdict}
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copied")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("gan", "demo"):
        ignored = shutil.ignore_patterns("__pycache__", "web")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    return folder


def test_all_contracts_hold(copied):
    assert broken(copied) == set()


@pytest.mark.parametrize(("module", "line", "contract"), FORBIDDEN)
def test_an_import_that_is_forbidden_breaks_its_contract(copied, module, line, contract):
    path = copied / module
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        assert contract in broken(copied)
    finally:
        path.write_text(before, encoding="utf-8")
