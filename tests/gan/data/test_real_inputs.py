"""Folders, zips and tables as people really have them: what is read, and what is said of the rest."""

import os
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, Value
from datasets import Image as ImageColumn
from helpers.making_pictures import coloured, encoded
from PIL import Image

from gan.data.load import load_images
from gan.training.dataset import hold_out, skipped_notes


def counts(images) -> dict[str, int]:
    """How many images each class has."""
    return {images.classes[index]: count for index, count in Counter(images.labels.tolist()).items()}


def classes(*names: str, each: int = 3) -> dict[str, Image.Image]:
    return {
        f"{name}/{i}.png": coloured(100 * place + i)
        for place, name in enumerate(names)
        for i in range(each)
    }


@pytest.fixture
def table(tmp_path):
    """table(columns, kinds, name): a folder with one parquet file of the Hub's form."""

    def make(columns: dict, kinds: dict, name: str = "table"):
        (tmp_path / name).mkdir(parents=True)
        rows = Dataset.from_dict(columns, features=Features(kinds))
        rows.to_parquet(str(tmp_path / name / "train.parquet"))
        return str(tmp_path / name)

    return make


def pictures(count: int = 6) -> list[dict]:
    return [{"bytes": encoded(coloured(i)), "path": None} for i in range(count)]


def test_hidden_folders_are_no_classes_and_are_not_learnt(picture_folder):
    files = classes("cats", "dogs") | {"cats/.ipynb_checkpoints/0-checkpoint.png": coloured(50)}
    images = load_images(str(picture_folder(files)), 32, 3)
    assert counts(images) == {"cats": 3, "dogs": 3}
    assert images.left_out == 0


def test_links_to_folders_are_followed_and_loops_end(picture_folder, tmp_path):
    folder = picture_folder(classes("cats", "dogs"))
    linked = tmp_path / "linked"
    linked.mkdir()
    for name in ("cats", "dogs"):
        os.symlink(folder / name, linked / name)
    os.symlink(linked, linked / "loop")
    assert counts(load_images(str(linked), 32, 3)) == {"cats": 3, "dogs": 3}


def test_a_class_called_like_a_split_is_a_class(picture_folder):
    images = load_images(str(picture_folder(classes("bus", "car", "train"))), 32, 3)
    assert counts(images) == {"bus": 3, "car": 3, "train": 3}


def test_folders_within_classes_belong_to_them(picture_folder):
    images = load_images(str(picture_folder(classes("cats/a", "cats/b", "dogs/a", "dogs/b"))), 32, 3)
    assert counts(images) == {"cats": 6, "dogs": 6}


@pytest.mark.parametrize("held_out", ["test", "val", "valid", "validation"])
def test_a_zip_has_the_splits_and_classes_of_its_folder(picture_folder, tmp_path, held_out):
    folder = picture_folder(classes("train/a", "train/b", f"{held_out}/a", f"{held_out}/b"))
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in folder.rglob("*.png"):
            archive.write(path, f"set/{path.relative_to(folder)}")
    for source in (folder, tmp_path / "set.zip"):
        train, test = load_images(str(source), 32, 3), load_images(str(source), 32, 3, split="test")
        assert counts(train) == counts(test) == {"a": 3, "b": 3}
        assert not (train.pixels[:, None] == test.pixels[None]).flatten(2).all(2).any()


def test_the_content_decides_what_is_a_picture(picture_folder):
    files = {f"{i}.jfif": encoded(coloured(i), "JPEG") for i in range(2)}
    files |= {f"{i}.ppm": encoded(coloured(10 + i), "PPM") for i in range(2)}
    files |= {"no suffix": encoded(coloured(20)), "x.dat": encoded(coloured(21)), "y.txt": b"text"}
    images = load_images(str(picture_folder(files)), 32, 3)
    assert (len(images), images.left_out) == (6, 1)
    assert skipped_notes(images) == (
        "Files left out: 1, the first y.txt: not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture.",
    )


def test_pictures_beside_classes_are_left_out_if_few_and_end_the_classes_if_many(picture_folder):
    few = classes("cats", "dogs", each=10) | {"0.png": coloured(900), "read me.md": b"text"}
    images = load_images(str(picture_folder(few, "few")), 32, 3)
    assert counts(images) == {"cats": 10, "dogs": 10}
    assert skipped_notes(images) == (
        "Files left out: 2, the first 0.png: without a class, as few others are.",
    )
    many = classes("cats", "dogs") | {f"{i}.png": coloured(900 + i) for i in range(4)}
    images = load_images(str(picture_folder(many, "many")), 32, 3)
    assert (len(images), images.labels) == (10, None)
    assert skipped_notes(images) == ("Labels are ignored: 4 of 10 pictures have none.",)


def test_a_class_of_one_picture_stays_in_training(picture_folder):
    files = classes("a", "b", each=40) | {"c/0.png": coloured(999)}
    train, held = hold_out(load_images(str(picture_folder(files)), 32, 3))
    assert counts(train)["c"] == 1
    assert counts(held) == {"a": 4, "b": 4}


@pytest.mark.parametrize(
    ("labels", "kind", "expected"),
    [
        ([i % 2 == 1 for i in range(6)], Value("bool"), {"false": 3, "true": 3}),
        ([(0, 7, 9)[i % 3] for i in range(6)], Value("int64"), {"0": 2, "7": 2, "9": 2}),
        ([float(i % 2) for i in range(6)], Value("float64"), {"0": 3, "1": 3}),
        (["a", "b"] * 3, Value("string"), {"a": 3, "b": 3}),
        ([0, 1] * 3, ClassLabel(names=["ants", "bees"]), {"ants": 3, "bees": 3}),
    ],
)
def test_labels_of_every_type(table, labels, kind, expected):
    folder = table({"image": pictures(), "label": labels}, {"image": ImageColumn(), "label": kind})
    assert counts(load_images(folder, 32, 3)) == expected


def test_a_row_without_a_picture_is_named(table):
    rows = pictures()
    rows[3] = None
    folder = table(
        {"image": rows, "label": [0, 1] * 3}, {"image": ImageColumn(), "label": Value("int64")}
    )
    images = load_images(folder, 32, 3)
    assert len(images) == 5
    assert images.skipped == ("row 3: without a picture",)


@pytest.mark.parametrize("name", ["brackets [x]", "star * and ?", "{braces}"])
def test_signs_of_patterns_in_a_path(table, picture_folder, name):
    folder = table({"image": pictures()}, {"image": ImageColumn()}, name)
    assert len(load_images(folder, 32, 3)) == 6
    assert len(load_images(f"{folder}/train.parquet", 32, 3)) == 6
    assert len(load_images(str(picture_folder(3, f"{name} pictures")), 32, 3)) == 3


def test_labels_in_a_column_of_another_name(table):
    kinds = {"picture": ImageColumn(), "target": ClassLabel(names=["a", "b"])}
    folder = table({"picture": pictures(), "target": [0, 1] * 3}, kinds, "known")
    assert counts(load_images(folder, 32, 3)) == {"a": 3, "b": 3}
    kinds = {"picture": ImageColumn(), "kind_of_animal": ClassLabel(names=["a", "b"])}
    folder = table({"picture": pictures(), "kind_of_animal": [0, 1] * 3}, kinds, "declared")
    assert counts(load_images(folder, 32, 3)) == {"a": 3, "b": 3}
    kinds = {"picture": ImageColumn(), "weight": Value("int64")}
    folder = table({"picture": pictures(), "weight": [0, 1] * 3}, kinds, "unknown")
    images = load_images(folder, 32, 3)
    assert images.labels is None
    assert skipped_notes(images) == (
        "No labels: none of the columns weight has a name such as label or class.",
    )


def test_pictures_as_a_struct_without_the_hubs_metadata(tmp_path):
    struct = pyarrow.array(
        pictures(), pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    )
    pyarrow.parquet.write_table(
        pyarrow.table({"image": struct, "label": [0, 1] * 3}), tmp_path / "x.parquet"
    )
    assert counts(load_images(str(tmp_path), 32, 3)) == {"0": 3, "1": 3}
    content = pyarrow.array([each["bytes"] for each in pictures()])
    (tmp_path / "bytes").mkdir()
    pyarrow.parquet.write_table(pyarrow.table({"image": content}), tmp_path / "bytes" / "x.parquet")
    assert len(load_images(str(tmp_path / "bytes"), 32, 3)) == 6


def test_one_of_several_configurations_is_chosen(table, tmp_path):
    for name in ("big", "small"):
        table({"image": pictures(6 if name == "big" else 3)}, {"image": ImageColumn()}, f"set/{name}")
    lines = ["---", "configs:"]
    for name in ("big", "small"):
        lines += [f"- config_name: {name}", f"  data_files: {name}/*.parquet"]
    (tmp_path / "set" / "README.md").write_text("\n".join([*lines, "---", ""]))
    folder = str(tmp_path / "set")
    with pytest.raises(
        ValueError, match=r"several configurations: big, small\. Choose one, as .*set#big"
    ):
        load_images(folder, 32, 3)
    assert [len(load_images(f"{folder}#{name}", 32, 3)) for name in ("big", "small")] == [6, 3]
    with pytest.raises(ValueError, match="big, small"):
        load_images(f"{folder}#huge", 32, 3)
    # Not from the cache once a file has changed.
    os.replace(tmp_path / "set/small/train.parquet", tmp_path / "set/big/train.parquet")
    assert len(load_images(f"{folder}#big", 32, 3)) == 3


def test_a_sign_of_configurations_in_a_folders_name(table):
    folder = table({"image": pictures()}, {"image": ImageColumn()}, "set #2")
    assert len(load_images(folder, 32, 3)) == 6


def test_pictures_behind_a_link_are_read_again_once_they_change(picture_folder, tmp_path):
    folder = picture_folder(3)
    (tmp_path / "linked").mkdir()
    os.symlink(folder, tmp_path / "linked" / "all")
    assert len(load_images(str(tmp_path / "linked"), 32, 3)) == 3
    picture_folder({"more.png": coloured(50)})
    assert len(load_images(str(tmp_path / "linked"), 32, 3)) == 4


def test_a_truncated_parquet_file_is_named(table):
    folder = table({"image": pictures()}, {"image": ImageColumn()})
    path = Path(folder) / "train.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match=r"train\.parquet is no whole parquet file"):
        load_images(folder, 32, 3)


def test_a_table_of_paths(picture_folder):
    folder = picture_folder(4, "files")
    (folder / "list.csv").write_text(
        "file_name,label\n000.png,cat\n001.png,dog\n002.png,cat\nno.png,dog\n"
    )
    images = load_images(str(folder / "list.csv"), 32, 3)
    assert counts(images) == {"cat": 2, "dog": 1}
    assert images.skipped == ("no.png: cannot be opened",)


def test_one_picture_is_no_dataset_and_is_not_looked_for_on_the_hub(picture_folder):
    folder = picture_folder(2)
    with pytest.raises(ValueError, match=r"000\.png is a single file.*folder or a zip"):
        load_images(str(folder / "000.png"), 32, 3)


def test_a_mistyped_path_is_called_that_first(monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi.dataset_info", lambda *_, **__: 1 / 0)
    with pytest.raises(ValueError, match="no folder or file called 'pictures/catz' here"):
        load_images("pictures/catz", 32, 3)


def test_twelve_bits_in_sixteen_are_told(picture_folder):
    import numpy as np

    def deep(index: int, most: int) -> bytes:
        values = np.random.default_rng(index).integers(1, most, (32, 32)).astype(np.uint16)
        return encoded(Image.fromarray(values))

    dark = picture_folder({f"{i}.png": deep(i, 4096) for i in range(3)}, "dark")
    (note,) = load_images(str(dark), 32, 1).notes
    assert note.startswith("Nearly black, for their 16-bit values are below 4,096: 3.")
    bright = picture_folder({f"{i}.png": deep(i, 65536) for i in range(3)}, "bright")
    assert load_images(str(bright), 32, 1).notes == ()
