"""Find the files of a generator among untrusted files, without ever unpickling one."""

from collections.abc import Iterable
from pathlib import Path

from gan.common.files import write_bytes
from gan.data.archives import Entry, FileSlice, entries
from gan.models.registry import (
    CHECKPOINT_FILE,
    DIRECTIONS_FILE,
    DISCRIMINATOR_FILE,
    ENCODER_FILE,
    WEIGHTS_FILE,
)

CONFIG = "config.json"
MAX_JSON_BYTES = 2 * 10**6
EXPECTED = (
    f"Upload {WEIGHTS_FILE} and {CONFIG} of a generator that was trained here: both files, or the zip of "
    "Download weights."
)
PICKLE_SUFFIXES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin")
PICKLE_SIGNATURES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
PICKLE_REFUSED = (
    "is a pickle, and a pickle can run any program when it is opened: it is never loaded here. "
    "Save the weights with safetensors instead."
)


def unpack_generator(files: Iterable[str | Path | FileSlice], folder: Path) -> None:
    """Copy config.json and model.safetensors from `files`, or from zips among them, to `folder`.

    directions.json and discriminator.safetensors are copied too, if they are there. ValueError if a file is
    missing, occurs twice, cannot be read or is a pickle. `gan.models.storage.read_generator` checks the content.
    """
    found: dict[str, bytes] = {}
    for entry in entries(files):
        name = _target_name(entry)
        if name is None:
            continue
        if name in found:
            raise ValueError(f"There is more than one {name}: upload one generator at a time.")
        if name.endswith(".json") and entry.size > MAX_JSON_BYTES:
            raise ValueError(
                f"{name} is larger than {MAX_JSON_BYTES // 10**6} MB: it is not that of a GANscope generator."
            )
        found[name] = _content(entry)
    missing = [name for name in (CONFIG, WEIGHTS_FILE) if name not in found]
    if missing:
        raise ValueError(f"There is no {' and no '.join(missing)} among these files. {EXPECTED}")
    for name, content in found.items():
        write_bytes(folder / name, content)


def _target_name(entry: Entry) -> str | None:
    """The name under which an entry is stored; None if it is ignored, ValueError for a pickle."""
    name = entry.name.rpartition(": ")[2].rpartition("/")[2].lower()
    if name.endswith(PICKLE_SUFFIXES) or name == "data.pkl":
        raise ValueError(f"{entry.name} {PICKLE_REFUSED}")
    if name in (CONFIG, DIRECTIONS_FILE, DISCRIMINATOR_FILE):
        return name
    other = name in (CHECKPOINT_FILE, ENCODER_FILE) or not name.endswith(".safetensors")
    return None if other else WEIGHTS_FILE


def _content(entry: Entry) -> bytes:
    try:
        content = entry.read()
    except ValueError as error:
        raise ValueError(f"{entry.name}: {error}.") from None
    if content.startswith(PICKLE_SIGNATURES):
        raise ValueError(f"{entry.name} {PICKLE_REFUSED}")
    return content
