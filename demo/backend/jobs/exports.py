"""Starts export jobs (demo/workers/tasks/export.py); names and records for exported files."""

import re
from dataclasses import replace

from demo.backend.generators import RUN_PREFIX
from demo.backend.jobs.jobs import Job
from demo.backend.runs.run import Run
from demo.backend.services import Services
from demo.workers.messages import GeneratorSource
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX, hub_like
from gan.export import model_card, needs, snippets
from gan.images.video import FORMATS as FILMS
from gan.metrics.quality import Quality
from gan.models.registry import shipped
from gan.settings.config import TrainConfig
from gan.training.run_record import quality_of, record

EXPORT_FORMATS = ("folder", "onnx", "card")
TASK_MODULE = "demo.workers.tasks.export"
FILM_SIDE = 512  # pixels: about the side of a walk's frames in a GIF or MP4


class Exports:
    """Starts export jobs, for routes and endpoints."""

    def __init__(self, services: Services):
        self.generators, self.runs, self.jobs = services.generators, services.runs, services.jobs

    def start_export(self, model: object, form: object) -> Job:
        """Export a model as one file: `form` is one of EXPORT_FORMATS."""
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
        """Encode the frames of a walk, uint8 (N, H, W, C), as GIF or MP4."""
        scale = max(1, FILM_SIDE // frames.shape[1])
        return self.jobs.start(f"{TASK_MODULE}.walk", {"frames": frames, "form": form, "scale": scale})

    def start_history(self, run: Run, form: object) -> Job:
        """Encode the sample sheets of a run as GIF or MP4."""
        checks.choice("format", form, FILMS)
        sheets = [moment.frame for moment in run.moments]
        if not sheets:
            raise ValueError("This run has no pictures yet.")
        arguments = {"sheets": sheets, "form": form, "name": f"ganscope-{run.id}-history"}
        return self.jobs.start(f"{TASK_MODULE}.history", arguments)

    def start_push(self, model: object, repo: str, token: str, private: bool) -> Job:
        """Put a model on the Hub."""
        source = self.generators.open(model).source
        arguments = {"source": source, "repo": repo, "token": token, "private": private}
        return self.jobs.start(f"{TASK_MODULE}.push", arguments | {"quality": self.quality(source)})

    def quality(self, source: GeneratorSource) -> Quality | None:
        """The last quality measured of a model that was trained on this server."""
        run = self.runs.known.get(source.name.removeprefix(RUN_PREFIX))
        return quality_of(run.points) if run else None


def run_record(run: Run) -> dict:
    """The content of run.json, without paths of this server."""
    findings = run.points[-1]["findings"] if run.moments else []
    facts = {"run": run.id, "state": run.state, "message": run.message, "findings": findings}
    return record(portable_config(run.config), run.points, **facts)


def without_upload_id(config: TrainConfig) -> TrainConfig:
    """The config without the ids of uploads: whoever knows an id may read the files."""
    secret = any(name.startswith(UPLOAD_PREFIX) for name in (config.data, config.start_from))
    return portable_config(config) if secret else config


def portable_config(config: TrainConfig) -> TrainConfig:
    """The config with the names that data and models have elsewhere: without paths and ids of this server."""
    start = portable_name(config.start_from) if config.start_from else ""
    return model_card.without_local_path(replace(config, start_from=start))


def training_snippet(run: Run) -> snippets.Snippet:
    """What trains as a run did, elsewhere: without paths of this server."""
    return snippets.training(portable_config(run.config))


def snippet(kind: str, description: dict) -> snippets.Snippet:
    """The snippet for what a visitor sees: `kind` is picture, walk or report, the rest as in gan/export/snippets.py.

    The model, and the data of a report, are renamed to what the visitor has. ValueError for bad input.
    """
    model = portable_name(description.get("model"))
    known = {name: value for name, value in description.items() if name != "need"}
    known |= {"model": model, "need": "" if on_every_machine(model) else needs.folder_needed(model)}
    if kind == "report":
        known["data"] = portable_data(known.get("data"))
    try:
        return getattr(snippets, kind)(**known)
    except TypeError as error:
        raise ValueError(
            f"The description of a {kind} lacks a field, or has an unknown one."
        ) from error


def portable_data(data: object) -> str:
    """The name of data elsewhere: local paths and uploads lose all but their last part."""
    return model_card.without_local_path(TrainConfig(checks.text("data", data, max_length=500))).data


def file_stem(model: str) -> str:
    """A model's name as a file name: run:ab12 -> ganscope-ab12, owner/cats -> cats."""
    return _last_part(portable_name(model))


def portable_name(model: object) -> str:
    """The name that loads a model elsewhere; of runs, uploads and folders, the folder in the exported zip."""
    name = checks.text("model", model, max_length=500)
    if name.startswith(UPLOAD_PREFIX):
        return "my-model"  # the id is secret
    if name.startswith(RUN_PREFIX):
        return "ganscope-" + name[len(RUN_PREFIX) :].replace("@", "-")
    return name if on_every_machine(name) else _last_part(name)


def on_every_machine(name: str) -> bool:
    """Whether a model is shipped or on the Hub."""
    return name in shipped() or hub_like(name)


def _last_part(path: str) -> str:
    """The last part of a path or id, as a file name."""
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    return re.sub(r"[^\w.-]+", "-", last).strip(".-") or "model"
