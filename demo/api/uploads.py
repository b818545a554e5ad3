"""The endpoint that trains on uploaded pictures: takes files, returns a stream of numbers and weights."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import gradio as gr

from demo.api.expose import (
    AnswerFiles,
    choice,
    data,
    expose,
    file,
    later_text,
    number,
    owner_calling,
    text,
)
from demo.api.runs import stream_run
from demo.backend.runs.run import Run
from demo.backend.runs.starting import open_start
from demo.backend.services import Services
from demo.backend.visitors.uploads import Upload, Uploads, read_preprocessing
from demo.tabs.handlers import errors_as_messages
from demo.workers.upload_format import HEADER, PACK_SUFFIX
from gan.common import checks
from gan.images.decode import FIT_MODES
from gan.settings.config import TrainConfig


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /train_pictures."""
    runs = services.runs

    async def train_on_pictures(
        files, size, channels, fit, background, method, seconds, seed, start_from, request: gr.Request
    ) -> AsyncIterator[tuple]:
        """Train a new model on uploaded pictures and wait: numbers, at the end the weights as a zip.

        Args:
            files: PNG, JPEG, WebP, GIF, BMP, TIFF or PPM files, or zips of them.
            size: The side of the pictures, 32, 64 or 128.
            channels: 1 for grey, 3 for colour.
            fit: crop takes the middle square of each, pad adds borders.
            background: A colour such as #ffffff, for borders and transparent pixels.
            method: The name of a method, as /methods lists them.
            seconds: Training time, 1 to 604,800.
            seed: 0 to 4,294,967,295. The same seed and settings give the same initial weights.
            start_from: Empty for new networks, or the model to start from: a shipped name, run:ID, a folder, a Hub id.
        """
        preprocessing = {"size": size, "channels": channels, "fit": fit, "background": background}
        owners = request.session_hash, owner_calling(services, request)
        run, read = await asyncio.to_thread(
            errors_as_messages(start), files, preprocessing, method, seconds, seed, start_from, *owners
        )
        async for answer in stream_run(runs, run, answers, read):
            yield answer

    def start(
        files, preprocessing, method, seconds, seed, start_from, session, caller
    ) -> tuple[Run, dict]:
        checked = read_preprocessing(
            {name: _to_integer(value) for name, value in preprocessing.items()}
        )
        # Invalid settings are refused before the files are read.
        budget = {"seconds": seconds, "seed": seed, "start_from": start_from or ""}
        config = TrainConfig(method=method, **budget, **checked)
        config, location = open_start(services, config, caller, session)
        upload = store_files(services.uploads, files, session)
        job = services.jobs.start(
            "demo.workers.tasks.uploads.decode_pictures", {"source": upload.name, **checked}
        )
        upload.jobs.append(job)
        result = services.jobs.result(job)
        read = {name: result[name] for name in ("count", "duplicates", "reasons")}
        title = f"your pictures ({result['count']:,})"
        return runs.start(replace(config, data=upload.name), caller, title, location), read

    numbers = [number(60), number(0)]
    shape = [number(32), number(3), choice(*FIT_MODES), text("#ffffff")]
    files = gr.File(file_count="multiple", visible=False)
    outputs = [data("numbers"), file("weights")]
    expose(
        train_on_pictures,
        "train_pictures",
        [files, *shape, text("quick"), *numbers, later_text("")],
        outputs,
        at_once=None,
    )


def store_files(uploads: Uploads, paths: list[str] | None, owner: str) -> Upload:
    """Store the files at these paths as a new upload; ValueError if there are none or too many."""
    if not paths:
        raise ValueError("Upload at least one file: pictures, or a zip of them.")
    upload = uploads.create(owner)
    try:
        _pack(uploads, upload, paths)
    except BaseException:
        uploads.remove(upload)
        raise
    return upload


def _pack(uploads: Uploads, upload: Upload, paths: list[str]) -> None:
    with (upload.packs / f"00001{PACK_SUFFIX}").open("wb") as pack:
        for path in map(Path, paths):
            name, size = path.name.encode(), path.stat().st_size
            uploads.reserve(upload, size)
            pack.write(HEADER.pack(len(name), size) + name)
            with path.open("rb") as content:
                shutil.copyfileobj(content, pack)


def _to_integer(value: object) -> object:
    """Gradio may send 32 as 32.0."""
    return checks.integer("size and channels", value, 0, 10**6) if isinstance(value, float) else value
