"""The endpoint that trains on someone's own pictures: files in, a stream of numbers and weights out."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import gradio as gr

from demo.api.expose import Answers, choice, data, expose, file, number, text
from demo.api.runs import followed
from demo.backend.run import Run
from demo.backend.services import Services
from demo.backend.uploads import Upload, Uploads, read_preprocessing
from demo.tabs.handlers import errors_as_messages
from demo.workers.upload_format import HEADER, PACK_SUFFIX
from gan.common import checks
from gan.images.decode import FIT_MODES
from gan.settings.config import TrainConfig


def build(services: Services, answers: Answers) -> None:
    """Register /train_pictures."""
    runs = services.runs

    async def train_on_pictures(
        files, size, channels, fit, background, method, seconds, seed, request: gr.Request
    ) -> AsyncIterator[tuple]:
        """Train a new model on pictures of your own and wait: numbers, at the end the weights as a zip.

        Args:
            files: PNG, JPEG, WebP, GIF, BMP or TIFF files, or zips of them.
            size: The side of the pictures, 32 or 64.
            channels: 1 for grey, 3 for colour.
            fit: crop takes the middle square of each, pad all of it.
            background: A colour such as #ffffff, beside padded and behind transparent pictures.
            method: The name of a method, as /methods lists them.
            seconds: How long it may learn, 1 to 604,800.
            seed: 0 to 4,294,967,295. The same seed and settings have the same start.
        """
        asked = {"size": size, "channels": channels, "fit": fit, "background": background}
        owner = request.session_hash
        run, read = await asyncio.to_thread(
            errors_as_messages(begin), files, asked, method, seconds, seed, owner
        )
        async for answer in followed(runs, run, answers, read):
            yield answer

    def begin(files, asked, method, seconds, seed, owner) -> tuple[Run, dict]:
        how = read_preprocessing({name: _whole(value) for name, value in asked.items()})
        # What is wrong with the rest is told before anything is read.
        config = TrainConfig(method=method, seconds=seconds, seed=seed, **how).to_dict()
        own = handed(services.uploads, files, owner)
        job = services.jobs.start(
            "demo.workers.tasks.uploads.decode_pictures", {"source": own.name, **how}
        )
        own.jobs.append(job)
        result = services.jobs.result(job)
        read = {name: result[name] for name in ("count", "duplicates", "reasons")}
        title = f"your pictures ({result['count']:,})"
        return runs.start(TrainConfig.from_dict(config | {"data": own.name}), owner, title), read

    numbers = [number(60), number(0)]
    shape = [number(32), number(3), choice(*FIT_MODES), text("#ffffff")]
    files = gr.File(file_count="multiple", visible=False)
    outputs = [data("numbers"), file("weights")]
    expose(
        train_on_pictures,
        "train_pictures",
        [files, *shape, text("quick"), *numbers],
        outputs,
        at_once=None,
    )


def handed(own: Uploads, paths: list[str] | None, owner: str) -> Upload:
    """A new set of the files at these paths; ValueError if there are none, or too much."""
    if not paths:
        raise ValueError("Give at least one file: pictures, or a zip of them.")
    made = own.create(owner)
    with (made.packs / f"00001{PACK_SUFFIX}").open("wb") as pack:
        for path in map(Path, paths):
            name, size = path.name.encode(), path.stat().st_size
            own.reserve(made, size)
            pack.write(HEADER.pack(len(name), size) + name)
            with path.open("rb") as content:
                shutil.copyfileobj(content, pack)
    return made


def _whole(value: object) -> object:
    """JSON and Gradio may spell 32 as 32.0."""
    return checks.integer("size and channels", value, 0, 10**6) if isinstance(value, float) else value
