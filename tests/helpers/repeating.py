"""A worker for tests of demo/backend/work_queue.py: it does what its work says, and listens."""

import os
import time


def main(pipe) -> None:
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        if not isinstance(work, dict):
            continue
        pipe.send(("process", os.getpid()))
        if work.get("die"):
            os._exit(3)
        # Until it is asked to stop, it says what it is asked for.
        while work.get("listen"):
            heard = pipe.recv()
            pipe.send(("heard", heard))
            if heard == "stop":
                time.sleep(work.get("dawdle", 0))
                break
        pipe.send(("failed", "No.") if work.get("fail") else ("done", None))


def tell(pipe) -> None:
    """Another worker: it sends back the work that it gets."""
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        if isinstance(work, tuple):
            pipe.send(("got", work))
            pipe.send(("done", None))
