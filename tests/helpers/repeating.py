"""A worker for tests of demo/backend/work/queue.py: it does what its work says, and listens."""

import os
import time


def main(pipe) -> None:
    for work in received(pipe, dict):
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
    for work in received(pipe, tuple):
        pipe.send(("got", work))
        pipe.send(("done", None))


def received(pipe, kind: type):
    """What comes of this kind, until the pipe is closed."""
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        if isinstance(work, kind):
            yield work
