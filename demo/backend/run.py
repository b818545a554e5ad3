"""One training run as pages see it, and the moments that it keeps."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from demo.backend.work import Work
from demo.backend.work_queue import GO_ON, PAUSE, STOP
from gan.export.package import model_files, zipped
from gan.settings.config import TrainConfig
from gan.training.run_record import quality_of, thinned

# A closed page must end its run within 2 s; a connection that hiccups should not.
ABANDONED_SECONDS = 1.0
# A page that is loaded with the run in its address watches it as soon as its scripts work.
EXPECTED_SECONDS = 10.0
PAUSED_SECONDS = 600.0
# What a run is doing once each request has reached its worker.
STATES = {GO_ON: "running", PAUSE: "paused", STOP: "stopping"}
ACTIVE = ("queued", "starting", "running", "paused", "stopping")


class Moment(NamedTuple):
    """A Snapshot as pages get it: its numbers, and its grid of samples as WebP."""

    numbers: dict
    frame: bytes


@dataclass(eq=False)
class Run(Work):
    """One run as pages see it: a piece of work with a history, a pause and watchers."""

    config: TrainConfig
    folder: Path
    owner: str
    title: str = ""  # what the data are called, where their name says nothing
    resume: bool = False
    watchers: int = 0
    unwatched_since: float = field(default_factory=time.monotonic)
    leased_until: float = 0.0
    expected_until: float = 0.0
    paused_since: float | None = None
    real: bytes = b""
    moments: list[Moment] = field(default_factory=list)

    def add(self, numbers: dict, frame: bytes) -> None:
        """Keep a snapshot; a long history is thinned to every other one, its ends kept."""
        # A run whose process was killed goes on from before its last moments: they are no more.
        kept = [moment for moment in self.moments if moment.numbers["step"] <= numbers["step"]]
        if kept and kept[-1].numbers["step"] == numbers["step"]:
            # A continued run shows first where it stands, which is known, without its losses.
            if not numbers["final"]:
                return self.changed(moments=kept, state=STATES[self.requested])
            kept = kept[:-1]
        # A new list each time: readers in other threads keep a whole one.
        self.changed(moments=[*thinned(kept), Moment(numbers, frame)], state=STATES[self.requested])

    @property
    def points(self) -> list[dict]:
        """The numbers of all moments."""
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
        return silent and not self.watchers and now > max(self.leased_until, self.expected_until)

    def lease(self, seconds: float) -> None:
        """Go on for so long, although nobody watches: for who asks now and then."""
        self.leased_until = time.monotonic() + seconds

    def expect_watcher(self) -> None:
        """Somebody is about to watch, such as a page that is being reloaded."""
        self.expected_until = time.monotonic() + EXPECTED_SECONDS

    def weights_zip(self) -> bytes:
        """The trained generator's files and its card as a zip; ValueError if there are none yet."""
        if not (self.folder / "train.json").is_file():
            raise ValueError("This run has saved no weights yet.")
        name = f"ganscope-{self.id}"
        return zipped(model_files(self.folder, name, quality_of(self.points)), name)

    def watched(self, by: int) -> None:
        """One watcher more (1) or less (-1)."""
        self.watchers += by
        # A reload asks for the new page before it leaves the old one: that one's leaving changes nothing.
        if by > 0:
            self.expected_until = 0.0
        self.unwatched_since = time.monotonic()
