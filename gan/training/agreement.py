"""How the ranks of a run keep in step."""

from collections.abc import Callable

from gan.common import ranks


def never() -> bool:
    return False


class Agreement:
    """All ranks take the same steps, by the progress of rank 0, and end after the same one.

    `stop` is asked before each step: True on any rank ends the run on all.
    """

    def __init__(self, stop: Callable[[], bool] = never):
        self.stop, self.ended = stop, False

    def progress(self, own: float = 0.0) -> float:
        """The progress of the next step on all ranks, at least 1 at the end; each calls this once a step."""
        progress = ranks.largest(1.0 if self.stop() else own)
        self.ended = progress >= 1.0
        return progress

    def end(self) -> None:
        """Have the other ranks end too, where the run is left in the middle."""
        if not self.ended:
            self.progress(1.0)
