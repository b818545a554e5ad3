"""The order in which requests for pictures are drawn.

Whoever moves a slider waits for one picture: these requests come first, in order. Previews and walks ask for several:
they are drawn in batches of some 20 ms (`batch_for`) while no single picture waits, and one batch after every
`SINGLES_PER_LARGE` batches of those. However many large requests there are, a slider thus waits little longer, and
they never starve. Among themselves they go in order, but each picture of a request beyond its first lets
`OVERTAKES_PER_PICTURE` later requests go first: previews overtake a walk.
"""

import heapq
import itertools
from collections import deque
from dataclasses import dataclass, field
from queue import SimpleQueue

import numpy as np
from torch import Tensor

from gan.models.render import ReproducibleRenderer

MAX_BATCH = 8  # pictures of 64×64 of MULTIPLY_ADDS each: some 20 ms
MULTIPLY_ADDS = 42_000_000
SINGLES_PER_LARGE = 8
OVERTAKES_PER_PICTURE = 10


@dataclass(order=True)
class Request:
    """Latents left to draw. `number` is its asker's, `drawn` what is drawn of it; large ones go by `rank`."""

    rank: int = field(default=0, init=False)
    number: int
    renderer: ReproducibleRenderer = field(compare=False)
    z: Tensor = field(compare=False)
    batch: int = field(default=MAX_BATCH, compare=False)  # pictures that are drawn at a time
    drawn: list[np.ndarray] = field(default_factory=list, compare=False)


class DrawingQueue:
    """Requests may be put from any thread; one thread takes them."""

    def __init__(self):
        self.arrived: SimpleQueue[Request] = SimpleQueue()
        self.singles: deque[Request] = deque()
        self.large: list[Request] = []  # a heap
        self.arrivals = itertools.count()
        self.singles_since = 0  # batches of singles since the last one of a large request

    def put(self, request: Request) -> None:
        """Append a request."""
        self.arrived.put(request)

    def next_batch(self) -> list[Request]:
        """Wait for what is to be drawn next: a request, of which `batch` pictures are to be drawn, or several of one
        picture each, of the same renderer, which are cheaper together."""
        while not self.arrived.empty() or not (self.singles or self.large):
            self._sort_in(self.arrived.get())
        if self.large and not (self.singles and self.singles_since < SINGLES_PER_LARGE):
            self.singles_since = 0
            return [heapq.heappop(self.large)]
        self.singles_since += 1
        chosen = [self.singles.popleft()]
        while len(chosen) < chosen[0].batch and self.singles:
            if self.singles[0].renderer is not chosen[0].renderer:
                break
            chosen.append(self.singles.popleft())
        return chosen

    def put_back(self, request: Request) -> None:
        """Put back a large request of which a batch was drawn; for the thread that takes."""
        heapq.heappush(self.large, request)

    def _sort_in(self, request: Request) -> None:
        request.rank = next(self.arrivals) + OVERTAKES_PER_PICTURE * (len(request.z) - 1)
        if len(request.z) == 1:
            self.singles.append(request)
        else:
            heapq.heappush(self.large, request)


def batch_for(side: int, multiply_adds: int = 0) -> int:
    """How many pictures of that side are drawn at a time: as many pixels, and as much work, whatever the model."""
    by_pixels = MAX_BATCH * 64**2 // max(64, side) ** 2
    by_work = MAX_BATCH * MULTIPLY_ADDS // max(MULTIPLY_ADDS, multiply_adds)
    return max(1, min(by_pixels, by_work))
