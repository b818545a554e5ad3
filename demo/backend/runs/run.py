"""One training run as pages see it, and its history of snapshots."""

import math
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from demo.backend.runs.readers import Watcher
from demo.backend.work.base import Work
from demo.backend.work.queue import GO_ON, PAUSE, STOP
from gan.data.sources import UPLOAD_PREFIX
from gan.export.package import model_files, zipped
from gan.settings.config import TrainConfig
from gan.training.run_record import quality_of, thinned

# A run outlives its page for so long: a reload, or a break of the connection, does not end it.
GRACE_SECONDS = 15.0
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
    start: str = ""  # where the model lies that config.start_from names, as gan finds it
    created: float = field(default_factory=time.time)  # seconds since 1970
    resume: bool = False
    watchers: int = 0
    sharers: set[str] = field(default_factory=set)  # other owners whose run it is too, in a class
    readers: list[Watcher] = field(default_factory=list)  # the watchers that somebody must read
    unwatched_since: float = field(default_factory=time.monotonic)
    leased_until: float = 0.0
    wait: float | None = None  # seconds until it starts, while it waits; None if that is not known
    paused_since: float | None = None
    queued_at: float = field(default_factory=time.time)  # by the clock, as times of files
    started_at: float | None = None
    notes: list[str] = field(default_factory=list)  # what happened to it, as sentences
    why_stopped: str = ""  # a sentence, if nobody asked for its end
    trained_by: str = ""  # as a sentence, where there is a choice
    real: bytes = b""
    # Uploads are for their owner's eyes alone: only his pages know this.
    real_key: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
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

    def queue_again(self) -> None:
        """Wait for a slot once more: its last moment is not its end any longer."""
        last = [each._replace(numbers=each.numbers | {"final": False}) for each in self.moments[-1:]]
        moments = self.moments[:-1] + last
        self.changed(state="queued", requested=GO_ON, message="", why_stopped="", moments=moments)

    @property
    def points(self) -> list[dict]:
        """The scalars of all moments."""
        return [moment.numbers for moment in self.moments]

    @property
    def active(self) -> bool:
        return not self.over

    @property
    def facts(self) -> dict:
        last = self.moments[-1].numbers if self.moments else {"step": 0, "seconds": 0.0}
        data, name = ("uploaded", "private") if self.private else (self.config.data, self.id)
        return {
            "run": name, "data": data, "method": self.config.method, "step": last["step"],
            "seconds": round(last["seconds"], 1),
        }  # fmt: skip

    @property
    def complete(self) -> bool:
        """Whether it has trained to the end of its budget."""
        return bool(self.moments) and self.moments[-1].numbers["final"]

    @property
    def private(self) -> bool:
        """Whether its data are uploads."""
        return self.config.data.startswith(UPLOAD_PREFIX)

    @property
    def unwanted(self) -> bool:
        return bool(self.why_unwanted)

    @property
    def why_unwanted(self) -> str:
        """Why it is to end although nobody asked for that, as a sentence; else ""."""
        if self.unseen_for > GRACE_SECONDS:
            return "Stopped, because its page was closed."
        if self.paused_since and time.monotonic() - self.paused_since > PAUSED_SECONDS:
            return "Stopped, after ten minutes of pause."
        return ""

    @property
    def unseen_for(self) -> float:
        """Seconds since a page showed it, or another program asked for it; 0 while one does."""
        if self.watched:
            return 0.0
        return max(time.monotonic() - max(self.unwatched_since, self.leased_until), 0.0)

    @property
    def watched(self) -> bool:
        """Whether it has a watcher; those that nobody reads do not count."""
        unread = sum(not reader.present() for reader in list(self.readers))
        return self.watchers > unread

    @property
    def seconds_left(self) -> float:
        """How long it trains on, by its budget; infinite if that is not known, as while it is paused."""
        last = self.moments[-1].numbers if self.moments else {"step": 0, "seconds": 0.0}
        if self.requested == STOP:
            return 0.0
        if self.requested == PAUSE:
            return math.inf
        if self.config.seconds is not None:
            return max(self.config.seconds - last["seconds"], 0.0)
        pace = last["seconds"] / last["step"] if last["step"] else math.inf
        return pace * max(self.config.steps - last["step"], 0)

    def lease(self, seconds: float) -> None:
        """Keep the run alive without a watcher for so long: for clients that poll."""
        self.leased_until = time.monotonic() + seconds

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
            if change < 0 and not reader.present():
                return  # it has not been watched for a while
        self.unwatched_since = time.monotonic()
