"""The job of the chapters "The code" and "Find the bug": run the tutorial's program, and say what became of it."""

import base64
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from gan.data.image_tensors import to_uint8
from gan.images import encode

SECONDS = 20.0
UPDATES = 40  # of the page during that time
REALS = 512
# What is measured at the end, and from where on it counts as what.
STILL, ALIKE, FAR = 0.01, 0.1, 4.0


def run(source: str, seconds: float = SECONDS) -> Iterator[dict]:
    """Run a program of demo.lessons.bugs for at most `seconds`, or to its last step.

    The dicts hold {part (0 to 1), step, d_loss, g_loss, d_real, d_fake, sheet (64 samples, WebP in base64)}, the last
    one {outcome, facts} as well: "error", "frozen", "alike", "noise" or "learns" (`judge`).
    """
    module: dict = {"__name__": "lesson"}
    exec(compile(source, "tutorial_gan.py", "exec"), module)  # only what demo/lessons/bugs.py makes
    torch.manual_seed(1)
    reals = module["real_images"](2 * REALS)
    first = now = None
    began, shown_at = time.monotonic(), -1.0
    latest: dict = {"part": 0.0, "step": 0}
    try:
        for now in module["train"]():
            passed = time.monotonic() - began
            samples = _samples(now) if first is None or passed - shown_at > seconds / UPDATES else None
            first = samples if first is None else first
            if samples is not None:
                shown_at = passed
                latest = _look(now, samples, min(1.0, passed / seconds))
                yield latest
            if passed > seconds:
                break
    except RuntimeError as error:
        yield latest | {"part": 1.0, "outcome": "error", "facts": {"error": str(error).splitlines()[0]}}
        return
    samples = _samples(now)
    yield _look(now, samples, 1.0) | judge(first, samples, reals)


def judge(first: Tensor, last: Tensor, reals: Tensor) -> dict:
    """What became of 64 samples, (64, 1, H, W) in [-1, 1]: {outcome, facts}.

    `moved`: the mean change of a pixel since the first step; `variety`: the mean standard deviation of a pixel over the
    samples, relative to that of reals; `distance`: the mean distance of a sample to its nearest real picture of the
    first half of `reals`, relative to that of the second half's.
    """
    half = len(reals) // 2
    facts = {
        "moved": float((last - first).abs().mean()),
        "variety": float(last.std(0).mean() / reals.std(0).mean()),
        "distance": _nearest(last, reals[:half]) / _nearest(reals[half:], reals[:half]),
    }
    if facts["moved"] < STILL:
        outcome = "frozen"
    elif facts["variety"] < ALIKE:
        outcome = "alike"
    else:
        outcome = "noise" if facts["distance"] > FAR else "learns"
    return {"outcome": outcome, "facts": {name: round(value, 3) for name, value in facts.items()}}


def _nearest(some: Tensor, others: Tensor) -> float:
    return float(torch.cdist(some.flatten(1), others.flatten(1)).amin(1).mean())


def _samples(now: dict) -> Tensor:
    with torch.no_grad():
        return now["g"](now["z"])


def _look(now: dict, samples: Tensor, part: float) -> dict:
    with torch.no_grad():
        d_real, d_fake = (torch.sigmoid(now["d"](each)).mean() for each in (now["real"], samples))
    numbers = {"d_loss": now["d_loss"], "g_loss": now["g_loss"], "d_real": d_real, "d_fake": d_fake}
    sheet = encode.webp(encode.grid(to_uint8(samples), 8)[None])
    values = {name: round(float(value.detach()), 4) for name, value in numbers.items()}
    return {"part": part, "step": now["step"], **values, "sheet": base64.b64encode(sheet).decode()}
