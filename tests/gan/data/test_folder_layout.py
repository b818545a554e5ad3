"""Splits and classes by folders alone."""

import pytest

from gan.data.folder_layout import class_names, in_split, is_hidden


@pytest.mark.parametrize(
    ("paths", "train", "test"),
    [
        # Splits are folders all of whose neighbours are splits too, under any common folders.
        (["train/a.png", "test/b.png"], [1, 0], [0, 1]),
        (["set/Train/x/a.png", "set/test/x/b.png", "set/val/c.png"], [1, 0, 0], [0, 1, 0]),
        (["training/a.png", "valid/b.png"], [1, 0], [0, 1]),
        (["train/a.png"], [1], [1]),
        (["test/a.png", "val/b.png"], [1, 1], [1, 0]),
        # A text beside them changes nothing, a picture does.
        (["train/a.png", "test/b.png", "README.md"], [1, 0, 0], [0, 1, 0]),
        (["train/a.png", "test/b.png", "c.png"], [1, 1, 1], [1, 1, 1]),
        # Neither do classes that are called like splits.
        (["bus/a.png", "car/b.png", "train/c.png"], [1, 1, 1], [1, 1, 1]),
        (["cats/train/a.png", "dogs/test/b.png"], [1, 1], [1, 1]),
        ([], [], []),
    ],
)
def test_splits(paths, train, test):
    assert [in_split(paths, split) for split in ("train", "test")] == [train, test]


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["cats/1.png", "dogs/2.png"], ["cats", "dogs"]),
        (["x/y/cats/1.png", "x\\y\\dogs\\2.png"], ["cats", "dogs"]),
        # The topmost level that differs.
        (["cats/a/1.png", "cats/b/2.png", "dogs/a/3.png"], ["cats", "cats", "dogs"]),
        (["train/cats/1.png", "test/dogs/2.png"], ["cats", "dogs"]),
        (["cats/1.png", "dogs/2.png", "3.png"], ["cats", "dogs", None]),
        (["cats/1.png", "2.png"], [None, None]),
        (["1.png", "2.png"], [None, None]),
        # Folders of other files are no classes.
        (["cats/1.png", "notes/2.txt"], [None, None]),
    ],
)
def test_classes(paths, classes):
    assert class_names(paths) == classes


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("cats/.ipynb_checkpoints/1.png", True),
        ("._1.png", True),
        ("__MACOSX/1.png", True),
        ("@eaDir/1.png", True),
        ("cats\\.thumbs\\1.png", True),
        ("cats/Thumbs.db", True),
        ("../cats/./1.png", False),
        ("cats/1..png", False),
    ],
)
def test_hidden_files(path, hidden):
    assert is_hidden(path) == hidden
