"""Jobs that make files of models, walks and runs; names and records of what is taken away."""

import re

from demo.backend.generators import RUN_PREFIX
from demo.backend.jobs import Job
from demo.backend.run import Run
from demo.backend.services import Services
from demo.workers.messages import GeneratorSource
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX
from gan.export import model_card
from gan.images.video import FORMATS as FILMS
from gan.metrics.quality import Quality
from gan.settings.config import TrainConfig
from gan.training.run_record import quality_of, record

EXPORT_FORMATS = ("folder", "onnx", "card")
TASK_MODULE = "demo.workers.tasks.export"
FILM_SIDE = 512  # about how large a walk's film is


class Exports:
    """Starts the jobs of demo/workers/tasks/export.py, for routes and endpoints alike."""

    def __init__(self, services: Services):
        self.generators, self.runs, self.jobs = services.generators, services.runs, services.jobs

    def start_export(self, model: object, form: object) -> Job:
        """Begin to make one file of a model."""
        checks.choice("format", form, EXPORT_FORMATS)
        source = self.generators.open(model).source
        arguments = {
            "source": source,
            "form": form,
            "name": file_stem(model),
            "quality": self.quality(source),
        }
        return self.jobs.start(f"{TASK_MODULE}.export", arguments)

    def start_walk(self, frames, form: str) -> Job:
        """Begin to make a film of the frames of a walk."""
        scale = max(1, FILM_SIDE // frames.shape[1])
        return self.jobs.start(f"{TASK_MODULE}.walk", {"frames": frames, "form": form, "scale": scale})

    def start_history(self, run: Run, form: object) -> Job:
        """Begin to make a film of the moments that a run has kept."""
        checks.choice("format", form, FILMS)
        sheets = [moment.frame for moment in run.moments]
        if not sheets:
            raise ValueError("This run has no pictures yet.")
        arguments = {"sheets": sheets, "form": form, "name": f"ganscope-{run.id}-history"}
        return self.jobs.start(f"{TASK_MODULE}.history", arguments)

    def start_push(self, model: object, repo: str, token: str, private: bool) -> Job:
        """Begin to put a model on the Hub."""
        source = self.generators.open(model).source
        arguments = {"source": source, "repo": repo, "token": token, "private": private}
        return self.jobs.start(f"{TASK_MODULE}.push", arguments | {"quality": self.quality(source)})

    def quality(self, source: GeneratorSource) -> Quality | None:
        """What a run on this server has measured of its model."""
        run = self.runs.known.get(source.name.removeprefix(RUN_PREFIX))
        return quality_of(run.points) if run else None


def run_record(run: Run) -> dict:
    """A run as run.json has it."""
    findings = run.points[-1]["findings"] if run.moments else []
    facts = {"run": run.id, "state": run.state, "message": run.message, "findings": findings}
    return record(shown(run.config), run.points, **facts)


def shown(config: TrainConfig) -> TrainConfig:
    """The config, but for the id of files that someone handed in: who knows it may read them."""
    return model_card.without_local_path(config) if config.data.startswith(UPLOAD_PREFIX) else config


def file_stem(model: str) -> str:
    """A model's name as that of a file: run:ab12 -> ganscope-ab12, owner/cats -> cats."""
    last = re.split(r"[/\\]", portable_name(model).rstrip("/\\"))[-1]
    return re.sub(r"[^\w.-]+", "-", last).strip(".-") or "model"


def portable_name(model: object) -> str:
    """What loads a model elsewhere: of a run or of handed-in weights, what its zip unpacks into."""
    name = checks.text("model", model, max_length=500)
    if name.startswith(UPLOAD_PREFIX):
        return "my-model"  # its id is a secret of its page
    return f"ganscope-{name[len(RUN_PREFIX) :]}" if name.startswith(RUN_PREFIX) else name
