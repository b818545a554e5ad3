"""`pip install .` gives a package that works outside the checkout, weights and page included."""

import os
import subprocess
import sys
import urllib.request

import pytest
from helpers.serving import ROOT, serving

# As pip makes a command of an entry point.
SCRIPT = "import sys; from {module} import {function}; sys.exit({function}())"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, unpacked where nothing of the checkout is; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    # What builds it is in requirements-dev.txt: no test may need the network.
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder / "packages")]
    subprocess.run([*pip, "install", *options, str(ROOT)], check=True, cwd=folder)
    return folder


def environment(installed):
    return {**os.environ, "PYTHONPATH": str(installed / "packages")}


def run(installed, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command],
        cwd=installed,
        env=environment(installed),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_shipped_weights_and_the_public_names_are_there(installed):
    code = (
        "import gan; generator = gan.load_generator('digits'); "
        "print(gan.__file__, generator(gan.seed_latents([0], generator.z_dim)).shape)"
    )
    done = run(installed, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(installed)) and "[1, 1, 32, 32]" in done.stdout


def test_the_command_line_samples_and_lists_the_methods(installed):
    done = run(installed, "-m", "gan", "sample", "--model", "faces", "--seeds", "0-3")
    assert done.returncode == 0, done.stderr
    assert (installed / "grid.png").stat().st_size > 1000
    assert "quick" in run(installed, "-m", "gan", "methods").stdout


def test_both_commands_of_the_package_start(installed):
    for name in ("ganscope", "gan"):
        assert (installed / "packages" / "bin" / name).is_file()
    helped = run(installed, str(installed / "packages" / "bin" / "gan"), "--help")
    assert helped.returncode == 0 and "evaluate" in helped.stdout


def test_ganscope_serves_the_page_and_its_scripts(installed, tmp_path):
    script = str(installed / "packages" / "bin" / "ganscope")
    path = {"PYTHONPATH": str(installed / "packages")}
    with serving(tmp_path, [script], installed, **path) as server:
        with urllib.request.urlopen(f"{server.url}/gradio_api/ganscope/model?name=faces") as answer:
            assert b'"z_dim"' in answer.read()
        with urllib.request.urlopen(f"{server.url}/gradio_api/ganscope/points/show") as answer:
            assert answer.status == 200
