"""Runs that start from a model: whose weights they begin with, what fits, and that they resume bit for bit."""

import dataclasses
import json
import shutil

import pytest
import torch

from gan.common.files import digest, read_json, read_tensors, write_bytes
from gan.data.image_tensors import to_uint8
from gan.models.generator import Generator
from gan.models.storage import load_generator, read_generator
from gan.settings.config import TrainConfig, method_of
from gan.training import loop
from gan.training.discriminator_file import discriminator_file
from gan.training.loop import train
from gan.training.nearest_class import begin_as, nearest_class
from gan.training.resolve import resolve
from gan.training.start_from import RATES, open_start


def tensors(folder, prefix: str) -> dict[str, torch.Tensor]:
    return read_tensors(folder / "checkpoint.safetensors", prefix)[0]


def equal(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def model(tiny, tmp_path):
    """The folder of a run of six steps, with its checkpoint."""
    list(train(tiny(seed=4, changes={"labels": "ignored"}), tmp_path / "model"))
    return tmp_path / "model"


@pytest.fixture
def given_away(model, tmp_path):
    """The same model as a shipped one: without a checkpoint, with discriminator.safetensors."""
    folder = tmp_path / "given"
    shutil.copytree(model, folder)
    write_bytes(folder / "discriminator.safetensors", discriminator_file(model))
    (folder / "checkpoint.safetensors").unlink()
    return folder


def begun(config, out) -> None:
    """Begin a run, and end it before its first step."""
    run = train(config, out)
    next(run)
    run.close()


def fine(tiny, folder, **changed) -> TrainConfig:
    """A run from a model, on other data and seed; its size and networks are the model's."""
    shape = {"data": "glyphs", "seed": 9, "width": None, "z_dim": None, "size": None, "channels": None}
    return tiny(**shape | changed, start_from=str(folder))


@pytest.mark.parametrize("kept", ["model", "given_away"])
def test_g_its_average_and_d_begin_as_the_model_ended(kept, tiny, tmp_path, request):
    folder = request.getfixturevalue(kept)
    begun(fine(tiny, folder), tmp_path / "new")
    average = read_generator(folder).state_dict()
    assert equal(tensors(tmp_path / "new", "g."), average)
    assert equal(tensors(tmp_path / "new", "g_ema."), average)
    assert equal(tensors(tmp_path / "new", "d."), tensors(tmp_path / "model", "d."))


def test_without_a_discriminator_d_starts_anew_and_that_is_said(saved_generator, tiny, tmp_path):
    generator, folder = saved_generator
    config = fine(tiny, folder)
    first = next(train(config, tmp_path / "new"))
    assert "D starts anew" in " ".join(first.notes)
    begun(config, tmp_path / "one")
    begun(dataclasses.replace(config, start_from=""), tmp_path / "nothing")
    assert equal(tensors(tmp_path / "one", "g."), generator.state_dict())
    assert resolve(config).freeze_d == 0


def test_a_discriminator_of_other_weights_is_passed_over(given_away, tiny):
    write_bytes(given_away / "model.safetensors", (given_away / "model.safetensors").read_bytes())
    assert "its averaged G and its D" in " ".join(next(train(fine(tiny, given_away))).notes)
    generator = read_generator(given_away)
    generator.dense.bias += 1
    from gan.models.storage import save_generator

    save_generator(given_away, generator, TrainConfig.from_file(read_json(given_away / "train.json")))
    assert "D starts anew" in " ".join(next(train(fine(tiny, given_away))).notes)


def test_frozen_stages_keep_their_weights_and_the_rest_learns(model, tiny, tmp_path):
    list(train(fine(tiny, model, freeze_d=2), tmp_path / "new"))
    before, after = tensors(model, "d."), tensors(tmp_path / "new", "d.")
    changed = {
        name.split(".")[1]
        for name in before
        if name.endswith(("weight", "bias")) and not torch.equal(before[name], after[name])
    }
    assert changed == {"5", "6", "weight", "bias"}  # the third stage, and the head


def test_what_it_started_from_is_recorded(model, tiny, tmp_path):
    list(train(fine(tiny, model), tmp_path / "new"))
    saved = read_json(tmp_path / "new" / "train.json")
    assert saved["start_from"] == str(model)
    assert saved["start_weights"] == digest(model / "model.safetensors")
    assert (saved["size"], saved["channels"], saved["width"], saved["z_dim"]) == (32, 1, 4, 8)


@pytest.mark.parametrize("freeze_d", [None, 0, 2])
def test_a_stopped_run_ends_as_one_that_was_not_though_its_start_is_gone(
    model, tiny, tmp_path, monkeypatch, freeze_d
):
    config = fine(tiny, model, freeze_d=freeze_d, method="quick", save_every=2)
    list(train(config, tmp_path / "whole"))
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    run = train(config, tmp_path / "parts")
    while next(run).step < 3:
        pass
    run.close()
    shutil.rmtree(model)
    list(train(config, tmp_path / "parts", resume=True))
    assert equal(tensors(tmp_path / "whole", ""), tensors(tmp_path / "parts", ""))
    assert (tmp_path / "whole" / "train.json").read_text() == (
        tmp_path / "parts" / "train.json"
    ).read_text()


def test_a_run_from_another_start_does_not_resume(model, given_away, tiny, tmp_path):
    list(train(fine(tiny, model, steps=2), tmp_path / "new"))
    for other in (fine(tiny, given_away), tiny(data="glyphs", seed=9)):
        with pytest.raises(ValueError, match=r"start_from=.*only its budget may change"):
            list(train(other, tmp_path / "new", resume=True))


def test_a_run_may_start_from_one_that_started_from_a_model(model, tiny, tmp_path):
    list(train(fine(tiny, model, freeze_d=1), tmp_path / "second"))
    begun(fine(tiny, tmp_path / "second"), tmp_path / "third")
    assert equal(tensors(tmp_path / "third", "d."), tensors(tmp_path / "second", "d."))


@pytest.mark.parametrize(
    "chosen", [{"size": 64}, {"channels": 3}, {"width": 6}, {"z_dim": 16}, {"model": "resnet"},
               {"changes": {"d_norm": "none"}}, {"changes": {"minibatch_stddev": True}}],
    ids=str,
)  # fmt: skip
def test_settings_that_contradict_the_model_are_refused_and_both_are_named(model, tiny, chosen):
    name = next(iter(chosen.get("changes", chosen)))
    with pytest.raises(
        ValueError, match=rf"^{name} = .* does not fit start_from = model, which has {name} = "
    ):
        resolve(fine(tiny, model, **chosen))


def test_the_method_follows_the_model_where_nothing_was_chosen(model, tiny):
    # The method r3gan has residual networks without normalisation by itself.
    config = resolve(fine(tiny, model, method="r3gan", changes={"r1": 0.0, "r2": 0.0}))
    assert (config.model, config.width, config.d_width, config.z_dim) == ("dcgan", 4, 16, 8)
    assert (config.size, config.channels) == (32, 1)
    assert resolve(config) == config


def test_how_much_is_frozen(model, saved_generator, tiny):
    with pytest.raises(ValueError, match="freeze_d must be at most 3 with pictures of 32×32, not 4"):
        resolve(fine(tiny, model, freeze_d=4))
    with pytest.raises(ValueError, match="came without its discriminator"):
        resolve(fine(tiny, saved_generator[1], freeze_d=1))
    with pytest.raises(ValueError, match="needs start_from"):
        tiny(freeze_d=1)
    with pytest.raises(ValueError, match="freeze_d must be from 0 to 5"):
        tiny(freeze_d=6, start_from="faces")


def test_points_start_from_nothing():
    with pytest.raises(ValueError, match="start_from is for pictures"):
        TrainConfig("ring", start_from="faces")


def test_other_weights_than_those_that_were_named_are_refused(model, tiny):
    right = digest(model / "model.safetensors")
    assert resolve(fine(tiny, model, start_weights=right)).start_weights == right
    with pytest.raises(ValueError, match=f"SHA-256 is {right[:8]}…, not 00000000…"):
        resolve(fine(tiny, model, start_weights="0" * 64))
    with pytest.raises(ValueError, match="start_weights must be a SHA-256"):
        tiny(start_weights="abc")


def test_a_damaged_discriminator_is_refused(given_away, tiny):
    path = given_away / "discriminator.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        resolve(fine(tiny, given_away))


@pytest.mark.parametrize("settings", ["[]", "{", '{"data": "faces"}', '{"d_width": 1}'])
def test_a_discriminator_that_does_not_say_its_shape_is_refused(given_away, tiny, settings):
    from safetensors.torch import save

    kept, notes = read_tensors(given_away / "discriminator.safetensors")
    content = save(kept, notes | {"settings": settings})
    (given_away / "discriminator.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match="does not say how its network is shaped"):
        resolve(fine(tiny, given_away))


def test_the_discriminator_file_holds_settings_and_the_digest_of_its_generator(given_away):
    _, notes = read_tensors(given_away / "discriminator.safetensors")
    assert notes["weights"] == digest(given_away / "model.safetensors")
    settings = json.loads(notes["settings"])
    assert settings["d_width"] == 16 and settings["d_norm"] == "batch"


@pytest.fixture
def conditional(tiny, tmp_path):
    """A model of the classes of shapes."""
    list(train(tiny(method="conditional", limit=300, z_dim=64), tmp_path / "three"))
    assert read_json(tmp_path / "three" / "config.json")["classes"] > 0
    return tmp_path / "three"


def test_without_labels_g_keeps_its_classes_and_d_forgets_them(
    conditional, tiny, tmp_path, picture_folder
):
    config = fine(tiny, conditional, data=str(picture_folder(12)), limit=None)
    first, *_ = train(dataclasses.replace(config, steps=2), tmp_path / "new")
    assert "have no labels" in " ".join(first.notes)
    begins = [
        each for each in first.notes if each.startswith("All classes of three begin as the nearest, ")
    ]
    assert len(begins) <= 1  # the model has taken six steps: its classes may be nearer together
    # Names of the old classes would say what the new ones no longer show.
    shape = read_json(conditional / "config.json")
    assert shape.pop("class_names")
    assert read_json(tmp_path / "new" / "config.json") == shape
    assert not any(name.startswith("embedding") for name in tensors(tmp_path / "new", "d."))
    list(train(dataclasses.replace(config, steps=4), tmp_path / "new", resume=True))
    list(train(dataclasses.replace(config, steps=4), tmp_path / "whole"))
    assert equal(tensors(tmp_path / "new", ""), tensors(tmp_path / "whole", ""))


def test_as_many_classes_stay_and_their_embedding_in_d_too(conditional, tiny, tmp_path):
    begun(fine(tiny, conditional, data="shapes", method="conditional", limit=300), tmp_path / "new")
    assert equal(tensors(tmp_path / "new", "d."), tensors(conditional, "d."))


def test_other_classes_are_ignored_or_refused(conditional, model, tiny):
    glyphs = {"data": "glyphs", "limit": 300}
    first = next(train(fine(tiny, conditional, method="quick", **glyphs)))
    assert "their labels are ignored" in " ".join(first.notes)
    with pytest.raises(ValueError, match=r"three draws \d+ classes, and glyphs has 36"):
        next(train(fine(tiny, conditional, method="conditional", **glyphs)))
    with pytest.raises(ValueError, match=r"model knows no classes, and shapes has \d+"):
        next(train(fine(tiny, model, method="conditional", data="shapes", limit=300)))


def test_growing_networks_start_grown_up(tiny, tmp_path):
    list(train(tiny(method="progressive"), tmp_path / "grown"))
    list(train(fine(tiny, tmp_path / "grown", method="progressive", steps=1), tmp_path / "new"))
    assert tensors(tmp_path / "new", "g.")["layers.1.level"] == 3.0


def test_a_run_of_an_older_version_resumes(tiny, tmp_path):
    """Its checkpoint knows nothing of start_from and freeze_d."""
    from safetensors.torch import save

    list(train(tiny(steps=2), tmp_path))
    kept, notes = read_tensors(tmp_path / "checkpoint.safetensors")
    config = json.loads(notes["config"])
    for name in ("start_from", "start_weights", "freeze_d"):
        del config[name]
    (tmp_path / "checkpoint.safetensors").write_bytes(
        save(kept, notes | {"config": json.dumps(config)})
    )
    *_, last = train(tiny(), tmp_path, resume=True)
    assert last.step == 6


def test_learning_rates_are_small_unless_they_were_chosen(model, tiny):
    usual = method_of(tiny())
    assert usual.g_lr > RATES["g_lr"] and usual.d_lr > RATES["d_lr"]
    started = resolve(tiny(start_from=str(model)))
    assert (started.g_lr, started.d_lr) == (RATES["g_lr"], RATES["d_lr"])
    assert "Learning rates 0.0002 (G) and 0.001 (D)" in " ".join(open_start(started).notes(started))
    chosen = resolve(tiny(start_from=str(model), g_lr=3e-3))
    assert (chosen.g_lr, chosen.d_lr) == (3e-3, RATES["d_lr"])
    # A method whose own rates are smaller keeps them.
    careful = resolve(tiny(start_from=str(model), method="wgan"))
    assert careful.g_lr == min(RATES["g_lr"], method_of(tiny(method="wgan")).g_lr)
    assert resolve(tiny()).g_lr == usual.g_lr


def test_all_classes_begin_as_the_one_whose_pictures_are_the_nearest():
    photos = load_generator("photos").eval()
    for label in (1, 7):
        z = torch.randn(24, photos.z_dim, generator=torch.Generator().manual_seed(5))
        with torch.no_grad():
            images = photos(z, torch.full((24,), label))
        pixels = torch.from_numpy(to_uint8(images)).permute(0, 3, 1, 2)
        assert nearest_class(photos, pixels, "cifar10") == label
    with torch.no_grad():
        mixed = photos(torch.randn(200, photos.z_dim, generator=torch.Generator().manual_seed(6)))
    pixels_of_all = torch.from_numpy(to_uint8(mixed)).permute(0, 3, 1, 2)
    assert nearest_class(photos, pixels_of_all, "cifar10") is None
    other = torch.full((24,), 3)
    begin_as(photos, 7)
    with torch.no_grad():
        torch.testing.assert_close(photos(z, other), images)


def test_modulated_classes_begin_as_one_too():
    made = Generator(width=4, z_dim=8, classes=3, norm="modulated").eval()
    z, labels = torch.randn(6, 8), torch.tensor([0, 1, 2, 0, 1, 2])
    with torch.no_grad():
        wanted = made(z, torch.full((6,), 1))
        begin_as(made, 1)
        torch.testing.assert_close(made(z, labels), wanted)
