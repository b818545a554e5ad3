"""Atomic writes of files, and reading of JSON and safetensors files.

A file is written under a temporary name, synced and renamed, so that a crash or a full disk leaves
either the old file or the new one. Tensors are read with safetensors only: unpickling can run code.
PyTorch is imported only by the functions that handle tensors.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError, safe_open

if TYPE_CHECKING:
    from torch import Tensor, nn

MAX_BYTES = 2 * 1024**3
MAX_NAME, MAX_PATH = 255, 4000  # bytes of a file's name, and of its whole path, on usual file systems


def find_folder(name: str | Path) -> Path | None:
    """The existing folder at path `name`, with ~ expanded; None if there is none or the path is invalid."""
    return _find(name, Path.is_dir)


def find_file(name: str | Path) -> Path | None:
    """The existing file at path `name`; otherwise as `find_folder`."""
    return _find(name, Path.is_file)


def _find(name: str | Path, is_kind: Callable[[Path], bool]) -> Path | None:
    try:
        path = Path(name).expanduser()
        return path if is_kind(path) else None
    except (OSError, RuntimeError):  # the name is too long; ~user of an unknown user
        return None


def check_inside(folder: Path, roots: Sequence[Path] | None) -> None:
    """ValueError unless `folder`, with symlinks resolved, is inside one of `roots`; None allows any."""
    real = folder.resolve()
    if roots is not None and not any(real.is_relative_to(root.resolve()) for root in roots):
        raise ValueError(f"The folder {folder} may not be read from this page.")


def check_output_file(path: str | Path) -> None:
    """ValueError if `path` cannot be written as a file; checked before the work whose result it will hold."""
    path = Path(path)
    if os.path.isdir(path):
        raise ValueError(f"{path} is a folder: name a file in it.")
    _check_writable(path, path.parent)


def check_output_folder(folder: str | Path) -> None:
    """ValueError if files cannot be written into `folder`, which need not exist yet."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise ValueError(f"{folder} is a file: name a folder.")
    _check_writable(Path(folder), Path(folder))


def _check_writable(path: Path, folder: Path) -> None:
    """ValueError unless `folder`, or the nearest folder above it that exists, may be written into."""
    whole = path.absolute()
    if (
        len(os.fsencode(whole)) > MAX_PATH
        or max(len(os.fsencode(part)) for part in whole.parts) > MAX_NAME
    ):
        raise ValueError(
            f"{whole.name[:40]}… cannot be written: a name may have at most {MAX_NAME} letters."
        )
    # A link to nothing is there too: no folder can be made in its place.
    there = next(above for above in (folder, *folder.absolute().parents) if os.path.lexists(above))
    if not os.path.exists(there):
        raise ValueError(f"{path} cannot be written: {there} is a link to nothing.")
    if not there.is_dir():
        raise ValueError(f"{path} cannot be written: {there} is a file.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ValueError(f"{path} cannot be written: {there} may not be written into.")


def write_bytes(path: str | Path, content: bytes) -> None:
    """Replace the content of `path` atomically; ValueError if it cannot be written."""
    path = Path(path)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            temporary = file.name
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        # Also on Ctrl-C: nothing half written is left.
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        if not isinstance(error, OSError):
            raise
        raise ValueError(
            f"Could not save {path.name} in {path.parent}: {error.strerror or error}. "
            "Free some space or choose another folder; what was saved before is untouched."
        ) from error


def write_json(path: str | Path, value: object) -> None:
    """Write `value` to `path` as indented JSON, atomically; ValueError if it cannot be written."""
    write_bytes(path, (json.dumps(value, indent=2) + "\n").encode())


def write_tensors(path: str | Path, tensors: dict[str, Tensor], metadata: dict | None = None):
    """Write a safetensors file atomically; `metadata` maps strings to strings."""
    from safetensors.torch import save

    on_cpu = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_bytes(path, save(on_cpu, metadata))


def read_json(path: str | Path) -> dict:
    """The JSON object in `path`; ValueError if it is missing, over 1 MB or not an object."""
    path = Path(path)
    try:
        if path.stat().st_size > 10**6:
            raise ValueError(f"{path.name} is too long to be a settings file.")
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"There is no readable {path.name} in {path.parent}.") from error
    try:
        # Editors on Windows put a mark before UTF-8.
        value = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # one of them for numbers of thousands of digits
        raise ValueError(f"{path.name} in {path.parent} is not valid JSON.") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} in {path.parent} must hold a JSON object.")
    return value


def read_tensors(path: str | Path, prefix: str = "") -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors (on the CPU) and the metadata of a safetensors file; ValueError for any other file.

    With `prefix` only the tensors whose names begin with it, without it.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no {path.name} in {path.parent}.")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name} is over 2 GB: too large to load here.")
    try:
        with safe_open(path, framework="pt") as file:
            names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118
            tensors = {name.removeprefix(prefix): file.get_tensor(name) for name in names}
            return tensors, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ValueError(
            f"{path.name} is not a whole safetensors file (cut off, damaged, or another format "
            "such as a pickle, which is never loaded)."
        ) from error


def tensor_shapes(path: str | Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of each tensor in a safetensors file, read from its header without PyTorch."""
    try:
        with safe_open(Path(path), framework="np") as file:
            names = list(file.keys())
            return {name: tuple(file.get_slice(name).get_shape()) for name in names}
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{Path(path).name} is not a whole safetensors file.") from error


def digest(path: Path) -> str:
    """The SHA-256 of a file in hex; ValueError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ValueError(f"There is no readable {path.name} in {path.parent}.") from error


def load_into(module: nn.Module, path: str | Path) -> None:
    """Load weights into `module`; ValueError unless names, shapes and dtypes match and all are finite."""
    load_tensors(module, read_tensors(path)[0], Path(path).name)


def load_tensors(module: nn.Module, tensors: dict[str, Tensor], name: str) -> None:
    """As `load_into`, for tensors of the file called `name`."""
    import torch

    expected = module.state_dict()
    missing, unknown = expected.keys() - tensors.keys(), tensors.keys() - expected.keys()
    if missing or unknown:
        raise ValueError(
            f"{name} holds the weights of another network "
            f"({len(missing)} tensors missing, {len(unknown)} unknown)."
        )
    for key, tensor in tensors.items():
        if tensor.shape != expected[key].shape:
            raise ValueError(
                f"{name} holds {key} with shape {tuple(tensor.shape)}, but config.json "
                f"describes {tuple(expected[key].shape)}."
            )
        if tensor.dtype != expected[key].dtype:
            raise ValueError(f"{name} holds {key} as {tensor.dtype}, not {expected[key].dtype}.")
        if not torch.isfinite(tensor).all():
            raise ValueError(f"{name} holds NaN or infinite weights in {key}.")
        if key.endswith("running_var") and (tensor < 0).any():
            # Its root is NaN, and all pictures would be black.
            raise ValueError(f"{name} holds negative variances in {key}.")
    module.load_state_dict(tensors)
