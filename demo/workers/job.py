"""The process of one job: runs one generator function of demo/workers/tasks and sends what it yields.

Never imports Gradio. Messages to the server are (kind, value):

    latest  dict   an item that the task yielded; the last one is its result
    failed  str    one sentence for the user
    done    None   the task is over
"""

import contextlib
import importlib
import os
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

MAX_EXTRA_MEMORY = 3 * 2**30  # bytes, on top of what the process uses at its start
OUT_OF_MEMORY = "This needs more memory than a job may use: try something smaller."


def main(pipe: Connection) -> None:
    """Receive (task, arguments) and run that task."""
    task, arguments = pipe.recv()
    _limit_memory()
    try:
        for latest in _import_task(task)(**arguments):
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


def _import_task(task: str):
    import torch

    # Leaves the other cores to the server and to training.
    torch.set_num_threads(1)
    module, function = task.rsplit(".", 1)
    return getattr(importlib.import_module(module), function)


def _limit_memory() -> None:
    """Limit the address space, so that a hostile upload ends this process and not the machine."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # not available on every system
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + MAX_EXTRA_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
