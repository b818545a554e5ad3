"""How many threads train fastest just now: found out by trying, again and again."""

import os

TRIAL_EVERY = 12  # turns from one trial of the other count to the next
HALF_CORES = max(1, (os.cpu_count() or 1) // 2)


class ThreadChoice:
    """Chooses between all cores and half of them by the speed that each gave last.

    Threads of one step wait for each other. On a quiet machine more of them are faster; where another
    program takes a core, all wait for the slowest, and a step may take ten times as long.
    A turn is the time between two snapshots; a speed is in images per second.
    """

    def __init__(self, all_cores: int, some_cores: int = HALF_CORES):
        self.counts = [all_cores, min(some_cores, all_cores)]
        self.speeds = dict.fromkeys(self.counts, 0.0)
        self.count, self.turns = all_cores, 0

    def next(self, speed: float) -> int:
        """The count for the next turn, given how fast the last one went; 0 if nothing went yet."""
        if not speed:
            return self.count
        self.turns += 1
        self.speeds[self.count] = speed
        best = max(self.counts, key=self.speeds.get)
        other = self.counts[0] if best == self.counts[1] else self.counts[1]
        # Not at once: a run's first turn is slow by itself.
        trial = self.turns % TRIAL_EVERY == 3
        self.count = other if trial else best
        return self.count
