"""`Stopwatch`: how long a run has trained."""

import time


class Stopwatch:
    """Seconds of training, without those that the consumer of the iterator spends on a snapshot."""

    def __init__(self):
        self.before = 0.0
        self.started: float | None = None

    def start(self) -> None:
        self.started = time.perf_counter()

    def stop(self) -> None:
        self.before = self.seconds
        self.started = None

    @property
    def seconds(self) -> float:
        running = time.perf_counter() - self.started if self.started is not None else 0.0
        return self.before + running
