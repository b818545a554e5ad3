"""The benchmarks take minutes and are not run here; that they find what they import is seen."""

import importlib
from pathlib import Path

import pytest


@pytest.mark.parametrize("path", sorted(Path("benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_can_be_imported(path):
    importlib.import_module(f"benchmarks.{path.stem}")
