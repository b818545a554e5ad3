"""The lines of `gan` that lessons show beside a formula, read from the installed source, so that they cannot drift."""

import ast
import functools
import importlib.util
from pathlib import Path

# What lessons may show: MODULE.FUNCTION.
SHOWN = (
    "gan.training.losses.d_logistic_loss",
    "gan.training.losses.g_minimax_loss",
    "gan.training.losses.g_nonsaturating_loss",
    "gan.training.losses.d_wasserstein_loss",
    "gan.training.trainer.Trainer.step",
    "gan.latent.vectors.slerp",
    "gan.latent.vectors.truncate",
    "gan.metrics.nearest_neighbours.overlap",
)


@functools.cache
def source_of(name: str) -> dict:
    """{file, line, code} of a function; ValueError if it is none that lessons show."""
    if name not in SHOWN:
        raise ValueError(f"No lesson shows {name!r}: choose one of {', '.join(SHOWN)}.")
    path, names = _file_of(name)
    text = path.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in names:
        node = next(each for each in node.body if getattr(each, "name", None) == part)
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    code = "\n".join(line[indent:] for line in lines)
    file = path.relative_to(Path(importlib.util.find_spec("gan").origin).parents[1]).as_posix()
    return {"file": file, "line": node.lineno, "code": code}


def _file_of(name: str) -> tuple[Path, list[str]]:
    """The file of the module in a dotted name, and the names within it. Nothing is imported but packages."""
    root = Path(importlib.util.find_spec("gan").origin).parents[1]
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        path = root.joinpath(*parts[:count]).with_suffix(".py")
        if path.is_file():
            return path, parts[count:]
    raise ValueError(f"There is no module for {name}.")
