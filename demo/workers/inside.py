"""What the page asks of the inside of a generator, answered in the rendering process.

One thread asks `LoadedGenerator.look`, another the discriminator, and that which finds directions looks for parts.

Each answer is a dict for JSON, with pixels in base64, or pictures.
"""

import base64
import math
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import torch
from torch import Tensor

from demo.workers.loaded import LoadedGenerator
from gan.data.image_tensors import to_float, to_uint8
from gan.data.load import load_images
from gan.drawn.registry import DRAWN
from gan.inside.critic import integrated_gradients, occlusion
from gan.inside.critic_stages import stages_seen
from gan.inside.dissection import UnitScore
from gan.inside.limits import MAX_PULLS, MAX_TOTAL_STEPS
from gan.inside.look import Film, Look, names_of
from gan.inside.mixing import matrix
from gan.models.discriminator import Discriminator
from gan.models.registry import training_config_of
from gan.models.render import single_thread
from gan.settings.config import method_of
from gan.training.kept_critic import critic_of, likeliest_class

LOG_ODDS = ("minimax", "nonsaturating")  # losses by which D's output is the logarithm of odds
STEPS = 2  # of pulls at a time: some 80 ms
TURNS = MAX_TOTAL_STEPS // STEPS + MAX_PULLS  # that those of one question take
REAL, UNSEEN = 40, 88_000  # drawn pictures that the discriminator is shown, and their seed


def facts(loaded: LoadedGenerator) -> dict:
    """The layers of units with what they cost, what the last step to the picture costs, the parts that units are
    known to draw (none before somebody asks for them), and where z comes in again: `entrances`, and each with all
    that are finer, `mixes`."""
    with single_thread():
        *costs, last = [asdict(each) for each in loaded.look.costs]
    layers = [
        {"side": layer.side, "units": layer.units, "rectified": layer.rectified, **cost}
        for layer, cost in zip(loaded.look.inside.layers, costs, strict=True)
    ]
    found = loaded.look.entrances
    mixing = {"mixes": [each.name for each in found], "entrances": [each.stage for each in found]}
    return {"layers": layers, "last": last, "parts": loaded.look.parts, **mixing}


def picture(loaded: LoadedGenerator, z: np.ndarray, edits: str) -> np.ndarray:
    """The picture of z (1, z_dim) with these edits, uint8 (1, size, size, channels)."""
    with single_thread():
        return loaded.look.pictures(torch.from_numpy(z), edits)


def pull(loaded: LoadedGenerator, z: np.ndarray, edits: str) -> dict:
    """The picture of z (1, z_dim) as far as its points have been pulled, and where these are (`gan.inside.drag`)."""
    with single_thread():
        look, latent = loaded.look, torch.from_numpy(z)
        drag = look.drag(latent, edits)
        if drag is None:
            raise ValueError("These edits pull nothing.")
        pixels = look.pictures(latent, edits)
    points = [[round(number, 2) for number in place] for place in drag.points]
    return {
        "side": pixels.shape[1],
        "channels": pixels.shape[3],
        "pixels": _text(pixels),
        "points": points,
        "arrived": drag.arrived,
        "stuck": drag.stuck,
    }


def advance(
    loaded: LoadedGenerator, question: str, z: np.ndarray | None = None, edits: str = "", *_: object
) -> bool:
    """Make some of the steps of pulls that a question needs, and no more, as others wait; whether that is all."""
    if question not in ("picture", "pull", "film") or z is None:
        return True
    with single_thread():
        return loaded.look.advance(torch.from_numpy(z), edits, STEPS)


def film(
    loaded: LoadedGenerator, z: np.ndarray, edits: str, layer: object, part: str, count: object
) -> dict:
    """How that picture is built (`gan.inside.look.Look.film`)."""
    with single_thread():
        return _film(loaded.look.film(torch.from_numpy(z), edits, layer, part, count))


def _film(film: Film) -> dict:
    return {
        "guesses": [
            {"side": guess.shape[0], "pixels": _text(guess)} for guess in film.guesses
        ],
        "units": [
            {
                "unit": one.unit,
                "strength": round(one.strength, 4),
                "part": one.part,
                "iou": round(one.iou, 3),
                "side": one.pixels.shape[0],
                "pixels": _text(one.pixels),
            }
            for one in film.units
        ],
    }  # fmt: skip


def mix(
    loaded: LoadedGenerator, columns: np.ndarray, rows: np.ndarray, share: object, level: object
) -> np.ndarray:
    """All mixtures of latents (`gan.inside.mixing.matrix`), uint8 (B · A, size, size, channels)."""
    with single_thread():
        generator = loaded.look.inside.generator
        return to_uint8(
            matrix(generator, torch.from_numpy(columns), torch.from_numpy(rows), share, level)
        )


def _text(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.tobytes()).decode()


def find_scores(loaded: LoadedGenerator) -> list[UnitScore]:
    """Which units draw which part; by a copy, as another thread may look into the generator meanwhile."""
    with single_thread():
        return Look(loaded.generator, loaded.folder).scores


def use_scores(loaded: LoadedGenerator, scores: list[UnitScore]) -> dict:
    """Have a generator painted with these, which were found for it, perhaps before it was loaded anew."""
    loaded.look.scores = scores
    return {"parts": names_of(scores)}


def critic(loaded: LoadedGenerator, drawn: np.ndarray, z: np.ndarray, seed: int) -> dict:
    """What the generator's discriminator says of its picture of z, uint8 (1, size, size, channels), and of a real one
    that no run trains on, where these are drawn."""
    d, config = loaded.discriminator, training_config_of(str(loaded.folder))
    with single_thread():
        label = int(loaded.generator.classes_of(torch.from_numpy(z))) if loaded.generator.classes else 0
        fake = judged(d, torch.from_numpy(drawn).permute(0, 3, 1, 2), label)
        real = _judged_real(loaded, config.data, seed % REAL) if config.data in DRAWN else None
    return {"fake": fake, "real": real, "odds": method_of(config).loss in LOG_ODDS}


def _judged_real(loaded: LoadedGenerator, data: str, place: int) -> dict:
    """What is said of a real picture; kept, as page after page shows the same."""
    if place not in loaded.judged:
        d = loaded.discriminator
        images = load_images(data, d.size, d.channels, REAL, seed=UNSEEN)
        label = 0 if images.labels is None else int(images.labels[place])
        loaded.judged[place] = judged(d, images.pixels[place : place + 1], label)
    return loaded.judged[place]


def critic_of_drawing(loaded: LoadedGenerator, pixels: bytes) -> dict:
    """What the generator's discriminator says of a picture that somebody drew: size · size · channels bytes."""
    d = loaded.discriminator
    shape = d.size, d.size, d.channels
    if len(pixels) != math.prod(shape):
        raise ValueError(f"The drawing must have {'×'.join(map(str, shape))} bytes.")
    with single_thread():
        return {
            "own": judged_alone(
                d, torch.from_numpy(np.frombuffer(pixels, np.uint8).reshape(shape).copy())
            )
        }


def judged_alone(d: Discriminator, pixels: Tensor) -> dict:
    """What d says of a picture of unknown class, uint8 (S, S, C): as of the class that it finds most real."""
    picture = pixels.permute(2, 0, 1)[None]
    return judged(d, picture, likeliest_class(d, to_float(picture)))


def judged(d: Discriminator, pixels: Tensor, label: int) -> dict:
    """What d says of a picture, uint8 (1, C, S, S), as of class `label` where it is conditional."""
    judge, picture = critic_of(d, label), to_float(pixels)[0]
    grey = torch.zeros_like(picture)
    saliency = integrated_gradients(judge, picture, grey)
    return {
        "side": d.size,
        "logit": round(saliency.logit, 4),
        "grey": round(saliency.baseline, 4),
        "missing": round(saliency.missing, 5),
        "steps": saliency.steps,
        "adds": _map(saliency.pixels),
        "hides": _map(occlusion(judge, picture, grey)),
        "pixels": _text(pixels[0].permute(1, 2, 0).contiguous().numpy()),
        "stages": [
            {
                "side": stage.side,
                "units": stage.units,
                "shown": stage.shown,
                "maps": [_text(each.contiguous().numpy()) for each in stage.maps],
            }
            for stage in stages_seen(d, picture, label)
        ],
    }


def _map(values: Tensor) -> str:
    """Signed numbers as int8, 127 the largest."""
    return _text((values / values.abs().max().clamp(min=1e-12) * 127).round().to(torch.int8).numpy())


QUESTIONS: dict[str, Callable] = {each.__name__: each for each in (facts, picture, pull, film, mix)}
CRITIC_QUESTIONS: dict[str, Callable] = {each.__name__: each for each in (critic, critic_of_drawing)}
