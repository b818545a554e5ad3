"""The cache of decoded datasets stays small, and loses nothing that is in use."""

import os
import time

import pytest

from gan.data.cache import clean_cache, mark_used
from gan.data.load import load_images

DAY = 24 * 3600


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def put(folder, name, unused, size=1000):
    """A file of the cache that was last used so many seconds ago."""
    path = folder / (name if "." in name else f"{name * 24}.safetensors")
    path.write_bytes(bytes(size))
    os.utime(path, (time.time() - unused,) * 2)
    return path


def names(folder):
    return {path.name[0] for path in folder.iterdir()}


def test_what_was_not_used_for_days_goes(folder):
    for name, days in (("a", 31), ("b", 29), ("c", 0)):
        put(folder, name, days * DAY)
    assert clean_cache(days=30, gigabytes=1) == 1
    assert names(folder) == {"b", "c"}


def test_of_too_much_that_goes_which_was_not_used_for_longest(folder):
    for name, days in (("a", 3), ("b", 9), ("c", 2), ("d", 1)):
        put(folder, name, days * DAY)
    assert clean_cache(days=30, gigabytes=2.5e-6) == 2
    assert names(folder) == {"c", "d"}


def test_what_is_in_use_stays_however_much_it_is(folder):
    put(folder, "a", 50 * 60, size=5000)
    old = put(folder, "b", 40 * DAY)
    mark_used(old)
    assert clean_cache(days=30, gigabytes=1e-6) == 0
    assert names(folder) == {"a", "b"}


def test_what_was_cut_off_while_it_was_written_goes_and_other_files_stay(folder):
    for name in (".new-abc", "readme.txt", "weights.safetensors"):
        put(folder, name, 40 * DAY)
    put(folder, ".new-now", 60)
    (folder / "folder.safetensors").mkdir()
    assert clean_cache(days=30, gigabytes=1e-9) == 1
    left = {path.name for path in folder.iterdir()}
    assert left == {".new-now", "readme.txt", "weights.safetensors", "folder.safetensors"}


def test_a_dataset_that_is_loaded_again_counts_as_used(folder):
    first = load_images("shapes", 32, 1, limit=4)
    (path,) = folder.iterdir()
    os.utime(path, (time.time() - 40 * DAY,) * 2)
    again = load_images("shapes", 32, 1, limit=4)
    assert (again.pixels == first.pixels).all()
    assert clean_cache(days=30, gigabytes=1) == 0
    os.utime(path, (time.time() - 40 * DAY,) * 2)
    assert clean_cache(days=30, gigabytes=1) == 1


def test_without_a_folder_there_is_nothing_to_clean(monkeypatch, tmp_path):
    monkeypatch.setenv("GANSCOPE_CACHE", str(tmp_path / "none"))
    assert clean_cache() == 0
