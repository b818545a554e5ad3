"""Starts the evaluation of a model (demo/workers/tasks/report.py)."""

from demo.backend.datasets import SOURCES, check_source
from demo.backend.generators import GeneratorHandle
from demo.backend.jobs.jobs import Job
from demo.backend.services import Services
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX
from gan.models.registry import training_config_of
from gan.report.as_dict import rows
from gan.settings.config import MAX_SEED

DEFAULT_SAMPLES, MIN_SAMPLES, MAX_SAMPLES = 2000, 10, 5000
REQUEST_FIELDS = ("model", "data", "samples", "seed")


def describe_model(loaded: GeneratorHandle) -> dict:
    """The training data of a model, if known, the datasets to choose from, and the empty list of metrics."""
    training = training_config_of(loaded.source.location)
    data = training.data if training else None
    titles = dict(SOURCES)
    if data and data not in titles:
        titles[data] = "your pictures" if data.startswith(UPLOAD_PREFIX) else data
    return {"data": data, "sources": list(titles.items()), "measures": rows({})}


def start_report(
    services: Services, loaded: GeneratorHandle, data: object, samples: object, seed: object, owner: str
) -> Job:
    """Start an evaluation (demo.workers.tasks.report.evaluate).

    ValueError for invalid settings, and for data that `owner` may not read.
    """
    data = checks.text("data", data, max_length=500)
    if data.startswith(UPLOAD_PREFIX):
        services.uploads.check(data, owner)
    else:
        check_source(data, services.roots)
    arguments = {
        "name": loaded.source.name,
        **loaded.where,
        "data": data,
        "samples": checks.integer("samples", samples, MIN_SAMPLES, MAX_SAMPLES),
        "seed": checks.integer("seed", seed, 0, MAX_SEED),
        "training": training_config_of(loaded.source.location),
    }
    return services.jobs.start("demo.workers.tasks.report.evaluate", arguments)
