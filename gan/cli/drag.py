"""`python -m gan drag`: pull points of a picture elsewhere."""

import argparse

from gan.cli.arguments import add_command, add_image_file, add_picture, latent_of
from gan.common import checks
from gan.inside.limits import MAX_STEPS


def drag(options: argparse.Namespace) -> None:
    """Pull all points at once, until they arrive or do not come nearer; the picture before and after, side by side."""
    import torch

    from gan.common.files import check_output_file, write_bytes
    from gan.data.image_tensors import to_uint8
    from gan.images import encode
    from gan.inside.drag import Drag
    from gan.inside.layers import Inside
    from gan.inside.pulls import Pull, check_pulls
    from gan.models.render import single_thread
    from gan.models.storage import load_generator

    form = encode.image_format(options.out)
    pairs = tuple(_numbers(text, 4) for text in options.pull)
    pairs = tuple(((x, y), (to_x, to_y)) for x, y, to_x, to_y in pairs)
    holds = tuple(tuple(_numbers(text, 2)) for text in options.hold)
    steps = checks.integer("steps", options.steps, 1, MAX_STEPS)
    check_output_file(options.out)
    generator = load_generator(options.model)
    check_pulls([Pull(pairs, steps, holds)], generator.size)
    encode.check_sheet(2, generator.size, form, options.scale, 2)
    z = latent_of(options, generator)
    with single_thread():
        pulled = Drag(Inside(generator), z)
        before = pulled.picture()
        pulled.follow([Pull(pairs, steps, holds)])
        pictures = to_uint8(torch.cat([before, pulled.picture()]))
    write_bytes(options.out, encode.image_file(encode.grid(pictures, 2), form, options.scale))
    places = "; ".join(f"{x:.1f},{y:.1f}" for x, y in pulled.points)
    said = "arrived" if pulled.arrived else "stuck" if pulled.stuck else "not yet there"
    print(f"{said} after {pulled.steps} steps, now at {places}; in {options.out}")


def _numbers(text: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise ValueError(
            f"{text!r} must be {count} numbers parted by commas: pixels from the top left."
        )
    return numbers


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        drag,
        "Pull points of a picture elsewhere: what is there follows.",
        "drag --model faces --seed 5 --pull 64,104,64,94 --out dragged.png",
    )
    add_picture(command)
    pull = "X,Y,TO_X,TO_Y in pixels from the top left; repeat it for several points, which are pulled at once"
    command.add_argument("--pull", action="append", required=True, help=pull)
    hold = "X,Y: a place that is to stay as it is; may be repeated"
    command.add_argument("--hold", action="append", default=[], help=hold)
    steps = f"at most, 1 to {MAX_STEPS} (default: {MAX_STEPS})"
    command.add_argument("--steps", type=int, default=MAX_STEPS, help=steps)
    add_image_file(command, "dragged.png")
