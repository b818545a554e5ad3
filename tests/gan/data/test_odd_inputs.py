"""Inputs of other systems and tools: how they spell text, paths and names, and what they leave broken."""

import os
import unicodedata
import zipfile

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from helpers.making_pictures import coloured, encoded
from PIL import Image

from gan.data.labels import from_texts
from gan.data.load import load_images
from gan.data.sources import find_place
from gan.images.decode import decode_square

COMPOSED = "caf\u00e9"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


@pytest.fixture
def csv_table(picture_folder, tmp_path):
    """csv_table(lines, encoding): a table beside the pictures images/0.png to images/5.png."""

    def make(*lines: str, encoding: str = "utf-8"):
        folder = picture_folder({f"images/{i}.png": coloured(i) for i in range(6)})
        (folder / "table.csv").write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return folder / "table.csv"

    return make


def rows(label, separator: str = ",", slash: str = "/") -> list[str]:
    return [f"images{slash}{i}.png{separator}{label(i)}" for i in range(6)]


def of_classes(images) -> dict[str, int]:
    counts = images.labels.bincount().tolist()
    return dict(zip(images.classes, counts, strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_may_have_any_encoding_of_a_spreadsheet(csv_table, encoding):
    lines = rows(lambda i: "Bär" if i % 2 else "cat", ";")
    images = load_images(str(csv_table("file_name;label", *lines, encoding=encoding)), 32, 3)
    assert of_classes(images) == {"Bär": 3, "cat": 3}
    assert [note[:20] for note in images.notes] == (
        ["Read as Windows-1252"] if encoding == "cp1252" else []
    )


def test_a_table_may_name_files_as_windows_does(csv_table):
    lines = rows(lambda i: i % 2, slash="\\")
    assert of_classes(load_images(str(csv_table("file_name,label", *lines)), 32, 3)) == {"0": 3, "1": 3}


def test_other_delimiters_within_quotes_do_not_count(csv_table):
    lines = [f'images/{i}.png,"wide; tall",{i % 2}' for i in range(6)]
    images = load_images(str(csv_table('file_name,"size; form",label', *lines)), 32, 3)
    assert of_classes(images) == {"0": 3, "1": 3}


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["3", "7", "A"], ["3", "7", "A"]),
        (["0", "1.0", ""], [0, 1.0, None]),
        (["0", "NaN", "null"], [0, None, None]),
        (["007", "07", "7"], ["007", "07", "7"]),
        (["inf", "nan", "cat"], ["inf", "nan", "cat"]),
        (["0.5", "-1"], [0.5, -1]),
        (["1" * 5000, "2"], ["1" * 5000, "2"]),
        (["\u0663", "1"], ["\u0663", "1"]),
    ],
)
def test_labels_of_a_table_are_numbers_only_where_all_are(texts, labels):
    assert from_texts(texts) == labels


def test_pictures_that_a_table_names_may_change(csv_table):
    path = csv_table("file_name,label", *rows(lambda i: i % 2))
    before = load_images(str(path), 32, 3)
    (path.parent / "images/0.png").write_bytes(encoded(coloured(100)))
    after = load_images(str(path), 32, 3)
    assert (before.pixels[0] != after.pixels[0]).any()
    assert (before.pixels[1:] == after.pixels[1:]).all()


@pytest.mark.parametrize("packed", [False, True])
def test_both_unicode_spellings_of_a_name_are_one_class(picture_folder, tmp_path, packed):
    names = [COMPOSED, DECOMPOSED, "tea"]
    files = {
        f"{name}/{3 * place}{i}.png": coloured(3 * place + i)
        for place, name in enumerate(names)
        for i in range(3)
    }
    if packed:
        source = tmp_path / "set.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for name, image in files.items():
                archive.writestr(name, encoded(image))
    else:
        source = picture_folder(files)
    assert of_classes(load_images(str(source), 32, 3)) == {COMPOSED: 6, "tea": 3}


def test_folders_of_a_zip_may_end_in_backslashes(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("cats", "dogs"):
            archive.writestr(f"set\\{name}\\", b"")
            for i in range(3):
                archive.writestr(f"set\\{name}\\{i}.png", encoded(coloured(i + 10 * (name == "cats"))))
    images = load_images(str(tmp_path / "set.zip"), 32, 3)
    assert of_classes(images) == {"cats": 3, "dogs": 3}
    assert images.left_out == 0


def test_what_cannot_be_opened_in_a_folder_is_named(picture_folder, monkeypatch):
    folder = picture_folder({f"{i}.png": coloured(i) for i in range(3)} | {"closed/3.png": coloured(3)})
    (folder / "gone.png").symlink_to("/nowhere/gone.png")
    os.mkfifo(folder / "pipe.png")
    scan, access = os.scandir, os.access

    def refuse(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(
        os,
        "access",
        lambda path, mode, **more: not str(path).endswith("closed") and access(path, mode, **more),
    )
    images = load_images(str(folder), 32, 3)
    assert len(images) == 3
    assert images.skipped == (
        "closed: cannot be opened", "gone.png: cannot be opened", "pipe.png: not a file",
    )  # fmt: skip


def test_a_pgm_of_16_bits_is_read():
    values = np.arange(0, 65536, 64, dtype=">u2").reshape(32, 32)
    content = b"P5 32 32 65535\n" + values.tobytes()
    assert (decode_square(content, 32, 1)[..., 0] == np.round(values / 257)).all()


def test_of_animations_the_first_picture_is_read():
    first, *others = [coloured(i) for i in range(3)]
    whole = decode_square(encoded(first), 32, 3)
    for kind in ("PNG", "TIFF", "WEBP"):
        options = {"lossless": True} if kind == "WEBP" else {}
        content = encoded(first, kind, save_all=True, append_images=others, **options)
        assert (decode_square(content, 32, 3) == whole).all()


def test_transparent_grey_and_palettes_show_the_background():
    clear = Image.new("L", (32, 32), 7)
    assert (decode_square(encoded(clear, transparency=7), 32, 1, background=(9, 9, 9)) == 9).all()
    palette = Image.new("P", (32, 32), 3)
    palette.putpalette([*range(256)] * 3)
    content = encoded(palette, transparency=bytes(256))
    assert (decode_square(content, 32, 3, background=(1, 2, 3)) == (1, 2, 3)).all()


@pytest.fixture
def parquet(tmp_path):
    """parquet(columns, name): a folder with that one file."""

    def make(columns: dict, name: str = "rows.parquet"):
        (tmp_path / "table").mkdir()
        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "table" / name)
        return str(tmp_path / "table")

    return make


def pictures(start: int = 0) -> list[dict]:
    return [{"bytes": encoded(coloured(start + i)), "path": None} for i in range(6)]


def test_a_parquet_file_may_have_a_suffix_in_capitals(parquet):
    assert len(load_images(parquet({"image": pictures()}, "ROWS.PARQUET"), 32, 3)) == 6


def test_a_parquet_file_without_rows_says_so(parquet):
    kind = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    with pytest.raises(ValueError, match="has no rows: at least 2 pictures"):
        load_images(parquet({"image": pyarrow.array([], kind)}), 32, 3)


def test_masks_before_the_pictures_are_not_learnt(parquet):
    images = load_images(parquet({"mask": pictures(), "image": pictures(50)}), 32, 3)
    expected = np.asarray(coloured(50)).transpose(2, 0, 1)
    assert (images.pixels[0].numpy() == expected).all()


def test_a_name_with_a_slash_at_its_end_is_not_looked_for_on_the_hub():
    with pytest.raises(ValueError, match="There is no data called 'faces/'"):
        find_place("faces/")
