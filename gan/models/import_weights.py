"""A generator's files among files of someone's own: found, never unpickled, and kept as a folder."""

from collections.abc import Iterable
from pathlib import Path

from gan.common.files import write_bytes
from gan.data.archives import Entry, Piece, entries
from gan.models.registry import CHECKPOINT, DIRECTIONS, ENCODER

CONFIG, WEIGHTS = "config.json", "model.safetensors"
MOST_JSON = 2 * 10**6
ADVICE = (
    f"Hand in {WEIGHTS} and {CONFIG} of a generator that was trained here: both files, or the zip that "
    "Download weights gives."
)
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin")
PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
NO_PICKLE = (
    "is a pickle, and a pickle can run any program when it is opened: it is never loaded here. "
    "Save the weights with safetensors instead."
)


def unpack(files: Iterable[str | Path | Piece], folder: Path) -> None:
    """Put the one config.json and the one model.safetensors of `files`, or of zips, into `folder`.

    A directions.json goes with them. ValueError that says what is missing, or why something is not
    read: a pickle above all. Whether the files make a generator, `gan.models.storage.read_generator` says.
    """
    found: dict[str, bytes] = {}
    for entry in entries(files):
        name = _kind(entry)
        if name is None:
            continue
        if name in found:
            raise ValueError(f"There is more than one {name}: hand in one generator at a time.")
        if name != WEIGHTS and entry.size > MOST_JSON:
            raise ValueError(f"{name} is too long to be one of ours.")
        found[name] = _content(entry)
    missing = [name for name in (CONFIG, WEIGHTS) if name not in found]
    if missing:
        raise ValueError(f"There is no {' and no '.join(missing)} among these files. {ADVICE}")
    for name, content in found.items():
        write_bytes(folder / name, content)


def _kind(entry: Entry) -> str | None:
    """What an entry is taken for: settings, weights, directions, or nothing that matters."""
    name = entry.name.rpartition(": ")[2].rpartition("/")[2].lower()
    if name.endswith(PICKLES) or name == "data.pkl":
        raise ValueError(f"{entry.name} {NO_PICKLE}")
    if name.endswith(".safetensors") and name not in (CHECKPOINT, ENCODER):
        return WEIGHTS
    return name if name in (CONFIG, DIRECTIONS) else None


def _content(entry: Entry) -> bytes:
    try:
        content = entry.read()
    except ValueError as error:
        raise ValueError(f"{entry.name}: {error}.") from None
    if content.startswith(PICKLED):
        raise ValueError(f"{entry.name} {NO_PICKLE}")
    return content
