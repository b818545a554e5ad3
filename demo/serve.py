"""Build the page and serve it: what `python app.py` and the command `ganscope` run.

Nothing but the standard library is imported at the top: each child process imports this file once more.
"""

import multiprocessing
import os
import sys


def main() -> None:
    """Serve until Ctrl-C. Arguments: --mcp offers the endpoints as tools for assistants, --class opens a class."""
    # Read when Gradio is imported: no telemetry, no usage table rebuilt at every event, and none of the last 10,000.
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

    from demo.arguments import CLASS, mcp_requested
    from demo.backend import logs
    from demo.backend.owned_folder import owned_folder

    mcp = mcp_requested(sys.argv[1:])
    logs.configure()

    # Gradio's copies of what visitors upload lie in a folder that goes with this process.
    if not os.environ.get("GRADIO_TEMP_DIR"):
        os.environ["GRADIO_TEMP_DIR"] = str(owned_folder("ganscope-gradio-"))

    # Sockets between the processes, which a killed server leaves: the next start removes them. A short name, for the
    # path of a socket has at most 107 bytes, or 103.
    multiprocessing.current_process()._config["tempdir"] = str(owned_folder("gscope-"))

    # Slow, so it comes first.
    import gradio  # noqa: F401

    from demo.backend.runs import turbo
    from demo.backend.work.rpc import RpcClient

    if turbo.is_offered():
        turbo.keep_processes_off()
    # It imports PyTorch on one core while the page is built on another. Not before Gradio's import,
    # because two imports in parallel would delay the page.
    renderer = RpcClient()
    renderer.start()

    from demo.page import launch

    launch(renderer, CLASS in sys.argv[1:], mcp_server=mcp or None)
