"""Endpoints that train: one stream, or separate calls to start, poll and stop a run."""

import asyncio
import io
from collections.abc import AsyncIterator

import gradio as gr
from PIL import Image

from demo.api.expose import (
    AnswerFiles,
    choice,
    data,
    expose,
    file,
    later_text,
    number,
    owner_calling,
    picture,
    text,
)
from demo.backend.datasets import check_source
from demo.backend.jobs.exports import Exports
from demo.backend.runs.payload import payload, watch
from demo.backend.runs.queue import SAVE_EVERY, Runs
from demo.backend.runs.run import Run
from demo.backend.runs.starting import open_start
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages, page_error
from gan.images.video import FORMATS as FILMS
from gan.settings.config import TrainConfig

# A run started by /run_start is stopped when it was not polled for so long.
LEASE_SECONDS = 60.0


def build(services: Services, exports: Exports, answers: AnswerFiles) -> None:
    """Register /train, /run_start, /run_look, /run_stop and /run_film."""
    runs = services.runs

    async def train_model(
        data, method, seconds, seed, start_from, request: gr.Request
    ) -> AsyncIterator[tuple]:
        """Train a new model and wait: a stream of numbers, at its end the weights as a zip.

        Args:
            data: faces, shapes, glyphs, mnist, cifar10, a folder that is allowed, or a Hub id.
            method: The name of a method, as /methods lists them.
            seconds: Training time, 1 to 604,800.
            seed: 0 to 4,294,967,295. The same seed and settings give the same initial weights.
            start_from: Empty for new networks, or the model to start from: a shipped name, run:ID, a folder, a Hub id.
        """
        run = await asyncio.to_thread(
            errors_as_messages(start), data, method, seconds, seed, start_from, request
        )
        async for answer in stream_run(runs, run, answers):
            yield answer

    @errors_as_messages
    def start_training(data, method, seconds, seed, start_from, request: gr.Request):
        """Start to train a new model, and return its id at once. Call /run_look every minute, or it stops.

        Args:
            data: faces, shapes, glyphs, mnist, cifar10, a folder that is allowed, or a Hub id.
            method: The name of a method, as /methods lists them.
            seconds: Training time, 1 to 604,800.
            seed: 0 to 4,294,967,295. The same seed and settings give the same initial weights.
            start_from: Empty for new networks, or the model to start from: a shipped name, run:ID, a folder, a Hub id.
        """
        run = start(data, method, seconds, seed, start_from, request)
        run.lease(LEASE_SECONDS)
        return newest_numbers(payload(runs, run))

    @errors_as_messages
    def look_at_training(run):
        """Look at a run: its newest numbers, and 64 pictures drawn by its current generator, of at most 64 pixels.

        Args:
            run: The id that /run_start gave. When it is finished, its model is called run:ID.
        """
        found = runs.find(run)
        found.lease(LEASE_SECONDS)
        sheet = answers.save("fakes.png", newest_sheet(found)) if found.moments else None
        return newest_numbers(payload(runs, found)) | {"message": found.message}, sheet

    @errors_as_messages
    def stop_training(run, request: gr.Request):
        """Stop a run that you started; its last checkpoint stays, as the model run:ID.

        Args:
            run: The id that /run_start gave.
        """
        found = runs.find_owned(run, owner_calling(services, request))
        runs.stop(found)
        return newest_numbers(payload(runs, found))

    @errors_as_messages
    def film_training(run, format):
        """Make an animation of a run's history: the pictures of the same 64 seeds from its first step on.

        Args:
            run: The id of a run.
            format: gif or mp4.
        """
        return answers.save_job_file(
            services.jobs.result(exports.start_history(runs.find(run), format))
        )

    def start(data, method, seconds, seed, start_from, request) -> Run:
        settings = {"data": data, "method": method, "seconds": seconds, "seed": seed}
        config = TrainConfig(**settings, start_from=start_from or "", save_every=SAVE_EVERY)
        check_source(config.data, services.roots)
        owner = owner_calling(services, request)
        config, location = open_start(services, config, owner, request.session_hash)
        return runs.start(config, owner, start=location)

    def settings() -> list:
        return [text("faces"), text("quick"), number(60), number(0), later_text("")]

    numbers = "numbers"
    expose(train_model, "train", settings(), [data(numbers), file("weights")], at_once=None)
    expose(start_training, "run_start", settings(), [data(numbers)])
    expose(look_at_training, "run_look", [text("")], [data(numbers), picture("fakes")])
    expose(stop_training, "run_stop", [text("")], [data(numbers)])
    expose(film_training, "run_film", [text(""), choice(*FILMS)], [file("film")])


async def stream_run(
    runs: Runs, run: Run, answers: AnswerFiles, more: dict | None = None
) -> AsyncIterator:
    """Yield (numbers, None) of a run until it ends, then (numbers, path of its weights as a zip).

    `more` is merged into the numbers. gr.Error if the run failed.
    """
    more = more or {}
    async for shown in watch(runs, run):
        yield newest_numbers(shown) | more, None
    if run.state == "failed":
        raise page_error(run.message)
    yield newest_numbers(payload(runs, run)) | more, answers.save("weights.zip", run.weights_zip())


def newest_numbers(shown: dict) -> dict:
    """The newest numbers of a payload, and its notes."""
    newest = {name: column[-1] if column else None for name, column in shown["points"].items()}
    known = {name: shown[name] for name in ("state", "place", "notes")}
    return {"run": shown["id"], **known, **newest}


def newest_sheet(run: Run) -> bytes:
    """The newest sample sheet of a run, as PNG."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(run.moments[-1].frame)).save(buffer, "PNG")
    return buffer.getvalue()
