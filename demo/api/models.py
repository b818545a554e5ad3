"""Endpoints of models for `gradio_client`, scripts and MCP; `build` registers those of the other files too."""

import re

import numpy as np

from demo.api import breed, directions, inside, invert, report, runs, uploads
from demo.api.expose import (
    AnswerFiles,
    choice,
    data,
    expose,
    file,
    flag,
    later_text,
    number,
    picture,
    text,
)
from demo.backend.generators import DEFAULT_MODEL, GeneratorHandle
from demo.backend.jobs.exports import EXPORT_FORMATS, Exports, snippet
from demo.backend.limits import MAX_PICTURES, MAX_WALK
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.images.encode import large_gif, strip
from gan.latent.classes import with_class
from gan.latent.limits import MODES
from gan.latent.seeds import parse_seeds
from gan.latent.text import PREFIX, unpack
from gan.settings.catalogue import METHODS
from gan.settings.config import MAX_SEED

WALKS = ("gif", "mp4", "strip")
MAX_KEYS = 24


def build(services: Services) -> None:
    """Register all endpoints, with invisible components."""
    answers, exports = AnswerFiles(), Exports(services)
    generators, jobs = services.generators, services.jobs

    @errors_as_messages
    def draw_picture(model, seed, truncation, class_name=""):
        """Draw the picture of one seed, as PNG.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed: 0 to 4,294,967,295. The same seed gives the same picture, bit for bit on one machine.
            truncation: 0 to 2. Below 1 more typical, above 1 more varied.
            class_name: Of a model with classes, the class by name or index, such as horse; empty for any.
        """
        loaded = generators.open(model)
        z = loaded.latents([seed], truncation, class_name).result()
        return answers.save("picture.png", encode.png(loaded.draw(z).result()[0]))

    @errors_as_messages
    def draw_sheet(model, seeds, truncation, class_name=""):
        """Draw the pictures of many seeds in one grid, as PNG.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seeds: Such as 7, 0-63 or 1,5,9-12; at most 256 of them.
            truncation: 0 to 2. Below 1 more typical, above 1 more varied.
            class_name: Of a model with classes, the class by name or index, such as horse; empty for any.
        """
        loaded = generators.open(model)
        chosen = parse_seeds(checks.text("seeds", seeds, max_length=3000))
        if len(chosen) > MAX_PICTURES:
            raise ValueError(f"At most {MAX_PICTURES} seeds at once.")
        drawn = loaded.draw(loaded.latents(chosen, truncation, class_name).result()).result()
        return answers.save("sheet.png", encode.png(encode.grid(drawn)))

    @errors_as_messages
    def draw_walk_between_seeds(model, seed_from, seed_to, frames, mode, class_name=""):
        """Draw the walk from the picture of one seed to that of another, as an animated GIF.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed_from: The first seed, 0 to 4,294,967,295.
            seed_to: The last seed.
            frames: 2 to 240, played at 20 per second.
            mode: slerp (spherical) or lerp (linear interpolation).
            class_name: Of a model with classes, the class to stay in, by name or index; empty: the keys keep theirs,
                and the picture jumps where the class changes.
        """
        loaded = generators.open(model)
        keys = loaded.latents([seed_from, seed_to], 1.0, class_name).result()
        frames = checks.integer("frames", frames, 2, MAX_WALK)
        return answers.save("walk.gif", large_gif(loaded.walk(keys, frames, mode).result()))

    @errors_as_messages
    def draw_walk(model, keys, frames, mode, closed, format, class_name=""):
        """Draw a walk through several key pictures, as GIF, as MP4 or as a strip of all frames.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            keys: 2 to 24 seeds such as 1, 7, 23, or latents as the page's snippets write them (z:…).
            frames: At least as many as keys, up to 240, played at 20 per second.
            mode: slerp (spherical) or lerp (linear interpolation).
            closed: Whether to return to the first picture, for a smooth loop.
            format: gif, mp4 or strip (all frames side by side, as PNG).
            class_name: Of a model with classes, the class to stay in, by name or index; empty: the keys keep theirs,
                and the picture jumps where the class changes.
        """
        form = checks.choice("format", format, WALKS)
        loaded = generators.open(model)
        rows = read_keys(loaded, keys)
        if (chosen := loaded.class_of(class_name)) is not None:
            rows = with_class(rows, loaded.info["classes"], chosen)
        frames = checks.integer("frames", frames, max(2, len(rows)), MAX_WALK)
        drawn = loaded.walk(rows, frames, mode, checks.flag("closed", closed)).result()
        if form == "strip":
            return answers.save("walk.png", strip(drawn))
        return answers.save_job_file(jobs.result(exports.start_walk(drawn, form)))

    @errors_as_messages
    def export_model(model, format):
        """Export a model as one file: a zip ready for the Hugging Face Hub, ONNX, or its card.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            format: folder (a zip with weights, settings and model card), onnx, or card (Markdown).
        """
        return answers.save_job_file(jobs.result(exports.start_export(model, format)))

    @errors_as_messages
    def write_snippet(model, seed, truncation, class_name=""):
        """Write the Python code and the command line that reproduce the picture of a seed, and what they need.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed: 0 to 4,294,967,295.
            truncation: 0 to 2, 1 for the seed as it is.
            class_name: Of a model with classes, the class by name or index, such as horse; empty for any.
        """
        seed = checks.integer("seed", seed, 0, MAX_SEED)
        described = {"model": model, "key": seed, "truncation": truncation, "class_name": class_name}
        return snippet("picture", described)._asdict()

    def list_models():
        """List the names of the shipped models."""
        return [name for _, name in services.models()]

    def list_methods():
        """List the training methods: title, summary, what each cures and risks, paper and equation."""
        fields = ("name", "title", "group", "summary", "paper", "link", "cures", "risks", "equation")
        return [{key: getattr(each, key) for key in fields} for each in METHODS.values()]

    def model():
        return text(DEFAULT_MODEL)

    mode = choice(*MODES)
    of_seed = [model(), number(0), number(1), later_text()]
    expose(draw_picture, "generate", of_seed, [picture("picture")])
    expose(draw_sheet, "sample", [model(), text("0-63"), number(1), later_text()], [picture("sheet")])
    between = [model(), number(1), number(2), number(30), mode, later_text()]
    expose(draw_walk_between_seeds, "interpolate", between, [file("film")])
    through = [model(), text("1, 7, 23, 42"), number(60), choice(*MODES), flag(), choice(*WALKS)]
    through.append(later_text())
    expose(draw_walk, "walk", through, [file("film")])
    expose(export_model, "export", [model(), choice(*EXPORT_FORMATS)], [file("model")])
    expose(write_snippet, "snippet", [model(), number(42), number(1), later_text()], [data("lines")])
    runs.build(services, exports, answers)
    breed.build(services, answers)
    inside.build(services, answers)
    invert.build(services, answers)
    uploads.build(services, answers)
    report.build(services, answers)
    directions.build(services, answers)
    expose(list_models, "models", [], [data("names")])
    expose(list_methods, "methods", [], [data("methods")])


def read_keys(loaded: GeneratorHandle, keys: str) -> np.ndarray:
    """Parse the keys of a walk, seeds or latents as text (z:…): float32 (K, z_dim)."""
    parts = re.split(r"[\s,;]+", checks.text("keys", keys, max_length=200_000))
    if not 2 <= len(parts) <= MAX_KEYS:
        raise ValueError(f"A walk has 2 to {MAX_KEYS} keys, such as 1, 7, 23.")
    latents = [
        unpack(part) if part.startswith(PREFIX) else loaded.latents([parse_seed(part)]).result()[0]
        for part in parts
    ]
    if any(len(row) != loaded.info["z_dim"] for row in latents):
        raise ValueError(f"This model's latents have {loaded.info['z_dim']} numbers each.")
    return np.stack(latents).astype(np.float32)


def parse_seed(part: str) -> int:
    if not checks.is_digits(part):
        raise ValueError(
            f"A key is a seed such as 7, or a latent that begins with z:, not {part[:40]!r}."
        )
    return int(part)
