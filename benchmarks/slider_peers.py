"""Three sliders over a generator in plain Gradio, to compare with Explore (benchmarks/slider.py).

    python -m benchmarks.slider_peers PORT    # serves at PORT, PORT + 1 and PORT + 2

They draw with the shipped `faces`, in one thread, as the page does; the slider moves seed 42 along
the first direction that Explore offers. Each uses what Gradio offers for speed:
`trigger_mode="always_last"`, so that events of a drag do not queue up, no run history, no progress
indicator.
"""

import base64
import functools
import os
import sys

os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
import numpy as np
import torch

from gan.data.image_tensors import to_uint8
from gan.images import encode
from gan.latent.direction_files import read_directions
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator

MODEL = "weights/faces"
REACH, STEP = 3, 0.05


@functools.cache
def generator() -> Generator:
    torch.set_num_threads(1)
    return Generator.from_pretrained(MODEL).eval()


@functools.cache
def direction() -> torch.Tensor:
    return torch.tensor(read_directions(MODEL, generator().z_dim)[0].directions[0].vector)


@torch.inference_mode()
def draw(moves: list[float], seed: int = 42) -> np.ndarray:
    """The seed's picture moved along the first direction: uint8 (len(moves), size, size, 3)."""
    z = seed_latents([seed], generator().z_dim) + torch.tensor(moves)[:, None] * direction()
    return to_uint8(generator()(z))


def as_image(move: float) -> np.ndarray:
    return draw([move])[0]


def as_html(move: float) -> str:
    data = base64.b64encode(encode.png(draw([move])[0])).decode()
    return f'<img src="data:image/png;base64,{data}" width="448" style="image-rendering: pixelated">'


def app(output, function, queue: bool) -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as blocks:
        slider = gr.Slider(-REACH, REACH, 0, step=STEP, label="Direction 1", buttons=[])
        shown = output()
        settings = {"queue": queue, "show_progress": "hidden", "api_visibility": "private"}
        slider.input(function, slider, shown, trigger_mode="always_last", **settings)
        blocks.load(function, slider, shown, **settings)
    return blocks


def main() -> None:
    port = int(sys.argv[1])
    generator()
    image = functools.partial(gr.Image, height=448, width=448, show_label=False, buttons=[])
    for offset, (output, function, queue) in enumerate(
        [(image, as_image, True), (image, as_image, False), (gr.HTML, as_html, False)]
    ):
        app(output, function, queue).launch(
            server_port=port + offset, prevent_thread_lock=offset < 2, run_history=False, ssr_mode=False
        )


if __name__ == "__main__":
    main()
