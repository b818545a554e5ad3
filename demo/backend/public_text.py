"""Sentences for visitors do not tell where on the server things lie."""

import os
import re
import sys
import tempfile
from pathlib import Path

ROOT_VARIABLES = (
    "GANSCOPE_OWN",
    "GANSCOPE_RUNS",
    "GANSCOPE_CACHE",
    "GANSCOPE_DATA",
    "GANSCOPE_ROOTS",
    "GRADIO_TEMP_DIR",
    "HF_HOME",
)
PROGRAM = Path(__file__).parents[2]


def public_text(text: str) -> str:
    """`text` without the folders of this server: of a path in one of them, what follows the folder.

    A folder itself is called by its last part. Paths elsewhere stay: visitors typed them.
    """
    if os.sep not in text:
        return text
    for root in _roots():
        text = text.replace(root + os.sep, "")
        text = re.sub(re.escape(root) + r"(?![\w.-])", lambda found: Path(found[0]).name, text)
    return text


def _roots() -> list[str]:
    """The server's folders, inner ones first; none so short that it may be part of a sentence."""
    named = [part for name in ROOT_VARIABLES for part in os.environ.get(name, "").split(os.pathsep)]
    found = {PROGRAM, Path.home(), Path.cwd(), Path(tempfile.gettempdir()), Path(sys.prefix)}
    found |= {Path(name).absolute() for name in named if name}
    found |= {path.resolve() for path in found}
    return sorted((str(path) for path in found if len(path.parts) > 1), key=len, reverse=True)
