"""The process of one job: it runs one generator function of demo/workers/tasks and sends what that yields.

It never imports Gradio. Messages to the server are (kind, value):

    latest  dict   what the task yielded; the last one is its result
    failed  str    one sentence for the user
    done    None   the task is over
"""

import contextlib
import importlib
import os
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

MOST_MEMORY = 3 * 2**30  # bytes beside what the process starts with
OUT_OF_MEMORY = "This needs more memory than one visitor may have: try something smaller."


def main(pipe: Connection) -> None:
    """Run the one task that the pipe names."""
    task, arguments = pipe.recv()
    _limit_memory()
    try:
        for latest in _found(task)(**arguments):
            pipe.send(("latest", latest))
        pipe.send(("done", None))
    except ValueError as error:
        pipe.send(("failed", str(error)))
    except MemoryError:
        pipe.send(("failed", OUT_OF_MEMORY))
    except Exception as error:
        traceback.print_exc()
        memory = isinstance(error, RuntimeError) and "memory" in str(error)
        advice = "try something smaller" if memory else "try again, or with other settings"
        pipe.send(("failed", f"This could not be done: {advice}."))


def _found(task: str):
    import torch

    # The other core is for the page, and for whoever trains.
    torch.set_num_threads(1)
    module, function = task.rsplit(".", 1)
    return getattr(importlib.import_module(module), function)


def _limit_memory() -> None:
    """What someone sends may ask for more memory than the machine has; that must end here."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on every system
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
