"""Files of a run at the command line, beside its weights: run.json, and a film."""

import dataclasses
import io
import zipfile
from pathlib import Path

import numpy as np

from gan.common.files import check_output_file, read_json, write_bytes, write_json
from gan.data.point_clouds import is_points
from gan.images import encode, video
from gan.images.video import film_format
from gan.metrics.quality import Quality
from gan.models.registry import training_config_of
from gan.settings.config import TrainConfig
from gan.training import run_record
from gan.training.snapshot import Snapshot

FRAMES_FILE = "film.npz"  # the frames of a film, to which a resumed run appends


class RunFiles:
    """The numbers of a run's snapshots and, for a film, their sample sheets: at most 240 of them.

    With `resume` they follow those that were written into `folder` before; `notes` say what of those could not be
    read. ValueError if the film cannot be written, or has a name that no film has.
    """

    def __init__(
        self, config: TrainConfig, folder: Path, film: str | None = None, resume: bool = False
    ):
        if film and is_points(config.data):
            raise ValueError("A film is of pictures: this run is one of points.")
        self.config, self.folder, self.film, self.form = (
            config,
            folder,
            film,
            film and film_format(film),
        )
        if film:
            check_output_file(film)
        self.notes: tuple[str, ...] = ()
        self.moments: list[tuple[dict, np.ndarray | None]] = self._before() if resume else []

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot; a long history is thinned to every other one."""
        if self.moments and self.moments[-1][0]["step"] == snapshot.step:
            return  # a resumed run begins with the moment at which it was stopped
        numbers = dataclasses.asdict(dataclasses.replace(snapshot, samples=None))
        sheet = encode.grid(encode.previews(snapshot.samples)) if self.film else None
        self.moments = [*run_record.thinned(self.moments), (numbers, sheet)]

    @property
    def quality(self) -> Quality | None:
        """The last that was measured."""
        return run_record.quality_of([numbers for numbers, _ in self.moments])

    def write(self) -> None:
        """Write run.json into the run's folder, and the film where one was requested."""
        points = [numbers for numbers, _ in self.moments]
        findings = list(points[-1]["findings"]) if points else []
        record = run_record.record(self._recorded(), points, findings=findings)
        write_json(self.folder / run_record.NAME, record)
        if self.film:
            steps = [numbers["step"] for numbers, sheet in self.moments if sheet is not None]
            sheets = np.stack([sheet for _, sheet in self.moments if sheet is not None])
            frames = io.BytesIO()
            np.savez_compressed(frames, steps=steps, sheets=sheets)
            write_bytes(self.folder / FRAMES_FILE, frames.getvalue())
            write_bytes(self.film, video.history_film(sheets, self.form))

    def _recorded(self) -> TrainConfig:
        """The config, and the digest of the weights that the run started from, as its train.json has it."""
        saved = training_config_of(str(self.folder)) if self.config.start_from else None
        if saved is None:
            return self.config
        return dataclasses.replace(self.config, start_weights=saved.start_weights)

    def _before(self) -> list[tuple[dict, np.ndarray | None]]:
        """What an earlier part of the run wrote; nothing, with a note, if that cannot be read."""
        path = self.folder / run_record.NAME
        if not path.exists():
            return []
        try:
            points = run_record.points_of(read_json(path))
        except ValueError:
            self.notes += (f"{path} is damaged: the record of this run begins anew.",)
            return []
        sheets = self._sheets_before() if self.film else {}
        return [(numbers, sheets.get(numbers["step"])) for numbers in points]

    def _sheets_before(self) -> dict[int, np.ndarray]:
        path = self.folder / FRAMES_FILE
        if not path.exists():
            return {}
        try:
            with np.load(path) as file:
                return dict(zip(file["steps"].tolist(), file["sheets"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            self.notes += (f"{path} is damaged: the film begins anew.",)
            return {}
