"""`pip install .` gives a package that works outside the checkout, weights and page included.

Every snippet and command that the page, the model cards and the README offer is run there.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from importlib import metadata

import numpy as np
import pytest
import torch
from helpers.serving import ROOT, serving
from PIL import Image

from demo.backend.jobs.exports import snippet
from gan.export import needs, package, snippets
from gan.latent.moves import direction_set
from gan.latent.text import pack
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.registry import WEIGHTS_FOLDER
from gan.models.render import render
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig

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


def run(installed, *command: str, **more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command],
        cwd=installed,
        env=environment(installed) | more,
        capture_output=True,
        text=True,
        timeout=900,
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
        with urllib.request.urlopen(
            f"{server.url}/gradio_api/ganscope/recordings/find?model=digits"
        ) as answer:
            assert b'"looks"' in answer.read()


TINY = {"size": 32, "channels": 1, "width": 4, "batch": 4, "z_dim": 8, "limit": 16, "steps": 2}
PACKED = pack(seed_latents([9], 64)[0].numpy() * 0.7)
# What Explore sends for a picture: seed, truncation, amounts by set and name, single numbers.
PICTURES = {
    "seed": ("faces", {"key": 42, "truncation": 0.83}),
    "moved": (
        "faces",
        {"key": 3, "moves": {"named": {"dark skin": 1.5, "tilt": -0.35}, "sefa": {"3": -2}}},
    ),
    "former": ("faces64", {"key": 4, "truncation": 0.9, "moves": {"named": {"worried brows": 2.05}}}),
    "digit": (
        "digits",
        {"key": 5, "moves": {"classes": {"digit 3": 1.2}, "pca": {"2": 1}}, "numbers": {"7": 0.25}},
    ),
    "bred": ("digits", {"key": PACKED}),
}


def as_the_page_draws(model: str, key, truncation=1.0, moves=None, numbers=None) -> np.ndarray:
    """The picture (size, size, channels) of z composed as demo/web/explore does: each step rounded to float32."""
    generator = load_generator(model)
    if key == PACKED:
        return render(generator, torch.from_numpy(seed_latents([9], 64).numpy() * np.float32(0.7)))[0]
    z = (seed_latents([key], generator.z_dim)[0].numpy().astype(np.float64) * truncation).astype(
        np.float32
    )
    for name in ("named", "classes", "sefa", "pca"):
        for each in (
            direction_set(generator, WEIGHTS_FOLDER / model, name).directions
            if (moves or {}).get(name)
            else ()
        ):
            if by := moves[name].get(each.name):
                z = (z.astype(np.float64) + by * np.array(each.vector)).astype(np.float32)
    for index, value in (numbers or {}).items():
        z[int(index)] = value
    return render(generator, torch.from_numpy(z)[None])[0]


def failures(installed, lines: list[dict]) -> list[str]:
    """Run lines (tests/helpers/run_lines.py) with the installed package and nothing of the checkout."""
    place = installed / f"{len(list(installed.iterdir()))}-lines.json"
    place.write_text(json.dumps(lines))
    script = (ROOT / "tests/helpers/run_lines.py").read_text()
    (installed / "run_lines.py").write_text(script)
    more = {
        "HF_HUB_OFFLINE": "1",
        "HF_TOKEN": "hf_none_of_ours",
        "GANSCOPE_DATA": str(installed / "data"),
    }
    done = run(installed, "run_lines.py", str(place), **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def pictures(installed):
    """Small data: a folder of grey pictures that has the name mnist in GANSCOPE_DATA."""
    folder = installed / "data" / "mnist"
    folder.mkdir(parents=True)
    for k, picture in enumerate(render(load_generator("digits"), seed_latents(range(40), 64))):
        Image.fromarray(picture[..., 0]).save(folder / f"{k}.png")
    return folder


def test_the_name_of_the_package_is_that_of_the_project(installed):
    (made,) = metadata.distributions(path=[str(installed / "packages")])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (made.name, made.version) == (project["name"], project["version"])
    # What is installed, and so what snippets may import, is what this says.
    assert "python -m pip install ." in needs.PACKAGE


def test_pictures_of_snippets_are_those_of_the_page(installed):
    lines, expected = [], {}
    for name, (model, asked) in PICTURES.items():
        made = snippet("picture", {"model": model, "scale": 1, **asked})
        assert ("base64" in made.python) == (name == "bred")
        for part, line in (("python", made.python), ("command", made.command)):
            folder = installed / "pictures" / name / part
            lines.append({"folder": str(folder), "python": "", "command": "", part: line})
            expected[folder] = as_the_page_draws(model, **asked)
    assert failures(installed, lines) == []
    for folder, drawn in expected.items():
        made = np.asarray(Image.open(folder / "picture.png"))
        assert np.array_equal(made, drawn.squeeze()), folder  # on one machine, bit for bit


def offered(installed) -> dict[str, snippets.Snippet]:
    """The other things that the page offers: a walk as GIF and MP4, trainings, a report."""
    return {
        "gif": snippets.walk("digits", [1, PACKED, 5], 6, closed=True, scale=2),
        "mp4": snippets.walk("faces", [1, 2], 4, form="mp4", scale=2),
        "drawn": snippets.training(TrainConfig("glyphs", **TINY, seed=3, changes={"real_label": 0.9})),
        "pictures": snippets.training(TrainConfig("pictures", **TINY)),
        "report": snippet("report", {"model": "run:abc", "data": "glyphs", "samples": 10, "seed": 0}),
    }


def test_walks_trainings_and_reports_run_as_offered(installed, pictures):
    lines = []
    for name, made in offered(installed).items():
        folder = installed / "offered" / name
        folder.mkdir(parents=True)
        lines.append({"folder": str(folder), "python": made.python, "command": ""})
        lines.append({"folder": str(folder / "command"), "python": "", "command": made.command})
        if name == "pictures":  # as `needs` says
            assert made.needs.endswith("pictures stands for your pictures: put a folder or zip of that name where you "
                                       "run this.")  # fmt: skip
            for where in (folder, folder / "command"):
                where.mkdir(exist_ok=True)
                (where / "pictures").symlink_to(pictures)
        if name == "report":
            assert "ganscope-abc is the model's folder" in made.needs
            unpack_model(installed, folder / "command")
    assert failures(installed, lines) == []
    for name, result in (
        ("gif", "walk.gif"),
        ("mp4", "walk.mp4"),
        ("drawn", "runs/again/model.safetensors"),
    ):
        here, beside = (installed / "offered" / name / part / result for part in ("", "command"))
        assert here.read_bytes() == beside.read_bytes()
    assert (installed / "offered/report/command/report.html").stat().st_size > 1000


def unpack_model(installed, folder) -> str:
    """A model as “Model as zip” packs it, unpacked in `folder`; its model card."""
    generator = Generator("dcgan", 32, 1, 4, 8)
    initialise(generator, torch.Generator().manual_seed(0))
    save_generator(installed / "trained", generator.eval(), TrainConfig("glyphs", **TINY))
    files = package.model_files(installed / "trained", "ganscope-abc")
    with zipfile.ZipFile(io.BytesIO(package.zipped(files, "ganscope-abc"))) as archive:
        archive.extractall(folder)
    return files["README.md"].decode()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_a_model_card_runs(installed):
    folder = installed / "card"
    card = unpack_model(installed, folder)
    assert needs.PACKAGE in card
    (python,), (command,) = blocks(card, "python"), blocks(card, "sh")
    python += "\nassert pictures.shape == (4, 32, 32, 1)\n"
    assert failures(installed, [{"folder": str(folder), "python": python, "command": command}]) == []


# What only makes the README's commands shorter, in the order in which they stand there.
SHORTER = {
    "--data glyphs --method quick --seconds 60": "--data glyphs --width 4 --limit 64 --steps 2",
    "--steps 5000 --save-every 500": "--width 4 --steps 2 --save-every 1",
    "--start-from photos": "--start-from photos --steps 2",
    "--data faces --batch 64": "--data faces --batch 4 --width 4 --limit 64 --steps 2",
    "--seeds 0-63": "--seeds 0-8",
    "--frames 60": "--frames 6",
    "--picture seven.png": "--picture seven.png --steps 3 --starts 2",
    "encoder --model runs/first": "encoder --model runs/first --steps 2",
    "directions --model runs/first": "directions --model runs/first --samples 8",
    "report --model digits --data mnist": "report --model digits --data mnist --samples 10",
    "evaluate --model digits --data mnist": "evaluate --model digits --data mnist --samples 10",
    "seconds=30": "steps=2, width=4, limit=64",
}


def test_what_the_readme_offers_runs(installed, pictures):
    readme = (ROOT / "README.md").read_text()
    for long, short in SHORTER.items():
        assert long in readme, long
        readme = readme.replace(long, short)
    folder = installed / "readme"
    folder.mkdir()
    (folder / "seven.png").write_bytes((pictures / "7.png").read_bytes())
    shutil.make_archive(str(folder / "my-pictures"), "zip", pictures)
    commands = [
        line for block in blocks(readme, "sh") for line in block.splitlines() if " -m gan " in line
    ]
    assert len(commands) >= 14
    (python,) = (block for block in blocks(readme, "python") if "from gan import" in block)
    lines = [{"folder": str(folder), "python": "", "command": line} for line in commands]
    lines.append({"folder": str(folder), "python": python, "command": ""})
    (pushed,) = failures(installed, lines)  # it has no network here
    assert "push --model" in pushed and "name/model could not be written" in pushed
