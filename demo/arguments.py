"""What `python app.py` is asked for: --mcp, by which assistants use the endpoints as tools, and --class (docs/)."""

import importlib.util
import os
from collections.abc import Sequence

MISSING = (
    "The MCP server needs the package mcp, which is not installed: "
    "python -m pip install mcp==1.30.0, or start without --mcp and GANSCOPE_MCP."
)
CLASS = "--class"
UNKNOWN = "app.py takes --mcp (tools for assistants) and --class (open a class), not {}."


def mcp_requested(arguments: Sequence[str]) -> bool:
    """Whether --mcp or GANSCOPE_MCP=1 requests it; SystemExit with a message for other arguments than these two."""
    unknown = [each for each in arguments if each not in ("--mcp", CLASS)]
    if unknown:
        raise SystemExit(UNKNOWN.format(unknown[0]))
    requested = "--mcp" in arguments or os.environ.get("GANSCOPE_MCP", "").lower() in (
        "1",
        "true",
        "yes",
    )
    if requested and importlib.util.find_spec("mcp") is None:
        raise SystemExit(MISSING)
    return requested
