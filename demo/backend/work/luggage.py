"""What work needs of this machine's files to be done on another one, and what comes back from there.

Folders of models and what visitors uploaded travel as bytes. There they are unpacked into a folder of that work alone,
in which it runs, and which is removed at its end. Datasets do not travel: drawn ones are drawn there, others must lie
in GANSCOPE_DATA of that machine under the same name.
"""

from dataclasses import dataclass, field
from pathlib import Path

from gan.common.files import find_folder, write_bytes
from gan.data.sources import UPLOAD_PREFIX, upload_folder
from gan.models.registry import CHECKPOINT_FILE, shipped, training_config_of

# Folders within the one in which work runs elsewhere.
RUN, START, MODEL, UPLOADS = "run", "start", "model", "uploads"


@dataclass(frozen=True)
class Luggage:
    """Work whose names of files are relative to where `files` are unpacked; what it writes into RUN belongs `home`."""

    work: object = field(repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    home: Path | None = None


def pack_run(work: tuple[dict, str, bool]) -> Luggage:
    """A run, (settings, folder, resume), which goes on from its checkpoint if there is one. ValueError if files are
    gone."""
    settings, folder, _ = work
    files, start = _upload(settings["data"]), settings["start_from"]
    resume = (Path(folder) / CHECKPOINT_FILE).is_file()
    if resume:
        files |= files_of(Path(folder), RUN)
        # As it was called when the run began; its files are needed no more.
        start = training_config_of(folder).start_from
    elif model := _local_model(start):
        start = f"{START}/{model.name}"
        files |= files_of(model, start)
    return Luggage((settings | {"start_from": start}, RUN, resume), files, Path(folder))


def pack_job(work: tuple[str, dict]) -> Luggage:
    """A job on a model, (task, arguments). ValueError if files are gone."""
    task, arguments = work
    files = _upload(arguments.get("data", ""))
    source = arguments["source"]
    if model := _local_model(source):
        source = f"{MODEL}/{model.name}"
        files |= files_of(model, source)
    return Luggage((task, arguments | {"source": source, "roots": [Path(MODEL)]}), files)


def unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write files that have come, by their names within `folder`; ValueError on a full disk."""
    for name, content in files.items():
        write_bytes(folder / name, content)


def files_of(folder: Path, name: str) -> dict[str, bytes]:
    """The files of a model's or a run's folder, with names below `name`."""
    return {f"{name}/{path.name}": path.read_bytes() for path in visible_files(folder)}


def visible_files(folder: Path) -> list[Path]:
    """The files in a folder, without hidden ones, which may be half written."""
    return [path for path in folder.glob("[!.]*") if path.is_file()]


def _local_model(name: str) -> Path | None:
    return find_folder(name) if name and name not in shipped() else None


def _upload(data: str) -> dict[str, bytes]:
    """The decoded pictures of an upload."""
    if not data.startswith(UPLOAD_PREFIX):
        return {}
    place = f"{UPLOADS}/{data.removeprefix(UPLOAD_PREFIX)}"
    return {
        f"{place}/{path.name}": path.read_bytes() for path in upload_folder(data).glob("*.safetensors")
    }
