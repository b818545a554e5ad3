"""Generators and runs on disk: what comes back, from where, and what is refused."""

import json
import os
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from gan.common.files import read_json, read_tensors, write_tensors
from gan.data.load import load_images
from gan.latent.vectors import seed_latents
from gan.models import registry, storage
from gan.models.storage import load_generator, read_generator
from gan.settings.config import TrainConfig
from gan.training.checkpoint import read_run, restore_run, save_run
from gan.training.loop import train
from gan.training.resolve import resolve
from gan.training.trainer import Trainer
from gan.training.trainer_state import state_of


@pytest.fixture
def trainer(tiny):
    def make(**changed) -> Trainer:
        config = resolve(tiny(**changed))
        return Trainer(config, load_images("shapes", 32, 1, 64).pixels, torch.device("cpu"))

    return make


def test_a_generator_comes_back_ready_to_draw(saved_generator):
    generator, folder = saved_generator
    back = load_generator(str(folder))
    z = torch.randn(2, 8)
    assert torch.equal(back(z), generator(z))
    assert not back.training
    assert not any(p.requires_grad for p in back.parameters())
    assert sorted(os.listdir(folder)) == ["config.json", "model.safetensors", "train.json"]
    assert read_json(folder / "train.json")["seed"] == 3


def test_shipped_names_are_listed_and_loaded(shipped, saved_generator):
    (shipped / "lenet").mkdir()
    (shipped / "lenet" / "model.safetensors").write_bytes(b"")
    assert storage.shipped() == ["digits"]
    z = torch.randn(1, 8)
    assert torch.equal(load_generator("digits")(z), read_generator(shipped / "digits")(z))
    with pytest.raises(ValueError, match=r"no model called 'lenet': choose digits"):
        load_generator("lenet")


def test_a_name_comes_before_a_folder_of_that_name(shipped, saved_generator, monkeypatch):
    _, folder = saved_generator
    monkeypatch.chdir(folder.parent)
    os.rename(folder, "digits")
    z = torch.randn(1, 8)
    assert torch.equal(load_generator("digits")(z), read_generator(shipped / "digits")(z))
    assert not torch.equal(load_generator("./digits")(z), load_generator("digits")(z))


NAMES = ["cats", "a/b/c", "./none", "/nowhere", "~/none", "../..x", "a" * 300, "~nobody-here/x"]


@pytest.mark.parametrize("roots", [None, []], ids=["anywhere", "nowhere"])
@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:20])
def test_an_unknown_model_is_refused_with_the_names_there_are(shipped, name, roots):
    with pytest.raises(ValueError, match=r"no model called .*choose digits") as caught:
        load_generator(name, roots)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [None, "", 7, True, ["digits"], "a\0b", "x" * 501], ids=repr)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="model must be"):
        load_generator(name)


def test_without_a_network_the_message_names_the_shipped_models(shipped, monkeypatch):
    def unreachable(*_, **__):
        raise ConnectionError("no network\nat all")

    monkeypatch.setattr(storage.HfApi, "model_info", unreachable)
    with pytest.raises(ValueError, match=r"no network.*These are here: digits") as caught:
        load_generator("someone/faces")
    assert "\n" not in str(caught.value)


def on_the_hub(monkeypatch, folder, megabytes):
    """A Hub that lists one model's files; gives the list of what is fetched from it."""
    files = [SimpleNamespace(rfilename="model.safetensors", size=megabytes * 10**6)]
    info = SimpleNamespace(siblings=[*files, SimpleNamespace(rfilename="huge.bin", size=10**12)])
    monkeypatch.setattr(storage.HfApi, "model_info", lambda *_, **__: info)
    requests = []
    monkeypatch.setattr(
        storage,
        "snapshot_download",
        lambda repo, **options: requests.append((repo, options)) or folder,
    )
    return requests


def test_a_hub_id_loads_what_was_downloaded(saved_generator, monkeypatch):
    _, folder = saved_generator
    requests = on_the_hub(monkeypatch, folder, megabytes=3)
    assert load_generator("someone/faces").z_dim == 8
    ((repo, options),) = requests
    assert repo == "someone/faces"
    # Never a pickle, nor code.
    wanted = {"config.json", "model.safetensors", "directions.json"}
    assert set(options["allow_patterns"]) == wanted


def test_a_huge_model_is_not_fetched(saved_generator, monkeypatch):
    _, folder = saved_generator
    requests = on_the_hub(monkeypatch, folder, megabytes=900)
    with pytest.raises(ValueError, match="900 MB large; at most 200"):
        load_generator("someone/faces")
    assert requests == []


def test_folders_outside_the_roots_may_not_be_read(saved_generator, tmp_path):
    _, folder = saved_generator
    (tmp_path / "open").mkdir()
    inside = tmp_path / "open" / "mine"
    os.rename(folder, inside)
    assert load_generator(str(inside), [tmp_path / "open"]).z_dim == 8
    assert load_generator(str(inside), [tmp_path / "else", tmp_path / "open"]).z_dim == 8
    (tmp_path / "closed").mkdir()
    outside = tmp_path / "closed" / "theirs"
    os.rename(inside, outside)
    assert load_generator(str(outside)).z_dim == 8
    (tmp_path / "open" / "link").symlink_to(outside)
    sneaky = tmp_path / "open" / ".." / "closed" / "theirs"
    twin = tmp_path / "open-too"
    twin.symlink_to(outside)
    for path in (outside, sneaky, tmp_path / "open" / "link", twin):
        with pytest.raises(ValueError, match="may not be read from this page"):
            load_generator(str(path), [tmp_path / "open"])
    with pytest.raises(ValueError, match="may not be read"):
        load_generator(str(outside), [])


CONFIGS = {
    "of another kind": ({"architectures": ["Bert"]}, "not that of a GANscope generator"),
    "with one key more": ({"size": 32, "extra": 1}, "not that of a GANscope generator"),
    "unknown family": ({"family": "stylegan"}, "Unknown model 'stylegan'"),
    "bad size": ({"size": 48}, "Unknown size 48"),
    "endless width": ({"width": 10**9}, "width must be from 4 to 128"),
    "text": ({"z_dim": "8"}, "z_dim must be a whole number"),
    "null": ({"z_dim": None}, "z_dim must be a whole number"),
    "list": ([1], "must hold a JSON object"),
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_a_bad_config_is_refused_in_one_clear_sentence(saved_generator, kind):
    content, words = CONFIGS[kind]
    _, folder = saved_generator
    (folder / "config.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=words) as caught:
        load_generator(str(folder))
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_says_what_is_missing(tmp_path):
    with pytest.raises(ValueError, match=r"no readable config\.json"):
        load_generator(str(tmp_path))


def test_a_run_comes_back_whole(trainer, tmp_path):
    one, other = trainer(seed=2), trainer(seed=2)
    for _ in range(3):
        one.step(0.0)
    save_run(tmp_path, one, 1.25)
    config, seconds = read_run(tmp_path)
    assert (config, seconds) == (one.config, 1.25)
    restore_run(tmp_path, other)
    assert (other.steps, other.images) == (3, 24)
    ours, theirs = state_of(one), state_of(other)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())
    kinds = {name.split(".")[0] for name in ours}
    assert kinds == {"rng", "steps", "images", "g", "d", "g_ema", "g_optim", "d_optim"}


def test_a_checkpoint_of_before_images_were_counted_has_as_many_at_every_step(trainer, tmp_path):
    one, other = trainer(n_critic=2), trainer(n_critic=2)
    for _ in range(3):
        one.step(0.0)
    save_run(tmp_path, one, 0.0)
    tensors, notes = read_tensors(tmp_path / registry.CHECKPOINT_FILE)
    del tensors["images"]
    write_tensors(tmp_path / registry.CHECKPOINT_FILE, tensors, notes)
    restore_run(tmp_path, other)
    assert (other.steps, other.images) == (one.steps, one.images) == (3, 48)


@pytest.mark.parametrize("other", [{"width": 8}, {"z_dim": 9}, {"model": "tutorial"}], ids=str)
def test_the_run_of_another_shape_does_not_fit(trainer, tmp_path, other):
    save_run(tmp_path, trainer(**other), 0.0)
    with pytest.raises(ValueError, match="another model, size or width"):
        restore_run(tmp_path, trainer())


def test_what_is_no_checkpoint_is_refused(trainer, tmp_path):
    path = tmp_path / registry.CHECKPOINT_FILE
    whole = {"config": "{}", "seconds": "0.0"}
    for notes in (None, {}, {"config": "{}"}, {**whole, "config": "{"}, {**whole, "config": "[]"},
                  {**whole, "config": '{"g_lr": -1}'}, {**whole, "seconds": "soon"}):  # fmt: skip
        write_tensors(path, {"a": torch.zeros(1)}, notes)
        with pytest.raises(ValueError, match="not a checkpoint of a run"):
            read_run(tmp_path)


def test_a_checkpoint_with_a_tensor_missing_or_cut_is_refused(trainer, tmp_path):
    t = trainer()
    t.step(0.0)
    save_run(tmp_path, t, 0.0)
    path = tmp_path / registry.CHECKPOINT_FILE
    tensors, notes = read_tensors(path)
    for name in (
        "g.dense.weight",
        "rng",
        "steps",
        "d.head.bias",
        "g_ema.dense.bias",
        "d_optim.head.bias.step",
    ):
        write_tensors(path, {key: value for key, value in tensors.items() if key != name}, notes)
        with pytest.raises(ValueError, match="belongs to a run with another"):
            restore_run(tmp_path, trainer())
    for name in ("g_optim.dense.weight.exp_avg", "rng"):
        write_tensors(path, {**tensors, name: tensors[name].flatten()[:3]}, notes)
        with pytest.raises(ValueError, match="belongs to a run with another"):
            restore_run(tmp_path, trainer())


def test_a_generator_of_points_is_saved_and_read_but_makes_no_pictures(tmp_path):
    *_, last = train(TrainConfig("ring", steps=3, width=8, d_width=8, batch=16), tmp_path)
    assert last.samples.shape == (1000, 2)
    assert last.samples.dtype == np.float32
    generator = read_generator(tmp_path)
    shown = generator(seed_latents(range(1000), 2)).detach().numpy()
    assert np.allclose(shown, last.samples, atol=1e-5)
    with pytest.raises(ValueError, match="makes 2-D points: one of images is needed"):
        load_generator(str(tmp_path))
