"""Names of classes: what a generator takes, what data give it, and what a user may write."""

import json

import pytest
import torch

from gan.data.image_tensors import Images
from gan.models.class_names import check_class_names, class_index, names_from_data
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FOLDER
from gan.models.storage import load_generator, read_generator, save_generator
from gan.settings.config import TrainConfig
from gan.training.loop import train

SHAPE = {"size": 32, "channels": 1, "width": 4, "z_dim": 8}


def test_names_are_saved_and_come_back(tmp_path):
    made = Generator(**SHAPE, classes=2, class_names=["cat", "dog"])
    save_generator(tmp_path, made, TrainConfig())
    back = read_generator(tmp_path)
    assert back.class_names == ("cat", "dog")
    assert (back.class_index("dog"), back.class_title(1)) == (1, "dog")
    assert Generator.from_pretrained(tmp_path).class_names == ("cat", "dog")


def test_without_names_the_file_is_as_it_was_before_there_were_names(tmp_path):
    save_generator(tmp_path, Generator(**SHAPE, classes=2), TrainConfig())
    assert "class_names" not in json.loads((tmp_path / "config.json").read_text())
    back = read_generator(tmp_path)
    assert (back.class_names, back.class_title(1), back.class_index("1")) == ((), "class 1", 1)


@pytest.mark.parametrize(
    "names",
    ["cat", {"cat": 0}, 7, None, ["cat"], ["cat", "dog", "cow"], ["cat", "cat"], ["cat", ""], ["cat", " dog"],
     ["cat", "do\ng"], ["cat", 7], ["cat", None], ["cat", "d" * 61]],
    ids=str,
)  # fmt: skip
def test_names_that_do_not_fit_are_refused_in_one_line(names, tmp_path):
    with pytest.raises(ValueError, match="class") as refused:
        check_class_names(names, 2)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200
    save_generator(tmp_path, Generator(**SHAPE, classes=2), TrainConfig())
    config = json.loads((tmp_path / "config.json").read_text()) | {"class_names": names}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match="class"):
        load_generator(str(tmp_path))


def test_a_generator_without_classes_has_no_names():
    with pytest.raises(ValueError, match="each of the 0 classes"):
        Generator(**SHAPE, class_names=["cat"])
    with pytest.raises(ValueError, match="photos has no classes"):
        class_index("cat", 0, (), "photos")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "b", "c"), ("a", "b")),
        (("a\tb ", "x" * 99), ("a b", "x" * 59 + "…")),
        (("a", "a "), ()),
        (("a", "\n"), ()),
        (("a",), ()),
        ((), ()),
    ],
)
def test_names_of_data(names, expected):
    made = names_from_data(names, 2)
    assert made == expected == check_class_names(made, 2)


def test_a_run_on_named_classes_names_those_of_its_generator(tmp_path, tiny):
    pixels = torch.randint(0, 256, (64, 1, 32, 32), dtype=torch.uint8)
    labels = torch.arange(64) % 2

    def load(config):
        return Images("pets", pixels, labels, classes=("cat", "dog"))

    for _ in train(tiny(method="conditional", steps=2), tmp_path / "run", load=load):
        pass
    assert read_generator(tmp_path / "run").class_names == ("cat", "dog")


def test_a_run_on_uploaded_pictures_keeps_the_names_of_their_folders_to_itself(tmp_path, tiny):
    labels = torch.arange(64) % 2

    def load(config):
        return Images(
            "own",
            torch.zeros(64, 1, 32, 32, dtype=torch.uint8),
            labels,
            classes=("my aunt", "my uncle"),
        )

    config = tiny(method="conditional", steps=1, data="own:" + "a" * 32, size=32, channels=1)
    *_, last = train(config, tmp_path / "run", load=load)
    made = read_generator(tmp_path / "run")
    assert (made.classes, made.class_names) == (2, ())
    assert "aunt" not in (tmp_path / "run" / "config.json").read_text() + " ".join(last.notes)


def test_a_run_says_where_names_cannot_be_told_apart(tmp_path, tiny):
    pixels, labels = torch.zeros(64, 1, 32, 32, dtype=torch.uint8), torch.arange(64) % 2

    def load(config):
        return Images("pets", pixels, labels, classes=("cat", "cat "))

    *_, last = train(tiny(method="conditional", steps=1), tmp_path / "run", load=load)
    assert any("numbers alone" in note for note in last.notes)
    assert read_generator(tmp_path / "run").class_names == ()


def test_the_shipped_photos_name_their_classes():
    photos = json.loads((WEIGHTS_FOLDER / "photos" / "config.json").read_text())
    assert check_class_names(photos["class_names"], photos["classes"])[7] == "horse"
    with pytest.raises(
        ValueError, match=r"no class 'hors': choose airplane, .*truck, or a number from 0 to 9"
    ):
        class_index("hors", 10, photos["class_names"], "photos")


def test_of_many_classes_a_message_names_some():
    with pytest.raises(ValueError, match="c19 and 80 more, or a number from 0 to 99"):
        class_index("dog", 100, [f"c{k}" for k in range(100)])
