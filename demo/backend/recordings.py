"""What tabs show before anything is live: recorded runs, a comparison, a report card, a search for z.

`python -m demo.record` makes them (demo/record.py): each a zip of recording.json and WebP frames in demo/recordings. A
recording that is missing or damaged is passed over, and its tab opens without.
"""

import functools
import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gan.common.files import digest, write_bytes
from gan.models import registry

FOLDER = Path(__file__).parents[1] / "recordings"
MAX_BYTES = 400_000
COMPARISON, CARD, SEARCH, CRITIC = "compare", "report", "find", "critic"
ABOUT = "recording.json"
ALONE = "A"  # the side of a run that is compared with none
OUTDATED = "This page is older than the server: reload it."


def run_name(data: str) -> str:
    """The name of the recorded run on a dataset."""
    return f"train-{data}"


@dataclass(frozen=True)
class Recording:
    """`about`: `recorded` (when, where, by which version), `shown` (what the page gets) and what that was made from.

    `frames`: WebP by SIDE/STEP. `digest` changes with the file.
    """

    about: dict
    frames: Mapping[str, bytes]
    digest: str


def pack(about: dict, frames: Mapping[str, bytes]) -> bytes:
    """The file of a recording; the same one for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        text = json.dumps(about, separators=(",", ":"), ensure_ascii=False)
        # ZipInfo has a fixed date.
        archive.writestr(zipfile.ZipInfo(ABOUT), text, zipfile.ZIP_DEFLATED)
        for name, frame in frames.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.webp"), frame)
    return buffer.getvalue()


def write(name: str, content: bytes) -> Path:
    """Write what `pack` made; ValueError if it is larger than `MAX_BYTES`."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"The recording {name} has {len(content):,} bytes, of at most {MAX_BYTES:,}.")
    path = FOLDER / f"{name}.zip"
    write_bytes(path, content)
    return path


def read(path: Path) -> Recording:
    """A recording; ValueError if it is damaged."""
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        about = json.loads(files.pop(ABOUT))
        if not all(isinstance(about[part], dict) for part in ("recorded", "shown")):
            raise ValueError("it says nothing of itself")
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"The recording {path.name} is damaged: {error}.") from error
    frames = {name.removesuffix(".webp"): frame for name, frame in files.items()}
    return Recording(about, frames, hashlib.sha256(content).hexdigest()[:16])


@functools.cache
def recordings() -> dict[str, Recording]:
    """All recordings by name, read once."""
    found = {}
    for path in sorted(FOLDER.glob("*.zip")):
        try:
            found[path.stem] = read(path)
        except ValueError as error:
            warnings.warn(str(error), stacklevel=2)
    return found


def address(name: str) -> str | None:
    """The route to a recorded run or comparison, which changes with its content; None if there is none."""
    known = recordings().get(name)
    return known and f"recordings/{name}/{known.digest}"


def find(name: str, version: str) -> Recording:
    """The recording that `address` leads to; ValueError if it is not, or no longer, there."""
    known = recordings().get(name)
    if not known or known.digest != version:
        raise ValueError(OUTDATED)
    return known


def shown(name: str, recording: Recording) -> dict:
    """What the page gets of a recording; a run, and each side of a comparison, says where its frames are.

    The critic's games are below "frames" by their own names (demo/record_critic.py)."""
    page = recording.about["shown"] | {"recorded": recording.about["recorded"]}
    frames = f"{address(name)}/frame"
    if "sides" in page:
        sides = [side | {"frames": f"{frames}/{side['name']}"} for side in page["sides"]]
        return page | {"sides": sides}
    return page | {"frames": frames if "levels" in page else f"{frames}/{ALONE}"}


def of_model(name: str, model: object) -> dict | None:
    """What the page gets of a recording that was made with a shipped model; None with another model, or others of its
    weights."""
    known = recordings().get(name)
    if not known or known.about["model"] != model or model not in registry.shipped():
        return None
    weights = registry.WEIGHTS_FOLDER / model / registry.WEIGHTS_FILE
    if known.about["weights"] != digest(weights):
        return None
    return known.about["shown"] | {"recorded": known.about["recorded"]}
