"""Loading images from every kind of source: what is loaded, skipped and refused."""

import socket
import time
import zipfile

import huggingface_hub
import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from PIL import ExifTags, Image

from gan.data import image_collection
from gan.data.load import load_images
from gan.data.sources import find_place, natural_shape


def test_a_folder_of_pictures_is_loaded_as_it_is(picture_folder):
    folder = picture_folder({f"{i}.png": coloured(i) for i in range(3)})
    images = load_images(str(folder), 32, 3)
    assert images.pixels.dtype == torch.uint8
    expected = np.stack([np.asarray(coloured(i)) for i in range(3)])
    assert np.array_equal(images.pixels.permute(0, 2, 3, 1), expected)
    assert images.skipped == ()
    assert images.source == str(folder)


def test_class_folders_give_labels(picture_folder):
    folder = picture_folder(
        {
            f"{name}/{i}.png": coloured(i)
            for name, some in (("ants", (1, 2)), ("bees", (3, 4)))
            for i in some
        }
    )
    assert load_images(str(folder), 32, 3).labels.tolist() == [0, 0, 1, 1]


def test_folders_called_train_and_test_are_the_splits(picture_folder):
    files = {f"train/{name}/{i}.png": coloured(i) for i, name in enumerate(("ants", "bees", "bees"))}
    files |= {f"test/ants/{i}.png": coloured(i) for i in (5, 6)}
    folder = str(picture_folder(files))
    train, test = load_images(folder, 32, 3), load_images(folder, 32, 3, split="test")
    assert train.labels.tolist() == [0, 1, 1]
    assert np.array_equal(test.pixels[1].permute(1, 2, 0), np.asarray(coloured(6)))


def test_a_zip_is_as_good_as_a_folder(picture_folder, tmp_path):
    folder = picture_folder({f"{name}/1.png": coloured(i) for i, name in enumerate(("ants", "bees"))})
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder))
    packed, plain = load_images(str(tmp_path / "packed.zip"), 32, 3), load_images(str(folder), 32, 3)
    assert torch.equal(packed.pixels, plain.pixels)
    assert packed.labels.tolist() == plain.labels.tolist() == [0, 1]


def test_equal_pictures_are_used_once(picture_folder):
    folder = picture_folder({"a.png": coloured(1), "b.png": coloured(2), "c.png": coloured(1)})
    images = load_images(str(folder), 32, 3)
    assert (len(images), images.duplicates) == (2, 1)


def test_pictures_are_cut_or_padded(picture_folder):
    folder = str(picture_folder({f"{i}.png": coloured(i, 64, 32) for i in range(2)}))
    crop, pad = load_images(folder, 32, 3), load_images(folder, 32, 3, fit="pad", background="#010203")
    assert not torch.equal(crop.pixels, pad.pixels)
    assert (pad.pixels[:, :, 0] == torch.tensor([1, 2, 3])[:, None]).all()


def test_exif_orientation_is_applied(picture_folder):
    turned = coloured(1, 64, 32)
    notes = turned.getexif()
    notes[ExifTags.Base.Orientation] = 6
    content = encoded(turned, "PNG", exif=notes)
    folder = picture_folder({"phone.png": content, "other.png": coloured(2)})
    upright = turned.transpose(Image.Transpose.ROTATE_270).crop((0, 16, 32, 48))
    shown = load_images(str(folder), 32, 3).pixels[1].permute(1, 2, 0)
    assert np.array_equal(shown, np.asarray(upright))


def test_grey_is_the_luma_of_the_colours(picture_folder):
    folder = picture_folder(3)
    colour = load_images(str(folder), 32, 3).pixels.double()
    grey = load_images(str(folder), 32, 1).pixels
    luma = (colour * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1)
    assert (grey[:, 0] - luma).abs().max() <= 1


def test_the_hubs_parquet_form_has_splits_and_labels(parquet_folder):
    rows = [(coloured(i), i % 3) for i in range(9)]
    folder = str(parquet_folder({"train": rows[:6], "test": rows[6:]}))
    train, test = load_images(folder, 32, 3), load_images(folder, 32, 3, split="test")
    assert train.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert len(test) == 3
    assert np.array_equal(test.pixels[0].permute(1, 2, 0), np.asarray(coloured(6)))
    assert np.array_equal(train.pixels[5].permute(1, 2, 0), np.asarray(coloured(5)))


def test_a_limit_takes_a_sample_of_each_class_always_the_same(picture_folder, parquet_folder):
    kinds = ["cats"] * 8 + ["dogs"] * 4
    files = {f"{kind}/{i:02}.png": coloured(i) for i, kind in enumerate(kinds)}
    rows = [(coloured(i), int(kind == "dogs")) for i, kind in enumerate(kinds)]
    for source in (str(picture_folder(files)), str(parquet_folder({"train": rows}))):
        short, middle = load_images(source, 32, 3, limit=3), load_images(source, 32, 3, limit=6)
        assert short.labels.tolist() == [0, 0, 1]
        assert middle.labels.tolist() == [0, 0, 0, 0, 1, 1]
        found = {pixels.numpy().tobytes() for pixels in middle.pixels}
        assert {pixels.numpy().tobytes() for pixels in short.pixels} <= found
        assert torch.equal(load_images(source, 32, 3, limit=6).pixels, middle.pixels)


def test_a_limit_is_reached_though_some_files_are_damaged(picture_folder):
    files = {f"{i}.png": coloured(i) if i % 2 else b"damaged" for i in range(12)}
    images = load_images(str(picture_folder(files)), 32, 3, limit=6)
    assert len(images) == 6
    assert 0 < images.left_out <= 6


def test_a_limit_of_drawn_pictures_takes_the_first():
    short, long = load_images("shapes", 32, 3, limit=4), load_images("shapes", 32, 3, limit=6)
    assert torch.equal(short.pixels, long.pixels[:4])


@pytest.mark.parametrize("source", ["faces", "shapes", "glyphs"])
def test_a_drawn_test_set_shares_no_picture_with_its_train_set(source):
    train = load_images(source, 32, 3, limit=60).pixels
    test = load_images(source, 32, 3, limit=60, split="test").pixels
    assert len(torch.cat([train, test]).unique(dim=0)) == 120


def test_corrupt_files_are_skipped_and_listed(picture_folder):
    good = encoded(coloured(0))
    broken = {"b.png": b"no picture", "c.png": good[:90], "d.png": b""}
    images = load_images(str(picture_folder({"a.png": good, **broken, "e.png": coloured(1)})), 32, 3)
    assert len(images) == 2
    assert sorted(line.split(":")[0] for line in images.skipped) == sorted(broken)
    reasons = dict(line.split(": ") for line in images.skipped)
    assert reasons == {
        "b.png": "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture",
        "c.png": "damaged or cut off",
        "d.png": "empty",
    }


def test_wildly_mixed_sizes_and_formats_load_together(picture_folder):
    sizes = [(9, 900), (900, 9), (32, 32), (1, 50), (300, 200), (28, 28)]
    files = {f"{i}.png": coloured(i, *size) for i, size in enumerate(sizes)}
    files["x.jpg"] = encoded(coloured(7), "JPEG")
    images = load_images(str(picture_folder(files)), 32, 1)
    assert images.pixels.shape == (6, 1, 32, 32)
    (line,) = images.skipped
    assert line.startswith("3.png: too small")


def test_text_files_beside_the_images_are_counted_and_harmless(picture_folder):
    files = {f"{i}.png": coloured(i) for i in range(3)}
    files |= {f"{i}.txt": b"a caption" for i in range(6)}
    images = load_images(str(picture_folder(files)), 32, 3)
    assert (len(images), images.left_out) == (3, 6)
    assert images.skipped[0] == "0.txt: not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "No usable picture was found: at least 2"),
        ({"a.png": None}, "Only 1 usable picture was found: at least 2"),
        ({"a.png": b"no", "b.png": b"no"}, "No usable picture was found: at least 2.*2 × not a PNG"),
        ({"a.txt": b"hello", "b.txt": b"you"}, "image|picture"),
    ],
    ids=["empty", "one", "all corrupt", "no pictures"],
)
def test_folders_with_too_few_images_are_refused(picture_folder, tmp_path, files, words):
    (tmp_path / "pictures").mkdir()
    picture_folder({name: content or coloured(1) for name, content in files.items()})
    with pytest.raises(ValueError, match=words) as caught:
        load_images(str(tmp_path / "pictures"), 32, 3)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "cats",
        "a/b/c",
        "/nowhere/at/all",
        "./x/y",
        "~/no/such",
        "a" * 300,
        "~nobody-here/x",
        "~nobody-here",
    ],
)
def test_an_unknown_name_is_refused_with_the_names_there_are(source):
    with pytest.raises(ValueError, match=r"no data called.*faces, shapes, glyphs, mnist, cifar10"):
        load_images(source)


@pytest.mark.parametrize("source", ["mnist", "cifar10", "someone/their-pictures"])
def test_without_a_network_the_message_names_a_synthetic_source_at_once(monkeypatch, source):
    def unreachable(*_, **__):
        raise ConnectionError("no network")

    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", unreachable)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with pytest.raises(ValueError, match=r"no network.*faces, shapes, glyphs"):
        load_images(source)
    assert sum(waits) < 15  # between attempts


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": None}, {"source": ""}, {"source": 7}, {"size": 15}, {"size": 257}, {"size": True},
        {"size": "32"}, {"channels": 2}, {"channels": True}, {"limit": 1}, {"limit": 10**9},
        {"limit": float("nan")}, {"split": "validation"}, {"fit": "stretch"}, {"background": "white"},
    ],
    ids=str,
)  # fmt: skip
def test_bad_arguments_are_refused(wrong):
    name = {"source": "data"}.get(*wrong, *wrong)
    with pytest.raises(ValueError, match=name):
        load_images(**{"source": "shapes", **wrong})


def test_the_second_time_comes_from_the_cache_until_a_file_changes(picture_folder, monkeypatch):
    folder = picture_folder({"a.png": coloured(0), "b.png": coloured(1), "c.png": b"broken"})
    decoded, open_one = [], image_collection.open_image
    monkeypatch.setattr(
        image_collection, "open_image", lambda file: decoded.append(1) or open_one(file)
    )
    first = load_images(str(folder), 32, 3)
    assert len(decoded) == 3
    again = load_images(str(folder), 32, 3)
    assert len(decoded) == 3
    assert torch.equal(first.pixels, again.pixels)
    assert (again.source, again.skipped) == (first.source, first.skipped)
    picture_folder({"b.png": coloured(5)})
    changed = load_images(str(folder), 32, 3)
    assert len(decoded) == 6
    assert np.array_equal(changed.pixels[1].permute(1, 2, 0), np.asarray(coloured(5)))
    picture_folder({"d.png": coloured(6)})
    assert len(load_images(str(folder), 32, 3)) == 3
    load_images(str(folder), 32, 1)
    assert len(decoded) == 14


def test_a_damaged_cache_is_made_again(picture_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path / "cache"))
    folder = str(picture_folder(2))
    first = load_images(folder, 32, 3)
    (path,) = (tmp_path / "cache").iterdir()
    for content in (b"", path.read_bytes()[:-1000], b"x" * 100):
        path.write_bytes(content)
        assert torch.equal(load_images(folder, 32, 3).pixels, first.pixels)


def test_a_cache_that_cannot_be_written_does_no_harm(picture_folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path / "file" / "cache"))
    assert len(load_images(str(picture_folder(2)), 32, 3)) == 2


def test_the_data_folder_of_a_classroom_is_searched_first(parquet_folder, monkeypatch, tmp_path):
    parquet_folder({"train": [(coloured(i), i) for i in range(3)]}, name="data/mnist")
    monkeypatch.setenv("GANSCOPE_DATA", str(tmp_path / "data"))
    assert find_place("mnist") == str(tmp_path / "data" / "mnist")
    assert load_images("mnist", 32, 1).labels.tolist() == [0, 1, 2]
    assert find_place("cifar10") == "uoft-cs/cifar10"


def test_the_shape_that_suits_a_source():
    assert natural_shape("faces") == (64, 3)
    assert natural_shape("glyphs") == natural_shape("mnist") == natural_shape("/data/MNIST") == (32, 1)
    assert natural_shape("cifar10") == natural_shape("me/mine") == (32, 3)


@pytest.mark.parametrize(
    "name", ["a" * 400, "{here}/" + "b" * 400, "{here}/x#" + "b" * 300, "{here}/" + "b" * 400 + "#x"]
)
def test_a_name_that_no_file_may_have_is_no_data(tmp_path, monkeypatch, name):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="There is no data called"):
        load_images(name.format(here="here"))


def test_a_home_that_cannot_be_written_does_no_harm(parquet_folder, monkeypatch, tmp_path):
    from datasets import config

    monkeypatch.setattr(config, "HF_DATASETS_CACHE", tmp_path / "file" / "datasets")
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path / "file" / "cache"))
    folder = parquet_folder({"train": [(coloured(k), k) for k in range(4)]})
    assert len(load_images(str(folder)).pixels) == 4


@pytest.mark.parametrize("offline", [True, False])
def test_a_cache_of_the_hub_that_cannot_be_written_is_named(parquet_folder, monkeypatch, offline):
    folder = parquet_folder({"train": [(coloured(k), k) for k in range(4)]})
    problem = PermissionError(13, "Permission denied", "/home/anna/.cache/huggingface/hub")

    def refuse(*arguments, **options):
        raise problem

    monkeypatch.setattr("datasets.load_dataset", refuse)
    monkeypatch.setattr("huggingface_hub.HfApi.dataset_info", lambda *_, **__: None)
    with pytest.raises(ValueError, match=r"hub cannot be written .*: set HF_HOME"):
        load_images(str(folder) if offline else "anna/pictures")
    # Of the data's own files it is said as before.
    problem.filename = str(folder / "data")
    with pytest.raises(ValueError, match=r"cannot be read: .*Permission denied"):
        load_images(str(folder), 64)
