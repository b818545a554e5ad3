"""Draws the picture of a link to the page (demo/web/preview.jpg) with the shipped faces.

python -m benchmarks.link_preview
"""

from pathlib import Path

import torch
from PIL import Image, ImageDraw, ImageFont

from gan.data.image_tensors import to_numpy
from gan.latent.vectors import seed_latents
from gan.models.storage import load_generator

SIZE = (1200, 630)  # what messengers show without cutting
ROWS, COLUMNS, SIDE, GAP = 5, 6, 128, 6
NIGHT, LIGHT, QUIET = (17, 20, 26), (240, 244, 250), (170, 180, 195)
LINES = "See a GAN learn,\nthen walk through\nwhat it learned."


def main() -> None:
    generator = load_generator("faces")
    with torch.no_grad():
        faces = to_numpy(generator(seed_latents(range(ROWS * COLUMNS), generator.z_dim)))
    sheet = Image.new("RGB", SIZE, NIGHT)
    step = SIDE + GAP
    left, top = SIZE[0] - COLUMNS * step - GAP, (SIZE[1] - ROWS * step) // 2
    for index, face in enumerate(faces):
        row, column = divmod(index, COLUMNS)
        shown = Image.fromarray(face).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        sheet.paste(shown, (left + column * step, top + row * step))
    pen = ImageDraw.Draw(sheet)
    pen.text((40, 210), "GANscope", font=ImageFont.load_default(66), fill=LIGHT)
    pen.multiline_text((42, 300), LINES, font=ImageFont.load_default(30), fill=QUIET, spacing=12)
    sheet.save(Path(__file__).parents[1] / "demo/web/preview.jpg", quality=86, optimize=True)


if __name__ == "__main__":
    main()
