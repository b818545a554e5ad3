"""Build the page and serve it: what `python app.py` and the command `ganscope` run.

Nothing but the standard library is imported at the top: each child process imports this file once more.
"""

import os
import sys


def main() -> None:
    """Serve until Ctrl-C. The one argument is --mcp: the endpoints as tools for assistants."""
    # Gradio reads these at import: it rebuilds a usage table at every event, and calls home.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

    from demo.api.mcp import mcp_requested

    mcp = mcp_requested(sys.argv[1:])

    # The slow part of the way to a page.
    import gradio  # noqa: F401

    from demo.backend.rpc import RpcClient

    # It imports PyTorch on one core, while the page is built on another and browsers load it. Not
    # sooner, because both imports at once are slower, and the page comes first.
    renderer = RpcClient()
    renderer.start()

    from demo.page import launch

    launch(renderer, mcp_server=mcp or None)
