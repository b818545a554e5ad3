"""Files of a run at the command line, beside its weights: run.json, and a film."""

import dataclasses
from pathlib import Path

import numpy as np

from gan.common.files import write_bytes, write_json
from gan.data.point_clouds import is_points
from gan.images import encode, video
from gan.images.video import film_format
from gan.settings.config import TrainConfig
from gan.training import run_record
from gan.training.snapshot import Snapshot


class RunFiles:
    """The numbers of a run's snapshots and, for a film, their sample sheets: at most 240 of them."""

    def __init__(self, config: TrainConfig, film: str | None = None):
        if film and is_points(config.data):
            raise ValueError("A film is of pictures: this run is one of points.")
        self.config, self.film, self.form = config, film, film and film_format(film)
        self.moments: list[tuple[dict, np.ndarray | None]] = []

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot; a long history is thinned to every other one."""
        numbers = dataclasses.asdict(dataclasses.replace(snapshot, samples=None))
        sheet = encode.grid(snapshot.samples) if self.film else None
        self.moments = [*run_record.thinned(self.moments), (numbers, sheet)]

    def write(self, folder: str) -> None:
        """Write run.json into the run's folder, and the film where one was requested."""
        points = [numbers for numbers, _ in self.moments]
        findings = list(points[-1]["findings"]) if points else []
        record = run_record.record(self.config, points, findings=findings)
        write_json(Path(folder) / run_record.NAME, record)
        if self.film:
            sheets = np.stack([sheet for _, sheet in self.moments])
            write_bytes(self.film, video.history_film(sheets, self.form))
