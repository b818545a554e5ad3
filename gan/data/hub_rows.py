"""Rows of an image dataset on the Hugging Face Hub, or of local files in one of its forms, such as parquet."""

import atexit
import contextlib
import functools
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gan.data.archives import Entry
from gan.data.folder_layout import SPLITS
from gan.data.labels import LABEL_COLUMNS, NO_COLUMN, SEED
from gan.data.sources import CONFIG_SEPARATOR, split_config
from gan.drawn.registry import DRAWN

# Names of columns of images. Bytes in one are images without being declared so.
IMAGES = ("image", "img", "picture", "photo")
SHUFFLE_BUFFER = 10_000  # rows on the Hub that a sample is drawn from as they pass


class Rows:
    """The rows of one split of `place`: a Hub id, a folder or a parquet file, with "#name" for a configuration.

    Reads the first image column of the split called `split` ("test": or the validation set) or, if there is
    none, of the first split. `names` are those of integer labels, `note` says why there are no labels. Rows on
    the Hub are streamed, in random order if `shuffled`. ValueError without readable images, or if the Hub
    cannot be reached.
    """

    def __init__(self, place: str, split: str, shuffled: bool = False):
        from datasets import Image as ImageFeature

        self.place, self.config = split_config(place)
        self.local = Path(self.place).exists()
        splits = self._open()
        names = ("test", "validation") if split == "test" else (split,)
        rows = splits[next((name for name in names if name in splits), next(iter(splits)))]
        features = rows.features or rows._resolve_features().features
        self.column = _image_column(features)
        if self.column is None:
            raise ValueError(f"{self.place} has no column of images: it has {', '.join(features)}.")
        self.label = _label_column(features)
        self.names = getattr(features.get(self.label), "names", None) or ()
        others = ", ".join(name for name in features if name != self.column)
        self.note = NO_COLUMN.format(others=others) if others and self.label is None else ""
        self.rows = rows.cast_column(self.column, ImageFeature(decode=False))
        if shuffled and not self.local:
            self.rows = self.rows.shuffle(seed=SEED, buffer_size=SHUFFLE_BUFFER)

    def labels(self) -> list[object]:
        """The label of every row, None without a column of labels; reads the whole split."""
        rows = self.rows.select_columns([self.label or self.column])
        return self._read(lambda: [row.get(self.label) for row in rows])

    def entries(self) -> Iterator[Entry]:
        """The rows in their order, as entries whose `read` gives the encoded image."""
        rows = iter(self.rows)
        index = 0
        while (row := self._read(partial(next, rows, None))) is not None:
            content = row[self.column] or {}
            name = Path(content.get("path") or f"row {index}").name
            yield Entry(
                name,
                len(content.get("bytes") or b""),
                partial(self._bytes, content),
                "",
                row.get(self.label),
            )
            index += 1

    def _bytes(self, content: dict) -> bytes:
        if content.get("bytes"):
            return content["bytes"]
        # A dataset on the Hub names no file of this machine.
        if self.local and content.get("path"):
            with contextlib.suppress(OSError):
                return (Path(self.place) / content["path"]).read_bytes()
        raise ValueError("without a picture")

    def _open(self):
        """The splits as `datasets` streams them."""
        from datasets import get_dataset_config_names, load_dataset
        from huggingface_hub import HfApi

        if self.local:
            _check_parquet(Path(self.place))
        streamed = {"streaming": True, "cache_dir": _cache_folder()}
        try:
            if not self.local:
                # Fails fast: without a network, `load_dataset` would retry for half a minute.
                HfApi().dataset_info(self.place, timeout=10)
            if self.local and _needs_file_names(Path(self.place)):
                files = _files_by_split(Path(self.place))
                return load_dataset("parquet", data_files=files, **streamed)
            try:
                return load_dataset(self.place, self.config or None, **streamed)
            except ValueError as error:
                if not (
                    configs := _configurations(error, partial(get_dataset_config_names, self.place))
                ):
                    raise
        except Exception as error:  # its own kinds of exceptions and the network's
            why = self._unwritable(error) or (
                self._unreadable(error) if self.local else self._unreachable()
            )
            raise ValueError(why) from error
        raise ValueError(
            f"{self.place} has several configurations: {', '.join(configs)}. Choose one, as "
            f"{self.place}{CONFIG_SEPARATOR}{configs[0]}."
        )

    def _read(self, read: Callable):
        try:
            return read()
        except (OSError, RuntimeError) as error:
            what = f"{self.place} broke off while reading: {error}"
            raise ValueError(what if self.local else self._unreachable()) from error

    def _unwritable(self, error: Exception) -> str:
        """Where the error is that of a file beside the data, which `datasets` keeps: a sentence; else ""."""
        file = getattr(error, "filename", None)
        if not isinstance(error, OSError) or not file or not Path(file).is_absolute():
            return ""
        if self.local and Path(file).resolve().is_relative_to(Path(self.place).resolve()):
            return ""
        return (
            f"{self.place} cannot be read, because {file} cannot be written ({error.strerror}): "
            "set HF_HOME to a folder that can be."
        )

    def _unreadable(self, error: Exception) -> str:
        if isinstance(error, PermissionError):
            return f"{self.place} cannot be read: {error}."
        return f"{self.place} holds no pictures that can be read: at least 2 are needed."

    def _unreachable(self) -> str:
        return (
            f"There is no folder or file called {self.place!r} here, and it could not be reached on the Hugging "
            f"Face Hub (no network, or no such dataset). Use a drawn source instead: {', '.join(DRAWN)}."
        )


def _cache_folder() -> str | None:
    """Where `datasets` keeps what it notes of a dataset: its own folder (None), or one for this process alone."""
    from datasets import config

    own = Path(config.HF_DATASETS_CACHE)
    with contextlib.suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
        if os.access(own, os.W_OK | os.X_OK):
            return None
    return _scratch_folder()


@functools.cache
def _scratch_folder() -> str:
    folder = tempfile.mkdtemp(prefix="ganscope-datasets-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _image_column(features: dict) -> str | None:
    from datasets import Image as ImageFeature
    from datasets import Value

    declared = (name for name, kind in features.items() if isinstance(kind, ImageFeature))
    structs = (
        name
        for name, kind in features.items()
        if isinstance(kind, dict) and {*kind} == {"bytes", "path"}
    )
    binary = (
        name
        for name, kind in features.items()
        if isinstance(kind, Value) and "binary" in kind.dtype and name.lower() in IMAGES
    )
    found = [name for kind in (declared, structs, binary) for name in kind]
    # Beside the pictures there may be masks or depths, and they may come first.
    called_so = [name for name in found if name.lower() in IMAGES]
    return next(iter([*called_so, *found]), None)


def _label_column(features: dict) -> str | None:
    from datasets import ClassLabel

    by_name = {name.lower(): name for name in features}
    named = (by_name[name] for name in LABEL_COLUMNS if name in by_name)
    declared = (name for name, kind in features.items() if isinstance(kind, ClassLabel))
    return next((name for found in (named, declared) for name in found), None)


def _configurations(error: ValueError, read: Callable[[], list[str]]) -> list[str]:
    """The names of a dataset's configurations if `error` says that one must be chosen or does not exist."""
    return read() if "onfig" in str(error) else []


def _check_parquet(place: Path) -> None:
    """ValueError that names the first parquet file that is damaged, or if none has a row."""
    from pyarrow import ArrowException, parquet

    counts = []
    for path in _parquet_files(place):
        try:
            counts.append(parquet.read_metadata(path).num_rows)
        except (ArrowException, OSError):
            raise ValueError(
                f"{path.name} is no whole parquet file: it is damaged or cut off."
            ) from None
    if counts and not any(counts):
        raise ValueError(f"{place} has no rows: at least 2 pictures are needed.")


def _parquet_files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix.lower() == ".parquet")


def _needs_file_names(place: Path) -> bool:
    """Whether `datasets` has to be given the files of `place`: it takes brackets in a path for a pattern, a file
    for a script, and does not know a suffix in capitals."""
    capitals = any(path.suffix != ".parquet" for path in _parquet_files(place))
    return glob.has_magic(str(place)) or place.is_file() or capitals


def _files_by_split(place: Path) -> dict[str, list[str]]:
    """Patterns of the parquet files of each split, by the words of their names and folders."""
    found: dict[str, list[str]] = {}
    for path in _parquet_files(place):
        words = re.split(
            r"[-_./\\]", str(path.relative_to(place.parent if place.is_file() else place)).lower()
        )
        split = next((SPLITS[word] for word in words if word in SPLITS), "train")
        found.setdefault(split, []).append(glob.escape(str(path)))
    return found
