"""One training run as pages see it, and its history of snapshots."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from demo.backend.readers import Watcher
from demo.backend.work import Work
from demo.backend.work_queue import GO_ON, PAUSE, STOP
from gan.export.package import model_files, zipped
from gan.settings.config import TrainConfig
from gan.training.run_record import quality_of, thinned

# A closed page must end its run within 2 s; a short break of its connection should not.
ABANDONED_SECONDS = 1.0
# A page opened with ?run=ID watches the run once its scripts have loaded.
EXPECTED_SECONDS = 10.0
PAUSED_SECONDS = 600.0
# Request -> state of a run once its worker has the request.
STATES = {GO_ON: "running", PAUSE: "paused", STOP: "stopping"}
ACTIVE = ("queued", "starting", "running", "paused", "stopping")


class Moment(NamedTuple):
    """A Snapshot as pages get it: its scalars, and its samples as a WebP grid."""

    numbers: dict
    frame: bytes


@dataclass(eq=False)
class Run(Work):
    """One training run: work with a history of snapshots, a pause, and watchers."""

    config: TrainConfig
    folder: Path
    owner: str
    title: str = ""  # shown instead of the name of the data, where that is an id
    resume: bool = False
    watchers: int = 0
    readers: list[Watcher] = field(default_factory=list)  # the watchers that somebody must read
    unwatched_since: float = field(default_factory=time.monotonic)
    leased_until: float = 0.0
    expected_until: float = 0.0
    paused_since: float | None = None
    queued_at: float = field(default_factory=time.time)  # by the clock, as times of files
    started_at: float | None = None
    stop_reason: str = ""  # why it was stopped, where nobody on a page did
    real: bytes = b""
    moments: list[Moment] = field(default_factory=list)

    def add_snapshot(self, numbers: dict, frame: bytes) -> None:
        """Append a snapshot; a long history is thinned to every other one, except its ends."""
        # A run resumed after a kill continues at an earlier step: later moments are dropped.
        kept = [moment for moment in self.moments if moment.numbers["step"] <= numbers["step"]]
        if kept and kept[-1].numbers["step"] == numbers["step"]:
            # The first snapshot of a resumed run repeats the last one, without losses.
            if not numbers["final"]:
                return self.changed(moments=kept, state=STATES[self.requested])
            kept = kept[:-1]
        # A new list each time: readers in other threads keep a consistent one.
        self.changed(moments=[*thinned(kept), Moment(numbers, frame)], state=STATES[self.requested])

    @property
    def points(self) -> list[dict]:
        """The scalars of all moments."""
        return [moment.numbers for moment in self.moments]

    @property
    def active(self) -> bool:
        return not self.over

    @property
    def complete(self) -> bool:
        """Whether it has trained to the end of its budget."""
        return bool(self.moments) and self.moments[-1].numbers["final"]

    @property
    def unwanted(self) -> bool:
        paused = time.monotonic() - self.paused_since if self.paused_since else 0.0
        return self.abandoned or paused > PAUSED_SECONDS

    @property
    def abandoned(self) -> bool:
        now = time.monotonic()
        silent = now - self.unwatched_since > ABANDONED_SECONDS
        return silent and not self.watched and now > max(self.leased_until, self.expected_until)

    @property
    def watched(self) -> bool:
        """Whether it has a watcher; those that nobody reads do not count."""
        unread = sum(not reader.present() for reader in list(self.readers))
        return self.watchers > unread

    def lease(self, seconds: float) -> None:
        """Keep the run alive without a watcher for so long: for clients that poll."""
        self.leased_until = time.monotonic() + seconds

    def expect_watcher(self) -> None:
        """Keep the run alive until a page that is loading watches it, for at most `EXPECTED_SECONDS`."""
        self.expected_until = time.monotonic() + EXPECTED_SECONDS

    def weights_zip(self) -> bytes:
        """The generator's files and model card as a zip; ValueError if nothing was saved yet."""
        if not (self.folder / "train.json").is_file():
            raise ValueError("This run has saved no weights yet.")
        name = f"ganscope-{self.id}"
        return zipped(model_files(self.folder, name, quality_of(self.points)), name)

    def count_watcher(self, change: int, reader: Watcher | None = None) -> None:
        """Count one watcher more (1) or less (-1); with `reader`, one that counts while it is read."""
        self.watchers += change
        if reader:
            (self.readers.append if change > 0 else self.readers.remove)(reader)
        # During a reload the new page is requested before the old one leaves: only a watcher ends the wait.
        if change > 0:
            self.expected_until = 0.0
        self.unwatched_since = time.monotonic()
