"""How the server ends: SIGINT (Ctrl-C) and SIGTERM set an event, and what must end does so within seconds."""

import os
import signal
import threading

# A container is killed ten seconds after it was told to stop.
END_SECONDS = 9.0


def wait_for_signal() -> None:
    """Block the main thread until SIGINT or SIGTERM; from then on the process ends in `END_SECONDS`.

    The handler sets an event: an exception that it raised would be lost where the interpreter happens to
    run a finalizer, or end what is closing the server. A second signal ends the process at once.
    """
    requested = threading.Event()

    def end(number, frame) -> None:
        if requested.is_set():
            os._exit(1)
        requested.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    # With a timeout, because on Windows no signal interrupts a wait without one.
    while not requested.wait(0.5):
        pass
    # Whatever does not end by itself ends with the process.
    last = threading.Timer(END_SECONDS, os._exit, [1])
    last.daemon = True
    last.start()
