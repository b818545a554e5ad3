"""What a run may start from: the models that fit, the one that is suggested, and what visitors may open."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo.backend.generators import GeneratorStore
from demo.backend.runs import starting
from demo.backend.runs.payload import method_title, start_title
from demo.backend.runs.run import Run
from demo.backend.runs.starting import fitting, open_start, suggested
from demo.backend.visitors.uploads import Uploads
from gan.common.files import read_json, write_json
from gan.settings.config import TrainConfig


class Renderer:
    """In place of the process that draws: knows what config.json says."""

    def call(self, method, source):
        assert method == "info"
        if not (Path(source.location) / "model.safetensors").is_file():
            raise ValueError("There is no readable model.safetensors.")
        shape = read_json(Path(source.location) / "config.json")
        return SimpleNamespace(result=lambda: {name: shape[name] for name in ("size", "channels")})


@pytest.fixture
def services(tmp_path, saved_generator):
    """Services with two runs, the second on uploads of "anna"; both have drawn grey pictures of 32×32."""
    folder = tmp_path / "runs"
    for name in ("ab12", "cd34"):
        shutil.copytree(saved_generator[1], folder / name)
    known = {
        "ab12": Run("ab12", TrainConfig(), folder / "ab12", "anna"),
        "cd34": Run("cd34", TrainConfig("own:" + "0" * 32), folder / "cd34", "anna"),
    }
    runs = SimpleNamespace(find=lambda name: known[name])
    store = GeneratorStore(folder, (), Renderer())
    here = SimpleNamespace(generators=store, runs=runs, uploads=Uploads())
    here.models = lambda session: [("mine", "run:ab12"), ("gone", "run:ef56"), ("folder", str(folder))]
    yield here
    here.uploads.close()


def test_a_run_gives_its_folder_and_its_size_and_channels(services, tmp_path):
    config, location = open_start(services, TrainConfig("shapes", start_from="run:ab12"), "otto", "s")
    assert location == str(tmp_path / "runs" / "ab12")
    assert (config.size, config.channels, config.start_from) == (32, 1, "run:ab12")


def test_nothing_opens_nothing(services):
    config = TrainConfig("shapes")
    assert open_start(services, config, "otto", None) == (config, "")


def test_another_size_is_refused_before_the_run_is_queued(services):
    config = TrainConfig("shapes", size=64, start_from="run:ab12")
    with pytest.raises(
        ValueError, match="size = 64 does not fit start_from = run:ab12, which has size = 32"
    ):
        open_start(services, config, "otto", "s")


def test_what_learned_from_own_pictures_is_its_owner_s(services):
    config = TrainConfig("shapes", start_from="run:cd34")
    assert open_start(services, config, "anna", "s")[1].endswith("cd34")
    with pytest.raises(ValueError, match="only its owner may start from it"):
        open_start(services, config, "otto", "s")
    # Nor from what its generator was earlier.
    with pytest.raises(ValueError, match="only its owner may start from it"):
        open_start(services, TrainConfig("shapes", start_from="run:cd34@64"), "otto", "s")


def test_weights_that_another_session_uploaded_are_not_opened(services, saved_generator):
    upload = services.uploads.create("anna's session")
    shutil.copytree(saved_generator[1], upload.weights, dirs_exist_ok=True)
    config = TrainConfig("shapes", start_from=upload.name)
    assert open_start(services, config, "anna", "anna's session")[1] == str(upload.weights)
    for session in ("another", "", None):
        with pytest.raises(ValueError, match="no longer here"):
            open_start(services, config, "anna", session)


def test_the_menu_lists_what_draws_such_pictures_and_can_be_read(services):
    assert fitting(services, "s", 32, 1) == [("mine", "run:ab12")]
    assert fitting(services, "s", 32, 3) == fitting(services, "s", 64, 1) == []


def test_photographs_are_suggested_before_drawings(monkeypatch):
    learned = {"cartoons": "faces", "photos": "cifar10", "others": "mnist"}
    monkeypatch.setattr(starting, "shipped", lambda: list(learned))
    monkeypatch.setattr(starting, "training_config_of", lambda name: TrainConfig(learned[name]))
    menu = [("", "run:ab12"), ("", "cartoons"), ("", "photos")]
    assert suggested(menu) == "photos"
    assert suggested(menu[:2]) == "cartoons"
    assert suggested(menu[:1]) == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("", ""),
        ("faces", "starts from faces"),
        ("run:ab12", "starts from run ab12"),
        ("own:" + "0" * 32, "starts from uploaded weights"),
        ("/home/anna/models/cats", "starts from cats"),
        ("owner/name", "starts from owner/name"),
    ],
)
def test_wherever_a_run_is_named_its_start_is_said(name, title):
    config = TrainConfig("shapes", start_from=name)
    assert start_title(config) == title
    assert method_title(config) == ("Quick, " + title if title else "Quick")


def test_points_are_not_started_from(services, tmp_path):
    shape = read_json(tmp_path / "runs" / "ab12" / "config.json")
    write_json(tmp_path / "runs" / "ab12" / "config.json", {"family": "mlp", "z_dim": shape["z_dim"]})
    assert fitting(services, "s", 32, 1) == []
