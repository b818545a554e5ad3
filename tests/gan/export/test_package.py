"""What is taken away: ONNX that draws the same pictures, folders that load, cards of facts."""

import io
import json
import sys
import zipfile

import numpy as np
import onnxruntime
import pytest
import torch

from gan.common.files import write_json
from gan.export import package
from gan.export.model_card import card, without_local_path
from gan.latent.vectors import seed_latents
from gan.metrics.quality import Quality
from gan.models.flops import parameter_count
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig
from gan.training import run_record

KINDS = {
    "dcgan": {"family": "dcgan"},
    "tutorial": {"family": "tutorial", "channels": 3},
    "resnet": {"family": "resnet", "size": 64},
    "progressive": {"family": "progressive"},
    "conditional": {"family": "dcgan", "classes": 10},
    "conditional resnet": {"family": "resnet", "classes": 5},
    "haar": {"family": "haar", "channels": 3, "size": 64, "classes": 3},
    "palette": {"family": "palette", "channels": 3, "size": 128},
    "virtual": {"family": "dcgan", "norm": "virtual"},
    "modulated": {"family": "dcgan", "norm": "modulated", "classes": 3},
}


def made(**shape) -> Generator:
    """A generator with statistics of its own, as after training."""
    generator = Generator(**{"width": 8, "z_dim": 16, **shape})
    initialise(generator, torch.Generator().manual_seed(0))
    generator.train()
    with torch.no_grad():
        for start in range(0, 1000, 50):
            generator(seed_latents(range(start, start + 50), generator.z_dim))
    return generator.eval().requires_grad_(False)


def agree(generator: Generator) -> None:
    """ONNX and PyTorch draw the same, for one z and for many."""
    content = package.onnx(generator)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["z"]
    assert session.get_inputs()[0].type == "tensor(float)"
    for count in (1, 2, 9):
        z = seed_latents(range(count), generator.z_dim)
        with torch.inference_mode():
            expected = generator(z).numpy()
        (drawn,) = session.run(["pictures"], {"z": z.numpy()})
        assert drawn.dtype == np.float32 and drawn.shape == expected.shape
        assert np.abs(drawn - expected).max() <= 1e-4
        assert expected.std() > 0.001 and (count == 1 or np.ptp(expected, axis=0).max() > 1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_onnx_draws_what_pytorch_draws(kind):
    agree(made(**KINDS[kind]))


@pytest.mark.parametrize("level", [0.0, 1.3, 2.0])
def test_onnx_of_a_network_that_is_still_growing(level):
    generator = made(family="progressive")
    generator.layers[1].level.fill_(level)
    agree(generator)


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_onnx_of_the_shipped_ones(name):
    agree(load_generator(name))


def test_exporting_leaves_the_generator_alone():
    generator = made()
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    generator.train()
    package.onnx(generator)
    assert generator.training
    assert all(torch.equal(value, before[name]) for name, value in generator.state_dict().items())


def test_without_the_package_a_sentence_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ValueError, match="pip install onnx"):
        package.onnx(made())


@pytest.mark.parametrize("kind", KINDS)
def test_a_zip_unpacks_into_a_model_that_loads(kind, tmp_path):
    generator = made(**KINDS[kind])
    save_generator(tmp_path / "run", generator, TrainConfig("glyphs", seconds=9))
    content = package.zipped(package.model_files(tmp_path / "run", "some/name"), "ganscope-1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    z = seed_latents(range(3), generator.z_dim)
    again = load_generator(str(tmp_path / "ganscope-1"))
    assert torch.equal(again(z), generator(z))
    count = parameter_count(generator)
    assert package.parameters_of(tmp_path / "run/model.safetensors") == count
    assert f"`{count:,}`" in (tmp_path / "ganscope-1/README.md").read_text()


def test_a_card_tells_what_is_known_and_no_more(tmp_path):
    config = TrainConfig("glyphs", "hinge", steps=7, seed=3, changes={"r1": 0.5})
    save_generator(tmp_path / "run", made(), config)
    words = package.card_of(tmp_path / "run")
    assert words.startswith("---\nlibrary_name: ganscope\n")
    assert "python -m gan train --data glyphs --method hinge --steps 7 --seed 3" in words
    assert "--set r1=0.5" in words and "Not measured." in words
    assert 'load_generator("run")' in words and "license: unknown" in words
    points = [{"quality": vars(Quality("sliced_wasserstein", 0.25, 0.125))}]
    numbers = dict.fromkeys(run_record.COLUMNS, 1.0)
    write_json(tmp_path / "run/run.json", run_record.record(config, [points[0] | numbers]))
    assert "Sliced Wasserstein: 0.25, where real pictures get 0.125" in package.card_of(
        tmp_path / "run"
    )
    # What someone wrote is kept.
    for name in ("README.md", "directions.json"):
        assert package.model_files(tmp_path / "run").get(name) != b"mine"
        (tmp_path / "run" / name).write_text("mine")
        assert package.model_files(tmp_path / "run")[name] == b"mine"


def test_a_card_without_a_history_says_so(tmp_path):
    save_generator(tmp_path / "run", made(), TrainConfig())
    (tmp_path / "run/train.json").unlink()
    assert "Not known" in package.card_of(tmp_path / "run", "a/b")
    assert "train.json" not in package.model_files(tmp_path / "run")


def test_the_card_s_python_runs(tmp_path, monkeypatch):
    save_generator(tmp_path / "run", made(), TrainConfig())
    words = package.card_of(tmp_path / "run", str(tmp_path / "run"))
    code = words.split("```python\n")[1].split("```")[0]
    told = {}
    exec(compile(code, "card", "exec"), told)
    assert told["pictures"].shape == (4, 32, 32, 1)


def test_a_card_says_nothing_of_someone_s_folders():
    for path in ("/home/anna/secret/cats", "C:\\Users\\anna\\cats", "../anna/cats", "~/anna/cats/"):
        config = TrainConfig(path, seconds=5)
        assert without_local_path(config).data == "cats"
        assert "anna" not in card({}, 1, without_local_path(config))
    assert without_local_path(TrainConfig("own:" + "0" * 32)).data == "pictures"
    for start, shown in (
        ("/home/anna/cats", "cats"),
        ("own:" + "0" * 32, "model"),
        ("faces", "faces"),
        ("", ""),
    ):
        config = without_local_path(TrainConfig("mnist", start_from=start))
        assert (config.data, config.start_from) == ("mnist", shown)
    assert "starting from the model `cats`" in card({}, 1, TrainConfig(start_from="cats"))
    for name in ("faces", "mnist", "owner/pictures"):
        assert without_local_path(TrainConfig(name)).data == name
    assert 'datasets:\n- "ylecun/mnist"' in card({}, 1, TrainConfig("mnist"))


def test_hostile_names_stay_text():
    config = TrainConfig('owner/x"`|<img src=x onerror=alert(1)>: [y](z)')
    words = card({"family": "`<b>`|"}, 1, config, name="<script>alert(1)</script>")
    front, body = words.split("---\n", 2)[1:]
    assert json.loads(front.split("datasets:\n- ")[1]) == config.data
    assert "# script" in body and "<script>" not in body.split("```python")[0]
    outside = [part for place, part in enumerate(body.replace("```", "").split("`")) if place % 2 == 0]
    assert "<img" not in "".join(outside[:-3]) and "<b>" not in "".join(outside)


def test_missing_and_broken_files_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"no readable config\.json"):
        package.model_files(tmp_path)
    save_generator(tmp_path / "run", made(), TrainConfig())
    (tmp_path / "run/model.safetensors").write_bytes(b"\x80\x04pickle")
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        package.card_of(tmp_path / "run")
    for bad in ({"metric": "x"}, 3, {"metric": "frechet", "distance": "1", "floor": None}):
        assert run_record.quality_in({"quality": bad}) is None


def test_a_record_is_json_and_thins():
    point = {name: float("nan") for name in run_record.COLUMNS} | {"quality": None}
    told = run_record.record(TrainConfig("glyphs"), [point] * 3, state="stopped")
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again["numbers"]["d_loss"] == [None] * 3 and again["state"] == "stopped"
    assert TrainConfig.from_dict(again["config"]) == TrainConfig("glyphs")
    kept = []
    for number in range(1000):
        kept = [*run_record.thinned(kept), number]
        assert len(kept) <= run_record.MAX_MOMENTS and (kept[0], kept[-1]) == (0, number)
    assert len(kept) > run_record.MAX_MOMENTS / 2 - 2


def test_names_of_classes_go_with_the_model(pets, shipped, tmp_path):
    files = package.model_files(shipped / "pets", "pets")
    assert json.loads(files["config.json"])["class_names"] == ["cat", "dog", "7"]
    assert "| `classes by name` | `cat, dog, 7` |" in files["README.md"].decode()
    package.write_folder(tmp_path / "taken", files)
    assert load_generator(str(tmp_path / "taken")).class_index("dog") == 1
