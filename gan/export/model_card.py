"""The model card of a generator, README.md, generated from its config files. No PyTorch."""

import json
import re
from pathlib import Path

from gan.data import sources
from gan.data.sources import HUB, UPLOAD_PREFIX, hub_like
from gan.drawn.registry import DRAWN
from gan.export import needs
from gan.metrics.quality import TITLES, Quality
from gan.models.registry import shipped
from gan.settings.catalogue import METHODS
from gan.settings.command_line import train_command
from gan.settings.config import TrainConfig

NO_LICENCE = "unknown"  # the Hub's value
LICENCE_WORDS = (
    "Not chosen yet. Whoever publishes this model says here under which licence, and puts its name "
    "in place of `unknown` at the top of this file. Mind the licence of the training data."
)


def card(
    shape: dict,
    parameters: int,
    config: TrainConfig | None = None,
    quality: Quality | None = None,
    name: str = "my-generator",
) -> str:
    """A model card as Markdown with the Hub's front matter.

    `shape` is the generator's config.json, `config` its training config and `quality` its measured
    quality, if known; `name`, a folder or a Hub id, is what loads it.
    """
    title = re.sub(r"[^\w .-]", "", name.rsplit("/", 1)[-1]) or "generator"
    parts = [
        _front(config),
        f"# {title}\n\n{_summary(shape, config)}",
        f"## What it is\n\n{_table(_facts(shape, parameters))}",
        f"## How it was trained\n\n{_training(config)}",
        f"## How good it is\n\n{_quality(quality)}",
        f"## How to load it\n\n{_loading(shape, name)}",
        f"## Licence\n\n{LICENCE_WORDS}",
    ]
    return "\n\n".join(parts) + "\n"


def without_local_path(config: TrainConfig) -> TrainConfig:
    """The config with the last parts only of paths to data and models: local directories are private."""
    data, model = config.data, config.start_from
    if not (data in DRAWN or data in HUB or _on_hub(data)):
        data = _last_part(data, "pictures")
    if model and not (model in shipped() or _on_hub(model)):
        model = _last_part(model, "model")
    return TrainConfig.from_dict(config.to_dict() | {"data": data, "start_from": model})


def _last_part(path: str, unnamed: str) -> str:
    """The last part of a path; `unnamed` of an upload, whose id is secret."""
    last = "" if path.startswith(UPLOAD_PREFIX) else Path(path.replace("\\", "/")).name
    return last or unnamed


def _on_hub(name: str) -> bool:
    return sources.hub_like(name) and not Path(name).expanduser().exists()


def _front(config: TrainConfig | None) -> str:
    lines = ["library_name: ganscope", "pipeline_tag: unconditional-image-generation"]
    lines += [f"license: {NO_LICENCE}", "tags:", "- gan", "- image-generation", "- ganscope"]
    if config and (config.data in HUB or _on_hub(config.data)):
        # A JSON string is a YAML string, whatever it holds.
        lines += ["datasets:", f"- {json.dumps(HUB.get(config.data, config.data))}"]
    return "\n".join(["---", *lines, "---"])


def _summary(shape: dict, config: TrainConfig | None) -> str:
    kind = "colour" if shape.get("channels", 1) == 3 else "grey"
    side = shape.get("size", 32)
    trained = f" It was trained on {_code(config.data)}{_start(config)}." if config else ""
    return (
        f"A generator of {side}×{side} {kind} pictures: it turns a vector of "
        f"{shape.get('z_dim', 64)} random numbers into a picture.{trained} "
        "Made with GANscope, where it can be trained again and explored."
    )


def _start(config: TrainConfig) -> str:
    return f", starting from the model {_code(config.start_from)}" if config.start_from else ""


def _facts(shape: dict, parameters: int) -> dict:
    names = {
        "family": "architecture",
        "size": "side in pixels",
        "z_dim": "numbers in z",
        "class_names": "classes by name",
    }
    shown = dict(shape)
    if named := shape.get("class_names"):
        shown["class_names"] = ", ".join(named)
    return {
        **{names.get(key, key): value for key, value in shown.items()},
        "parameters": f"{parameters:,}",
        "input": "z, float32 (N, z_dim), from N(0, I)",
        "output": "pictures, float32 (N, channels, side, side) in [-1, 1]",
    }


def _training(config: TrainConfig | None) -> str:
    if config is None:
        return "Not known: no train.json came with the weights."
    method = METHODS[config.method]
    settings = {name: value for name, value in config.to_dict().items() if value not in (None, {})}
    settings |= settings.pop("changes", {})
    source = f"[{method.paper}]({method.link})" if method.link else method.paper
    return (
        f"By the method “{method.title}”: {method.summary} {source}\n\n{_table(settings)}\n\n"
        f"This trains it again:\n\n```sh\n{needs.as_comments(*needs.training_needs(config))}"
        f"{train_command(config)} --out runs/again\n```"
    )


def _quality(quality: Quality | None) -> str:
    if quality is None:
        return "Not measured."
    return (
        f"{TITLES[quality.metric]}: {quality.distance:.4g}, where real pictures get "
        f"{quality.floor:.4g} themselves. 0 would be best; measured at the end of training."
    )


def _loading(shape: dict, name: str) -> str:
    folder = (
        ""
        if hub_like(name)
        else f"Run this beside the folder {' '.join(name.split())}, which holds this file."
    )
    return f"""```python
{needs.as_comments(folder)}from gan import load_generator, render, seed_latents

generator = load_generator({json.dumps(name, ensure_ascii=False)})
z = seed_latents([0, 1, 2, 3], {shape.get("z_dim", 64)})
pictures = render(generator, z)  # uint8 (4, size, size, channels)
```

Only `config.json` and `model.safetensors` are read; no code comes with them."""


def _table(facts: dict) -> str:
    rows = [f"| {_code(name)} | {_code(value)} |" for name, value in facts.items()]
    return "\n".join(["| | |", "|---|---|", *rows])


def _code(value: object) -> str:
    """As inline code, so that nothing in it is Markdown or HTML."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{' '.join(text.replace('`', chr(39)).replace('|', '/').split())}`"
